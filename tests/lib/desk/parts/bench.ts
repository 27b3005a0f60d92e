import type { Candle } from "../../../../lib/contracts/candle.ts";
import type {
  DeskAction,
  DeskEvent,
  EntryOrder,
  OrderIntent,
} from "../../../../lib/contracts/order.ts";
import { DeskAccount } from "../../../../lib/desk/account/account.ts";
import type { JournalEntry } from "../../../../lib/desk/journal/records.ts";
import { typesOf } from "../open_account.ts";
import {
  accountConfig,
  candle,
  type ConfigChange,
  intent,
} from "../support.ts";

/**
 * A journaled account on candles. Prices are those of a buy; a bench of the
 * other side mirrors them at 100.
 */
export class PartsBench {
  readonly entries: JournalEntry[] = [];
  account: DeskAccount;
  seq = -1;
  readonly side: "buy" | "sell";

  constructor(side: "buy" | "sell" = "buy", change: ConfigChange = {}) {
    this.side = side;
    this.account = DeskAccount.open({
      config: accountConfig(change),
      sink: { append: (added) => void this.entries.push(...added) },
    });
    this.step({ close: 100 });
  }

  flip(price: number): number {
    return this.side === "buy" ? price : 200 - price;
  }

  /** The next candle, as prices of a buy. */
  step(prices: Partial<Candle> & { close: number }): readonly DeskEvent[] {
    this.seq++;
    const { close, open = close } = prices;
    const low = prices.low ?? Math.min(open, close);
    const high = prices.high ?? Math.max(open, close);
    const [one, other] = [this.flip(low), this.flip(high)];
    return this.account.step(candle(this.seq, {
      close: this.flip(close),
      open: this.flip(open),
      low: Math.min(one, other),
      high: Math.max(one, other),
    })).events;
  }

  /** Types of the events of the next candle. */
  told(prices: Partial<Candle> & { close: number }): string[] {
    return typesOf(this.step(prices));
  }

  /** The account decides on the last candle. */
  decide(...actions: DeskAction[]): void {
    this.account.decide({ type: "decided", seq: this.seq, actions });
  }

  entry(entry: EntryOrder): EntryOrder {
    return entry.type === "market"
      ? entry
      : { ...entry, price: this.flip(entry.price) };
  }

  /** An entry at 100 with a stop at 98 and no target, unless told otherwise. */
  submit(change: Partial<OrderIntent> = {}): void {
    this.decide({
      kind: "submit",
      intent: intent(this.seq, {
        side: this.side,
        targetPrice: null,
        ...change,
        entry: this.entry(change.entry ?? { type: "market" }),
        stopPrice: this.flip(change.stopPrice ?? 98),
        ...(typeof change.targetPrice === "number"
          ? { targetPrice: this.flip(change.targetPrice) }
          : {}),
      }),
    });
  }

  part(part: number, entry: EntryOrder, intentId = "0.0"): DeskAction {
    return { kind: "part", intentId, part, entry: this.entry(entry) };
  }

  reprice(part: number, price: number, intentId = "0.0"): DeskAction {
    return {
      kind: "reprice",
      intentId,
      part,
      price: this.flip(price),
      reason: "It follows the market",
    };
  }

  /** The account as its journal gives it back. */
  recover(): DeskAccount {
    return DeskAccount.recover(structuredClone(this.entries), {
      append: (added) => void this.entries.push(...added),
    });
  }
}
