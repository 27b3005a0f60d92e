import type { KvFault } from "./faults.ts";
import type { MemoryState } from "./memory_state.ts";

/** What a watch needs of its connection. */
export interface WatchOptions {
  keys: readonly Deno.KvKey[];
  /** Runs a step later, unless the connection was cut. */
  schedule: (step: () => void) => void;
  /** Asked before a change is told. */
  onEvent: () => KvFault;
  /** Called once, when the watch has ended. */
  onEnd: () => void;
}

type Entries = readonly Deno.KvEntryMaybe<unknown>[];

/**
 * Watches keys: their entries as they are now, then after changes. Changes
 * that come before the reader has taken the last one are told as one.
 */
export class StateWatch {
  readonly stream: ReadableStream<Entries>;
  readonly #state: MemoryState;
  readonly #options: WatchOptions;
  readonly #listener: { close(): void };
  #control!: ReadableStreamDefaultController<Entries>;
  #told: string | null = null;
  #isWanted = false;
  #isScheduled = false;
  #isEnded = false;

  constructor(state: MemoryState, options: WatchOptions) {
    this.#state = state;
    this.#options = options;
    this.#listener = state.listen(() => this.#arm());
    this.stream = new ReadableStream<Entries>({
      start: (control) => {
        this.#control = control;
      },
      pull: () => {
        this.#isWanted = true;
        this.#arm();
      },
      cancel: () => this.silence(),
    }, { highWaterMark: 0 });
  }

  /** Ends the stream, as a close of the connection does. */
  end(): void {
    if (this.#stop()) this.#control.close();
  }

  /** Breaks the stream. */
  fail(error: Error): void {
    if (this.#stop()) this.#control.error(error);
  }

  /** Tells nothing more, as over a half-open link. */
  silence(): void {
    this.#stop();
  }

  #arm(): void {
    if (this.#isEnded || !this.#isWanted || this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.schedule(() => this.#tell());
  }

  #tell(): void {
    this.#isScheduled = false;
    if (this.#isEnded) return;
    const entries = this.#options.keys.map((key) => this.#state.get(key));
    const versions = entries.map(({ versionstamp }) => versionstamp).join();
    if (versions === this.#told) return;
    const fault = this.#options.onEvent();
    if (fault.outcome === "fail") {
      return this.fail(new TypeError(fault.message ?? "The watch broke"));
    }
    // A change that was lost on the way counts as told: it does not come again.
    this.#told = versions;
    if (fault.outcome === "hang") return;
    this.#isWanted = false;
    this.#control.enqueue(entries);
  }

  #stop(): boolean {
    if (this.#isEnded) return false;
    this.#isEnded = true;
    this.#listener.close();
    this.#options.onEnd();
    return true;
  }
}
