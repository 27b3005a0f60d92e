import type { Market } from "../market/market.ts";
import { applyFill } from "../money/positions.ts";
import { magnitude, times } from "../money/units.ts";
import { Refusal } from "../refusal.ts";
import { type FuturesAccount, MARGIN_ASSET } from "./futures_account.ts";
import type { Order } from "./order.ts";
import type { Charge, Fill, Settlement } from "./settlement.ts";
import type { FeeRates } from "./spot_settlement.ts";

/** More than anybody can hold. */
const UNBOUNDED = 10n ** 30n;

/** Perpetuals: fees and profits go to the margin wallet, in its currency. */
export class FuturesSettlement implements Settlement {
  readonly #account: FuturesAccount;
  readonly #rates: FeeRates;
  readonly #now: () => number;

  constructor(
    account: FuturesAccount,
    { rates, now }: { rates: FeeRates; now: () => number },
  ) {
    this.#account = account;
    this.#rates = rates;
    this.#now = now;
  }

  admit(order: Order, market: Market): void {
    if (order.type === "LIQUIDATION") return;
    if (order.reduceOnly) {
      if (this.#reducible(order) > 0n) return;
      throw new Refusal(-2022, "ReduceOnly Order is rejected.");
    }
    const price = order.price > 0n ? order.price : market.top.ask;
    if (this.#account.marginFor(order, price) > this.#account.available()) {
      throw new Refusal(-2019, "Margin is insufficient.");
    }
  }

  affordable(order: Order): bigint {
    return order.reduceOnly ? this.#reducible(order) : UNBOUNDED;
  }

  settle(order: Order, fill: Fill): Charge {
    const position = this.#account.position(order.symbol);
    const sign = order.side === "BUY" ? 1n : -1n;
    const realized = applyFill(position, {
      signedQuantity: sign * fill.quantity,
      price: fill.price,
    });
    position.updatedAt = this.#now();
    const why = `trade ${fill.tradeId}`;
    const { ledger } = this.#account;
    ledger.settle({
      asset: MARGIN_ASSET,
      amount: realized,
      from: "market",
      to: "wallet",
      why,
    });
    const rate = fill.isMaker ? this.#rates.maker : this.#rates.taker;
    const fee = times(times(fill.quantity, fill.price), rate);
    ledger.move({
      asset: MARGIN_ASSET,
      amount: fee,
      from: "wallet",
      to: "fees",
      why,
    });
    return { fee, feeAsset: MARGIN_ASSET, realized };
  }

  release(): void {
    // Perpetuals hold nothing back: open orders count in the margin as long as they are open.
  }

  assetsOf(): string[] {
    return [MARGIN_ASSET];
  }

  #reducible(order: Order): bigint {
    const { quantity } = this.#account.position(order.symbol);
    const isOpposite = quantity !== 0n &&
      (quantity > 0n) !== (order.side === "BUY");
    return isOpposite ? magnitude(quantity) : 0n;
  }
}
