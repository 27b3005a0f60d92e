import type { Market } from "../market/market.ts";
import type { Ledger } from "../money/ledger.ts";
import { least, over, times } from "../money/units.ts";
import { Refusal } from "../refusal.ts";
import { isPriced, isStop, type Order } from "./order.ts";
import type { Charge, Fill, Settlement } from "./settlement.ts";

/** Rates of the spot half. */
export interface FeeRates {
  maker: bigint;
  taker: bigint;
}

/** Spot: orders lock what they may cost, buyers pay their fee in the base currency and sellers in the quote currency. */
export class SpotSettlement implements Settlement {
  readonly #ledger: Ledger;
  readonly #rates: FeeRates;

  constructor(ledger: Ledger, rates: FeeRates) {
    this.#ledger = ledger;
    this.#rates = rates;
  }

  admit(order: Order, market: Market): void {
    const asset = paidAsset(order);
    const amount = this.#cost(order, market);
    if (this.#ledger.balance("free", asset) < amount) {
      throw new Refusal(
        -2010,
        "Account has insufficient balance for requested action.",
      );
    }
    this.#ledger.move({
      asset,
      amount,
      from: "free",
      to: "locked",
      why: `order ${order.id}`,
    });
    order.hold = { asset, amount };
  }

  affordable(order: Order, price: bigint): bigint {
    const asset = paidAsset(order);
    const funds = (order.hold?.amount ?? 0n) +
      this.#ledger.balance("free", asset);
    return order.side === "BUY" ? over(funds, price) : funds;
  }

  settle(order: Order, fill: Fill): Charge {
    const { spec, side } = order;
    const quote = times(fill.quantity, fill.price);
    const isBuy = side === "BUY";
    const why = `trade ${fill.tradeId}`;
    this.#pay(order, isBuy ? quote : fill.quantity, why);
    const feeAsset = isBuy ? spec.base : spec.quote;
    const received = isBuy ? fill.quantity : quote;
    const rate = fill.isMaker ? this.#rates.maker : this.#rates.taker;
    const fee = times(received, rate);
    this.#ledger.move({
      asset: feeAsset,
      amount: received,
      from: "market",
      to: "free",
      why,
    });
    this.#ledger.move({
      asset: feeAsset,
      amount: fee,
      from: "free",
      to: "fees",
      why,
    });
    return { fee, feeAsset, realized: 0n };
  }

  release(order: Order): void {
    const { hold } = order;
    if (hold === null) return;
    this.#ledger.move({
      asset: hold.asset,
      amount: hold.amount,
      from: "locked",
      to: "free",
      why: `end of order ${order.id}`,
    });
    hold.amount = 0n;
  }

  assetsOf(order: Order): string[] {
    return [order.spec.base, order.spec.quote];
  }

  #cost(order: Order, market: Market): bigint {
    if (order.side === "SELL") return order.quantity;
    const price = isPriced(order.type)
      ? order.price
      : isStop(order.type)
      ? order.stopPrice
      : market.top.ask;
    return times(order.quantity, price);
  }

  /** From what the order holds, then from what is free. */
  #pay(order: Order, amount: bigint, why: string): void {
    const asset = paidAsset(order);
    const held = least(amount, order.hold?.amount ?? 0n);
    this.#ledger.move({
      asset,
      amount: held,
      from: "locked",
      to: "market",
      why,
    });
    if (order.hold !== null) order.hold.amount -= held;
    this.#ledger.move({
      asset,
      amount: amount - held,
      from: "free",
      to: "market",
      why,
    });
  }
}

function paidAsset(order: Order): string {
  return order.side === "BUY" ? order.spec.quote : order.spec.base;
}
