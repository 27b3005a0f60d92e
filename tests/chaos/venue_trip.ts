// @ts-types="@types/big.js"
import Big from "big.js";
import type { JournalLine } from "./journal_reader.ts";
import type { FoldedTrade } from "./ledger.ts";

/** A round trip at a venue while it is open: entered and left in as many fills as the venue makes. */
export class VenueTrip {
  readonly intentId: string;
  readonly isLong: boolean;
  readonly #entrySeq: number;
  open = new Big(0);
  funding = new Big(0);
  /** What the open quantity was entered for. */
  #cost = new Big(0);
  #entered = new Big(0);
  #enteredValue = new Big(0);
  #exited = new Big(0);
  #exitedValue = new Big(0);
  #gain = new Big(0);
  #fees = new Big(0);

  /** Begins with its first fill, which is still to be taken. */
  constructor({ intentId, side, seq }: JournalLine) {
    this.intentId = intentId;
    this.isLong = side === "buy";
    this.#entrySeq = seq;
  }

  /** Takes a fill; answers with what it won before fees, and whether it was for more than is held. */
  take(
    { side, quantity: text, price, fee }: JournalLine,
  ): { gain: Big; isTurned: boolean } {
    const quantity = new Big(text);
    const value = quantity.times(price);
    this.#fees = this.#fees.plus(fee);
    if (this.isLong === (side === "buy")) {
      this.open = this.open.plus(quantity);
      this.#cost = this.#cost.plus(value);
      this.#entered = this.#entered.plus(quantity);
      this.#enteredValue = this.#enteredValue.plus(value);
      return { gain: new Big(0), isTurned: false };
    }
    const isTurned = quantity.gt(this.open);
    const cost = this.#cost.times(quantity).div(this.open);
    const gain = value.minus(cost).times(this.isLong ? 1 : -1);
    this.open = this.open.minus(quantity);
    this.#cost = this.#cost.minus(cost);
    this.#exited = this.#exited.plus(quantity);
    this.#exitedValue = this.#exitedValue.plus(value);
    this.#gain = this.#gain.plus(gain);
    return { gain, isTurned };
  }

  /** Gives up what is open; answers with what was lost: what it was entered for. */
  giveUp(price: string): Big {
    const lost = this.#cost;
    this.#gain = this.#gain.minus(lost);
    if (this.#exited.eq(0)) {
      this.#exited = this.open;
      this.#exitedValue = this.open.times(price);
    }
    this.open = new Big(0);
    return lost;
  }

  /** The whole trip, once it is flat. */
  close(exitSeq: number): FoldedTrade {
    return {
      intentId: this.intentId,
      direction: this.isLong ? "long" : "short",
      quantity: this.#entered.toFixed(),
      entryPrice: this.#enteredValue.div(this.#entered).toFixed(),
      exitPrice: this.#exitedValue.div(this.#exited).toFixed(),
      entrySeq: this.#entrySeq,
      exitSeq,
      fees: this.#fees.toFixed(),
      netPnl: this.#gain.minus(this.#fees).minus(this.funding).toFixed(),
    };
  }
}
