import type { DeskEvent } from "../../../lib/contracts/order.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import { accountConfig, candle, type ConfigChange, submit } from "./support.ts";

export const DAY_MINUTES = 1440;

export function open(change: ConfigChange = {}): DeskAccount {
  return DeskAccount.open({ config: accountConfig(change) });
}

/** Opens a long of about 47.6 units at 100.02 on candle 1. */
export function openLong(change: ConfigChange = {}): DeskAccount {
  const account = open(change);
  account.step(candle(0, { close: 100 }));
  account.decide(submit(0, { stopPrice: 98, targetPrice: 110 }));
  account.step(candle(1, { close: 100 }));
  return account;
}

export function skip(account: DeskAccount, seq: number) {
  account.decide({ type: "decided", seq, actions: [] });
}

export function typesOf(events: readonly DeskEvent[]): string[] {
  return events.map((event) => {
    switch (event.type) {
      case "OrderAccepted":
        return `accepted ${event.order.role}`;
      case "OrderFilled":
        return `filled ${event.fill.role}`;
      case "OrderCanceled":
        return `canceled ${event.role}`;
      case "OrderDenied":
        return `denied ${event.code}`;
      case "StopMoveDenied":
        return `not moved ${event.code}`;
      case "RepriceDenied":
        return `not repriced ${event.code}`;
      case "PositionClosed":
        return `closed ${event.trade.exitRole}`;
      case "TradingStateChanged":
        return `${event.from} to ${event.to}`;
    }
  });
}
