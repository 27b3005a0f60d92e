/** Reads the event stream through every death of the server, as a browser does: from the last number on. */
import { pause } from "./client.ts";
import { RECONNECT_MS } from "./limits.ts";

const TOPICS = "agent:update,logs:all,trade:alert,system:event";

/** What is remembered of one event. */
export interface SeenEvent {
  seq: number;
  type: string;
  /** `<agent id> <trade id>` of an announced trade. */
  trade: string | null;
}

/** Events by their number. */
export class EventRecord {
  readonly events = new Map<number, SeenEvent>();
  /** Numbers that came twice on the way. */
  readonly repeated: number[] = [];
  lastSeq = 0;

  add(text: string): void {
    const event = JSON.parse(text);
    if (typeof event.seq !== "number" || !("data" in event)) return;
    const { seq, type, data } = event;
    if (this.events.has(seq)) this.repeated.push(seq);
    this.events.set(seq, {
      seq,
      type,
      trade: type === "trade.closed"
        ? `${data.agentId} ${data.trade.tradeId}`
        : null,
    });
    this.lastSeq = Math.max(this.lastSeq, seq);
  }
}

/** How to follow. */
export interface FollowOptions {
  url: string;
  /** An access token that works now. */
  token: () => Promise<string>;
  record: EventRecord;
  signal: AbortSignal;
}

/** Follows until `signal` aborts, through every lost connection. */
export async function followEvents(options: FollowOptions): Promise<void> {
  while (!options.signal.aborted) {
    try {
      // deno-lint-ignore no-await-in-loop -- one connection after the other
      await readStream(options);
    } catch {
      // The server died, or is not there yet.
    }
    // deno-lint-ignore no-await-in-loop -- as above
    await pause(RECONNECT_MS);
  }
}

/** Reads one connection to its end, from the last number on. */
async function readStream(options: FollowOptions): Promise<void> {
  const { url, token, record, signal } = options;
  const response = await fetch(
    `${url}/api/stream?topics=${TOPICS}&after=${record.lastSeq}`,
    { headers: { authorization: `Bearer ${await token()}` }, signal },
  );
  if (!response.ok) {
    await response.body?.cancel();
    return;
  }
  const texts = response.body!.pipeThrough(new TextDecoderStream());
  await readBlocks({ reader: texts.getReader(), record, signal });
}

/** Reads until the connection ends or `signal` aborts. */
async function readBlocks({ reader, record, signal }: {
  reader: ReadableStreamDefaultReader<string>;
  record: EventRecord;
  signal: AbortSignal;
}): Promise<void> {
  // After some dozens of requests with the same signal, Deno 2.9.6 does not end the body on abort.
  const end = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", end, { once: true });
  try {
    let rest = "";
    while (true) {
      // deno-lint-ignore no-await-in-loop -- one piece after the other
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop()!;
      for (const block of blocks) addBlock(block, record);
    }
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function addBlock(block: string, record: EventRecord): void {
  const data = block.split("\n").filter((line) => line.startsWith("data:"))
    .map((line) => line.slice("data:".length)).join("\n");
  if (data !== "") record.add(data);
}
