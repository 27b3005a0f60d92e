import type { TimeSource } from "../../core/time.ts";
import type { EpochMs } from "../../contracts/primitives.ts";

/** Bytes of the memory behind a silence. */
const BYTES = 8;

/**
 * Until when a venue wants to hear nothing from this address. Feed and desk of a
 * venue are workers of their own, and each of them may be told; the memory is
 * shared, so that neither asks within the other's silence.
 */
export class SharedSilence {
  readonly memory: SharedArrayBuffer;
  readonly #untilMs: BigInt64Array;
  readonly #time: Pick<TimeSource, "nowMs">;

  constructor(
    memory: SharedArrayBuffer,
    time: Pick<TimeSource, "nowMs">,
  ) {
    this.memory = memory;
    this.#untilMs = new BigInt64Array(memory);
    this.#time = time;
  }

  /** A silence that has not begun, or that an earlier process knew of. */
  static create(
    time: Pick<TimeSource, "nowMs">,
    untilMs: EpochMs | null = null,
  ): SharedSilence {
    const silence = new SharedSilence(new SharedArrayBuffer(BYTES), time);
    if (untilMs !== null) silence.extendTo(untilMs);
    return silence;
  }

  /** Wall time of its end, also of one that is over; null where there was none. */
  get untilMs(): EpochMs | null {
    const until = Number(Atomics.load(this.#untilMs, 0));
    return until === 0 ? null : until;
  }

  /** How long it lasts from now on; 0 where nothing is to be kept. */
  restMs(): number {
    return Math.max(0, (this.untilMs ?? 0) - this.#time.nowMs());
  }

  /** The venue wants silence for so long; the longest of all wishes counts. */
  begin(ms: number): void {
    this.extendTo(this.#time.nowMs() + ms);
  }

  /** The same, by the wall time of its end. */
  extendTo(untilMs: EpochMs): void {
    const wanted = BigInt(Math.ceil(untilMs));
    let known = Atomics.load(this.#untilMs, 0);
    // Another worker may write meanwhile; each turn either wins or sees a later end.
    while (known < wanted) {
      const before = Atomics.compareExchange(this.#untilMs, 0, known, wanted);
      if (before === known) return;
      known = before;
    }
  }
}
