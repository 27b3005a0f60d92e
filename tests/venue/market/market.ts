import { floorTo, units } from "../money/units.ts";
import type { MarketSpec } from "./specs.ts";

/** What stands at the top of the book, in quote currency, if a test names no size. */
const DEFAULT_DEPTH = units("500000");

/** Best prices and sizes. */
export interface Top {
  bid: bigint;
  ask: bigint;
  bidSize: bigint;
  askSize: bigint;
}

/** Prices of one market. The book is one level deep: what is shown is what can be traded. */
export class Market {
  readonly spec: MarketSpec;
  top: Top;
  last: bigint;
  /** Mark price; null follows the last price. */
  #mark: bigint | null = null;
  /** Grows with every change of the book, as Binance's update ids do. */
  updateId = 1_000;

  constructor(spec: MarketSpec, price: bigint) {
    this.spec = spec;
    this.last = floorTo(price, spec.tick);
    this.top = this.#around(this.last);
  }

  get mark(): bigint {
    return this.#mark ?? this.last;
  }

  set mark(price: bigint | null) {
    this.#mark = price;
  }

  /** Moves last price and book; sizes are full again. */
  moveTo(price: bigint): void {
    this.last = floorTo(price, this.spec.tick);
    this.setTop(this.#around(this.last));
  }

  /** Sets what stands in the book; the last price moves to its nearer side if it was outside. */
  setTop(top: Top): void {
    this.top = { ...top };
    if (this.last < top.bid) this.last = top.bid;
    if (this.last > top.ask) this.last = top.ask;
    this.updateId++;
  }

  /** Takes size from the side that an aggressive order of `side` trades with. */
  take(side: "BUY" | "SELL", quantity: bigint): void {
    if (side === "BUY") this.top.askSize -= quantity;
    else this.top.bidSize -= quantity;
    this.updateId++;
  }

  #around(price: bigint): Top {
    const { tick, step } = this.spec;
    const size = floorTo(
      DEFAULT_DEPTH * units("1") / (price === 0n ? tick : price),
      step,
    );
    return {
      bid: price - tick > 0n ? price - tick : tick,
      ask: price + tick,
      bidSize: size,
      askSize: size,
    };
  }
}
