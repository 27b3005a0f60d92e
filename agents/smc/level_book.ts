import type { Bias } from "../../lib/contracts/pattern.ts";
import { LIQUIDITY_LEVELS_LIMIT } from "./limits.ts";

/** State of a {@link LevelBook}; structured-cloneable. */
export interface LevelBookSnapshot {
  anchor: Float64Array;
  extreme: Float64Array;
  refSeq: Float64Array;
  refAt: Float64Array;
  lastMemberSeq: Float64Array;
  members: Float64Array;
  taken: Uint8Array;
}

/** A swing as a level sees it; the price is signed. */
export interface LevelMember {
  price: number;
  seq: number;
}

/**
 * Live levels of one side in preallocated columns, in the order of their first
 * swings. Prices are signed (multiplied by the bias), so that price reaches a
 * level from below on both sides.
 */
export class LevelBook {
  readonly bias: Bias;
  count = 0;
  /** Lowest price at which a level changes: while a candle stays at or below it, nothing happens. */
  trigger = Infinity;
  /** Oldest of the levels' newest members, for ageing. */
  oldestMemberSeq = Infinity;
  /** Price of the first member. */
  readonly anchor = new Float64Array(LIQUIDITY_LEVELS_LIMIT);
  /** Price of the most extreme member. */
  readonly extreme = new Float64Array(LIQUIDITY_LEVELS_LIMIT);
  readonly refSeq = new Float64Array(LIQUIDITY_LEVELS_LIMIT);
  readonly refAt = new Float64Array(LIQUIDITY_LEVELS_LIMIT);
  readonly lastMemberSeq = new Float64Array(LIQUIDITY_LEVELS_LIMIT);
  /** Zero members mark a level that is gone. */
  readonly members = new Float64Array(LIQUIDITY_LEVELS_LIMIT);
  /** 1 where price has been beyond the level: its orders are gone. */
  readonly taken = new Uint8Array(LIQUIDITY_LEVELS_LIMIT);

  constructor(bias: Bias) {
    this.bias = bias;
  }

  /** Starts a level with one swing, in the place of the oldest level when the book is full. */
  add(swing: LevelMember & { at: number }): void {
    if (this.count === LIQUIDITY_LEVELS_LIMIT) {
      this.markGone(0);
      this.compact();
    }
    const index = this.count++;
    this.anchor[index] = swing.price;
    this.extreme[index] = swing.price;
    this.refSeq[index] = swing.seq;
    this.refAt[index] = swing.at;
    this.lastMemberSeq[index] = swing.seq;
    this.members[index] = 1;
    this.taken[index] = 0;
    this.#refresh();
  }

  /** Adds a member to a level. */
  extend(index: number, swing: LevelMember): void {
    this.extreme[index] = Math.max(this.extreme[index]!, swing.price);
    this.lastMemberSeq[index] = swing.seq;
    this.members[index] = this.members[index]! + 1;
    // A new swing at the level brings new orders.
    this.taken[index] = 0;
    this.#refresh();
  }

  /** The level whose first swing is nearest to `price` and within `tolerance`, the newest among equals; −1 for none. */
  nearestAnchor(price: number, tolerance: number): number {
    let nearest = -1;
    let least = tolerance;
    for (let index = 0; index < this.count; index++) {
      const distance = Math.abs(price - this.anchor[index]!);
      if (distance <= least) {
        nearest = index;
        least = distance;
      }
    }
    return nearest;
  }

  /** The nearest level above a signed price that price has not taken; −1 for none. */
  nearestBeyond(price: number): number {
    let nearest = -1;
    for (let index = 0; index < this.count; index++) {
      const extreme = this.extreme[index]!;
      if (extreme <= price || this.taken[index] === 1) continue;
      if (nearest < 0 || extreme < this.extreme[nearest]!) nearest = index;
    }
    return nearest;
  }

  /** Marks a level for {@link compact}. */
  markGone(index: number): void {
    this.members[index] = 0;
  }

  /** Drops the marked levels, keeping the order of the others. */
  compact(): void {
    let to = 0;
    for (let from = 0; from < this.count; from++) {
      if (this.members[from] === 0) continue;
      if (to !== from) {
        this.anchor[to] = this.anchor[from]!;
        this.extreme[to] = this.extreme[from]!;
        this.refSeq[to] = this.refSeq[from]!;
        this.refAt[to] = this.refAt[from]!;
        this.lastMemberSeq[to] = this.lastMemberSeq[from]!;
        this.members[to] = this.members[from]!;
        this.taken[to] = this.taken[from]!;
      }
      to++;
    }
    this.count = to;
    this.#refresh();
  }

  #refresh(): void {
    let trigger = Infinity;
    let oldest = Infinity;
    for (let index = 0; index < this.count; index++) {
      const extreme = this.extreme[index]!;
      if (extreme < trigger) trigger = extreme;
      const lastMemberSeq = this.lastMemberSeq[index]!;
      if (lastMemberSeq < oldest) oldest = lastMemberSeq;
    }
    this.trigger = trigger;
    this.oldestMemberSeq = oldest;
  }

  snapshot(): LevelBookSnapshot {
    return {
      anchor: this.anchor.slice(0, this.count),
      extreme: this.extreme.slice(0, this.count),
      refSeq: this.refSeq.slice(0, this.count),
      refAt: this.refAt.slice(0, this.count),
      lastMemberSeq: this.lastMemberSeq.slice(0, this.count),
      members: this.members.slice(0, this.count),
      taken: this.taken.slice(0, this.count),
    };
  }

  restore(snapshot: LevelBookSnapshot): void {
    this.count = snapshot.members.length;
    this.anchor.set(snapshot.anchor);
    this.extreme.set(snapshot.extreme);
    this.refSeq.set(snapshot.refSeq);
    this.refAt.set(snapshot.refAt);
    this.lastMemberSeq.set(snapshot.lastMemberSeq);
    this.members.set(snapshot.members);
    this.taken.set(snapshot.taken);
    this.#refresh();
  }
}
