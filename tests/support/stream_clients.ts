/**
 * Many listeners of the live streams at once: healthy ones, which read and
 * check all they get, and stuck ones, which never read. Run as a program it
 * obeys commands on standard input, so that listeners and server do not share
 * an event loop.
 *
 * @module
 */
import { RawConnection } from "./raw_connection.ts";
import {
  type ListenTo,
  type ReadFrame,
  stampMs,
  StreamListener,
} from "./stream_listener.ts";

/** Which listeners, and what they listen to. */
export interface ListenersSpec extends ListenTo {
  healthy: number;
  stuck: number;
  stuckTopics: string;
}

/** What the healthy listeners have seen since the last report. */
export interface ListenersReport {
  /** Milliseconds from the stamp in an event's message until it was read. */
  latency: { n: number; p50: number; p99: number; max: number };
  /** Stored events, of the listener with the fewest and of the one with the most. */
  received: { least: number; most: number };
  /** Events that came twice or out of order, by their sequence. */
  unordered: number;
  /** Last words and close codes of listeners that were closed. */
  closed: string[];
}

/** Listeners of one user: less than half of what the hub allows, so that one whose old connection is not gone yet may come back. */
const LISTENERS_PER_USER = 2;
/** Connections opened at the same time: more would only wait in the server's backlog. */
const CONNECT_AT_ONCE = 50;

/** The listeners. */
export class StreamListeners {
  readonly #spec: ListenersSpec;
  readonly #listeners: StreamListener[];
  readonly #stuck: RawConnection[] = [];
  readonly #latencies: number[] = [];
  readonly #waiting = new Set<() => void>();

  private constructor(spec: ListenersSpec) {
    this.#spec = spec;
    const onFrame = (event: ReadFrame) => {
      if (event.stampMs !== null) {
        this.#latencies.push(stampMs() - event.stampMs);
      }
      for (const check of this.#waiting) check();
    };
    this.#listeners = Array.from(
      { length: spec.healthy },
      (_, index) =>
        new StreamListener({ ...spec, user: userOf(index), onFrame }),
    );
  }

  /** Connects all of them; the healthy ones have been greeted then. */
  static async connect(spec: ListenersSpec): Promise<StreamListeners> {
    const all = new StreamListeners(spec);
    for (let index = 0; index < spec.stuck; index++) {
      const query = `topics=${spec.stuckTopics}&user=${
        userOf(spec.healthy + LISTENERS_PER_USER + index)
      }`;
      // deno-lint-ignore no-await-in-loop -- one connection after the other
      all.#stuck.push(await RawConnection.open({ ...spec, query }));
    }
    await all.#inGroups((listener) => listener.connect(null));
    return all;
  }

  /** Resolves when every healthy listener has had everything up to `seq`. */
  reached(seq: number): Promise<void> {
    const late = new Set(this.#listeners);
    return new Promise((resolve) => {
      const check = () => {
        for (const listener of late) {
          if (listener.cursor < seq) return;
          late.delete(listener);
        }
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Figures since the last report. */
  report(): ListenersReport {
    const sorted = Float64Array.from(this.#latencies).sort();
    this.#latencies.length = 0;
    const at = (fraction: number) =>
      Number(
        (sorted[Math.floor(fraction * (sorted.length - 1))] ?? 0).toFixed(1),
      );
    const counts = this.#listeners.map(({ received }) => received);
    return {
      latency: { n: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) },
      received: { least: Math.min(...counts), most: Math.max(...counts) },
      unordered: this.#listeners.reduce((sum, one) => sum + one.unordered, 0),
      closed: this.#listeners.flatMap(({ closedBecause }) =>
        closedBecause ?? []
      ),
    };
  }

  /** Cuts every healthy connection, all at once: what comes after is not heard. */
  cut(): void {
    for (const listener of this.#listeners) listener.cut();
  }

  /** Connects the healthy listeners again, all at once, each from the last event it has had. */
  async resume(url: string): Promise<void> {
    await Promise.all(
      this.#listeners.map((listener) => listener.connect(listener.cursor, url)),
    );
  }

  /** Reads the stuck connections to their ends: what each was told last, and its close code. */
  async lastWords(): Promise<string[]> {
    return await Promise.all(this.#stuck.map((one) => one.lastWords()));
  }

  /** Ends all of them. */
  close(): void {
    this.cut();
    for (const one of this.#stuck) one.close();
  }

  async #inGroups(
    run: (listener: StreamListener) => Promise<void>,
  ): Promise<void> {
    for (let from = 0; from < this.#listeners.length; from += CONNECT_AT_ONCE) {
      const group = this.#listeners.slice(from, from + CONNECT_AT_ONCE);
      // deno-lint-ignore no-await-in-loop -- a few at a time
      await Promise.all(group.map(run));
    }
  }
}

function userOf(index: number): string {
  return `usr_${Math.floor(index / LISTENERS_PER_USER)}`;
}

/** What a parent process may ask for: `[name, argument]` a line. */
const COMMANDS = {
  reached: (all: StreamListeners, seq: unknown) => all.reached(seq as number),
  report: (all: StreamListeners) => all.report(),
  cut: (all: StreamListeners) => all.cut(),
  resume: (all: StreamListeners, url: unknown) => all.resume(url as string),
  lastWords: (all: StreamListeners) => all.lastWords(),
  close: (all: StreamListeners) => all.close(),
};

/** Name of a command of the program. */
export type ListenersCommand = keyof typeof COMMANDS;

/** Connects as the first line says, then obeys the others; each is answered with a line. */
async function obey(): Promise<void> {
  let rest = "";
  let listeners: StreamListeners | null = null;
  const output = Deno.stdout.writable.getWriter();
  const input = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  for await (const text of input) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      let answer: unknown = null;
      if (listeners === null) {
        listeners = await StreamListeners.connect(JSON.parse(line));
      } else {
        const [name, argument] = JSON.parse(line);
        answer = await COMMANDS[name as ListenersCommand](listeners, argument);
      }
      await output.write(
        new TextEncoder().encode(`${JSON.stringify(answer ?? null)}\n`),
      );
    }
  }
}

if (import.meta.main) {
  await obey();
  Deno.exit();
}
