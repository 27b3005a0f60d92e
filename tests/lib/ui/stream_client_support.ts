/** A clock and a source of events for tests of the stream client. */
import type { StreamEnvelope } from "../../../lib/contracts/stream.ts";
import {
  type ConnectionState,
  StreamClient,
  type StreamClientOptions,
} from "../../../lib/ui/client/stream_client.ts";
import type { EventSourceLike } from "../../../lib/ui/client/stream_parts.ts";

/** A clock that moves only when told. */
export class FakeClock {
  time = 0;
  #timers: { at: number; run: () => void }[] = [];

  now = () => this.time;
  schedule = (ms: number, run: () => void) => {
    const timer = { at: this.time + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    while (true) {
      const next = this.#timers.filter(({ at }) => at <= end)
        .sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.time = next.at;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.run();
      // Refreshes are promises; each timer's work ends before the next one runs.
      // deno-lint-ignore no-await-in-loop -- in this order
      await settle();
    }
    this.time = end;
  }
}

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

export class FakeSource implements EventSourceLike {
  onmessage: EventSourceLike["onmessage"] = null;
  onerror: EventSourceLike["onerror"] = null;
  isClosed = false;
  readonly after: number;
  readonly url: string;

  constructor(query: string) {
    this.url = query;
    this.after = Number(new URLSearchParams(query).get("after"));
  }
  close() {
    this.isClosed = true;
  }
  send(frame: unknown) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

export function setup(options: Partial<StreamClientOptions> = {}) {
  const clock = new FakeClock();
  const sources: FakeSource[] = [];
  const states: ConnectionState[] = [];
  const applied: (number | null)[] = [];
  const refreshed: string[] = [];
  const client = new StreamClient({
    headSeq: 0,
    topics: [],
    open: (url) => {
      const source = new FakeSource(url);
      sources.push(source);
      return source;
    },
    clock,
    random: () => 0.5,
    refresh: (reason) => {
      refreshed.push(reason);
      return Promise.resolve("ok");
    },
    onEvent: (event) => applied.push(event.seq),
    onState: (state) => states.push(state),
    ...options,
  });
  const last = () => sources.at(-1)!;
  const state = () => states.at(-1)!;
  return { clock, sources, states, applied, refreshed, client, last, state };
}

export function event(seq: number | null): StreamEnvelope {
  return {
    v: 1,
    seq,
    topic: "agent:update",
    type: "agent.removed",
    at: "2026-01-01T00:00:00.000Z",
    data: { id: "agt_x" },
  };
}

export const hello = (seq = 0) => ({
  v: 1,
  type: "hello",
  seq,
  heartbeatMs: 15_000,
});
