import type { Bias } from "../../lib/contracts/pattern.ts";
import { ACTIVE_ZONES_LIMIT } from "./limits.ts";

/** How far a zone has come. */
export const ZONE_STAGE = {
  fresh: 0,
  touched: 1,
  crossed: 2,
  gone: 3,
} as const;

/** A zone to be added. */
export interface NewZone {
  top: number;
  bottom: number;
  refSeq: number;
  refAt: number;
  createdSeq: number;
  displaced: boolean;
}

/** A zone that was just made, for the strategies. */
export interface NewestZone {
  top: number;
  bottom: number;
  refSeq: number;
  displaced: boolean;
}

/** The newest zone of a book if it was made on candle `seq`, or null. */
export function newestZone(book: ZoneBook, seq: number): NewestZone | null {
  const index = book.count - 1;
  if (index < 0 || book.createdSeq[index] !== seq) return null;
  return {
    top: book.top(index),
    bottom: book.bottom(index),
    refSeq: book.refSeq[index]!,
    displaced: book.displaced[index] === 1,
  };
}

/** State of a {@link ZoneBook}; structured-cloneable. */
export interface ZoneBookSnapshot {
  near: Float64Array;
  far: Float64Array;
  refSeq: Float64Array;
  refAt: Float64Array;
  createdSeq: Float64Array;
  stage: Uint8Array;
  displaced: Uint8Array;
}

/**
 * Active price zones of one kind and one side, oldest first, in preallocated
 * columns.
 *
 * Prices are *signed*: multiplied by the bias, so that one piece of code reads
 * both sides. A bullish zone has near = top and far = bottom, a bearish one
 * near = −bottom and far = −top; price comes from above in both.
 */
export class ZoneBook {
  readonly bias: Bias;
  count = 0;
  readonly near = new Float64Array(ACTIVE_ZONES_LIMIT);
  readonly far = new Float64Array(ACTIVE_ZONES_LIMIT);
  readonly refSeq = new Float64Array(ACTIVE_ZONES_LIMIT);
  readonly refAt = new Float64Array(ACTIVE_ZONES_LIMIT);
  readonly createdSeq = new Float64Array(ACTIVE_ZONES_LIMIT);
  readonly stage = new Uint8Array(ACTIVE_ZONES_LIMIT);
  readonly displaced = new Uint8Array(ACTIVE_ZONES_LIMIT);

  constructor(bias: Bias) {
    this.bias = bias;
  }

  /** Whether the next zone would need the place of the oldest one. */
  get isFull(): boolean {
    return this.count === ACTIVE_ZONES_LIMIT;
  }

  top(index: number): number {
    return this.bias > 0 ? this.near[index]! : -this.far[index]!;
  }

  bottom(index: number): number {
    return this.bias > 0 ? this.far[index]! : -this.near[index]!;
  }

  /** Adds a fresh zone; the caller has made room. */
  add(zone: NewZone): void {
    const index = this.count++;
    this.near[index] = this.bias > 0 ? zone.top : -zone.bottom;
    this.far[index] = this.bias > 0 ? zone.bottom : -zone.top;
    this.refSeq[index] = zone.refSeq;
    this.refAt[index] = zone.refAt;
    this.createdSeq[index] = zone.createdSeq;
    this.stage[index] = ZONE_STAGE.fresh;
    this.displaced[index] = zone.displaced ? 1 : 0;
  }

  /** Whether an active zone marks this candle. Newest first: a repeat is nearly always the newest zone. */
  hasRef(refSeq: number): boolean {
    for (let index = this.count - 1; index >= 0; index--) {
      if (this.refSeq[index] === refSeq) return true;
    }
    return false;
  }

  /** Signed near edge of the untouched zone that price, coming from above, reaches first; −Infinity where there is none. */
  nearestFresh(): number {
    let nearest = -Infinity;
    for (let index = 0; index < this.count; index++) {
      const near = this.near[index]!;
      if (near > nearest && this.stage[index] === ZONE_STAGE.fresh) {
        nearest = near;
      }
    }
    return nearest;
  }

  /** Drops the zones that are marked as gone, keeping the order of the others. */
  compact(): void {
    let to = 0;
    for (let from = 0; from < this.count; from++) {
      if (this.stage[from] === ZONE_STAGE.gone) continue;
      if (to !== from) this.#move(from, to);
      to++;
    }
    this.count = to;
  }

  #move(from: number, to: number): void {
    this.near[to] = this.near[from]!;
    this.far[to] = this.far[from]!;
    this.refSeq[to] = this.refSeq[from]!;
    this.refAt[to] = this.refAt[from]!;
    this.createdSeq[to] = this.createdSeq[from]!;
    this.stage[to] = this.stage[from]!;
    this.displaced[to] = this.displaced[from]!;
  }

  snapshot(): ZoneBookSnapshot {
    return {
      near: this.near.slice(0, this.count),
      far: this.far.slice(0, this.count),
      refSeq: this.refSeq.slice(0, this.count),
      refAt: this.refAt.slice(0, this.count),
      createdSeq: this.createdSeq.slice(0, this.count),
      stage: this.stage.slice(0, this.count),
      displaced: this.displaced.slice(0, this.count),
    };
  }

  restore(snapshot: ZoneBookSnapshot): void {
    this.count = snapshot.stage.length;
    this.near.set(snapshot.near);
    this.far.set(snapshot.far);
    this.refSeq.set(snapshot.refSeq);
    this.refAt.set(snapshot.refAt);
    this.createdSeq.set(snapshot.createdSeq);
    this.stage.set(snapshot.stage);
    this.displaced.set(snapshot.displaced);
  }
}
