import type { EpochMs } from "../../contracts/primitives.ts";
import { OPEN_CANDLES_REMEMBERED } from "./limits.ts";

/** What the stream told of candles that are not closed here, to see whether the history is behind it. */
export class HeardCandles {
  /** Largest volume by open time. */
  readonly #volumes = new Map<EpochMs, number>();

  /** Open time of the newest candle; −Infinity without one. */
  get newestAt(): EpochMs {
    return Math.max(-Infinity, ...this.#volumes.keys());
  }

  hear(openAt: EpochMs, volume: number): void {
    this.#volumes.set(openAt, Math.max(volume, this.#volumes.get(openAt) ?? 0));
    while (this.#volumes.size > OPEN_CANDLES_REMEMBERED) {
      this.#volumes.delete(Math.min(...this.#volumes.keys()));
    }
  }

  /** Whether rows of the history lack trades that the stream told of candles that open before `untilAt`. */
  isMissingIn(rows: readonly (readonly number[])[], untilAt: EpochMs): boolean {
    const volumes = new Map(rows.map((row) => [row[0]!, row[5]!]));
    return [...this.#volumes].some(([openAt, volume]) =>
      openAt < untilAt && (volumes.get(openAt) ?? 0) < volume
    );
  }

  /** Forgets candles that open before; they are closed. */
  forgetUntil(nextAt: EpochMs): void {
    for (const openAt of this.#volumes.keys()) {
      if (openAt < nextAt) this.#volumes.delete(openAt);
    }
  }

  clear(): void {
    this.#volumes.clear();
  }
}
