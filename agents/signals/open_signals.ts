import type { Bias } from "../../lib/contracts/pattern.ts";
import type { Side } from "../../lib/contracts/primitives.ts";
import type { HeardSignal } from "./sources.ts";

/** A wish of a source that still stands. */
interface OpenSignal {
  sourceId: string;
  side: Side;
  /** Last candle on which it counts; null for no end. */
  expireAfterSeq: number | null;
}

/** State of {@link OpenSignals}. */
export type OpenSignalsSnapshot = readonly OpenSignal[];

/** What sources want now: of each source the newest wish for each side, until it expires or is taken back. */
export class OpenSignals {
  #open: OpenSignal[] = [];

  /** Takes signals in the order in which they were made. */
  take(heard: readonly HeardSignal[]): void {
    for (const { sourceId, signal } of heard) {
      const { side } = signal;
      this.#open = this.#open.filter((known) =>
        known.sourceId !== sourceId || known.side !== side
      );
      if (signal.kind === "exit") continue;
      const { expireAfterSeq } = signal;
      this.#open.push({ sourceId, side, expireAfterSeq });
    }
  }

  /** Why nobody but the models wants a trade on this side, in one sentence; null where a source does. */
  objection(bias: Bias, seq: number): string | null {
    this.#open = this.#open.filter(({ expireAfterSeq }) =>
      expireAfterSeq === null || expireAfterSeq >= seq
    );
    const side: Side = bias > 0 ? "buy" : "sell";
    return this.#open.some((open) => open.side === side)
      ? null
      : `No source would ${side} now`;
  }

  snapshot(): OpenSignalsSnapshot {
    return this.#open.map((open) => ({ ...open }));
  }

  restore(snapshot: OpenSignalsSnapshot): void {
    this.#open = snapshot.map((open) => ({ ...open }));
  }
}
