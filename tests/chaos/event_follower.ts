/** Reads the event stream through every death of the server, as a browser does: from the last number on. */
import { createHash } from "node:crypto";
import { pause } from "./client.ts";
import { RECONNECT_MS } from "./limits.ts";

const TOPICS = "agent:update,logs:all,trade:alert,system:event";

/** What is remembered of one event. */
export interface SeenEvent {
  seq: number;
  type: string;
  agentId: string | null;
  /** Of a `trade.closed`. */
  tradeId: string | null;
  /** Hash of the whole event. */
  digest: string;
}

/** Events by their number; a number that comes twice must be the same event. */
export class EventRecord {
  readonly events = new Map<number, SeenEvent>();
  /** Numbers at which two different events were seen. */
  readonly changed: number[] = [];
  lastSeq = 0;

  add(text: string): void {
    const event = JSON.parse(text);
    if (event.v !== 1 || typeof event.seq !== "number" || !("data" in event)) {
      return;
    }
    const seen: SeenEvent = {
      seq: event.seq,
      type: event.type,
      agentId: event.data.agentId ?? event.data.id ?? null,
      tradeId: event.type === "trade.closed" ? event.data.trade.tradeId : null,
      digest: createHash("sha256").update(text).digest("base64"),
    };
    const before = this.events.get(seen.seq);
    if (before !== undefined && before.digest !== seen.digest) {
      this.changed.push(seen.seq);
    }
    this.events.set(seen.seq, seen);
    this.lastSeq = Math.max(this.lastSeq, seen.seq);
  }
}

/** How to read a stream. */
export interface FollowOptions {
  url: string;
  token: string;
  record: EventRecord;
  after: number;
  signal: AbortSignal;
  /** Called after each event; true ends the reading. */
  isDone?: () => boolean;
}

/** Reads one connection to its end. */
export async function readStream(options: FollowOptions): Promise<void> {
  const { url, token, record, after, signal, isDone } = options;
  const response = await fetch(
    `${url}/api/stream?topics=${TOPICS}&after=${after}`,
    { headers: { authorization: `Bearer ${token}` }, signal },
  );
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`The stream answered ${response.status}`);
  }
  let rest = "";
  const texts = response.body!.pipeThrough(new TextDecoderStream());
  for await (const text of texts) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop()!;
    for (const block of blocks) {
      const data = block.split("\n").filter((line) => line.startsWith("data:"))
        .map((line) => line.slice("data:".length)).join("\n");
      if (data !== "") record.add(data);
    }
    if (isDone?.()) return;
  }
}

/** Follows until `signal` aborts, through every lost connection. */
export async function followEvents(
  options: Omit<FollowOptions, "after" | "isDone">,
): Promise<void> {
  while (!options.signal.aborted) {
    try {
      // deno-lint-ignore no-await-in-loop -- one connection after the other
      await readStream({ ...options, after: options.record.lastSeq });
    } catch {
      // The server died, or is not there yet.
    }
    // deno-lint-ignore no-await-in-loop -- as above
    await pause(RECONNECT_MS);
  }
}
