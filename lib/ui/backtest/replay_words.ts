/** What passes between desk and agent, in plain words. */
import type {
  DeskAction,
  DeskEvent,
  EntryOrder,
} from "../../contracts/order.ts";
import {
  formatDecimal,
  formatPercent,
  formatPrice,
  formatQuantity,
} from "../format.ts";
import { strategyShort } from "../strategy_words.ts";

/** What the desk says happened. */
export function eventWord(event: DeskEvent): string {
  switch (event.type) {
    case "OrderAccepted": {
      const { role, side, type, price, quantity } = event.order;
      return `Accepted: ${role} ${side} ${formatQuantity(quantity)}${
        price === null ? " at market" : ` at ${formatPrice(price)} (${type})`
      }`;
    }
    case "OrderDenied":
      return `Denied (${event.code}): ${event.detail}`;
    case "OrderFilled": {
      const { role, side, price, quantity, fee, liquidity } = event.fill;
      return `Filled: ${role} ${side} ${formatQuantity(quantity)} at ${
        formatPrice(price)
      }, fee ${formatDecimal(fee)} (${liquidity})`;
    }
    case "OrderCanceled":
      return `Withdrawn: ${event.role}, ${event.reason}`;
    case "PositionClosed": {
      const { direction, netPnl, resultR, exitRole } = event.trade;
      return `Closed: ${direction} by ${exitRole}, ${
        formatDecimal(netPnl, { signed: true })
      } (${formatDecimal(resultR, { signed: true })} R)`;
    }
    case "StopMoveDenied":
      return `The stop stays (${event.code}): ${event.detail}`;
    case "RepriceDenied":
      return `The order stays at its price (${event.code}): ${event.detail}`;
    case "TradingStateChanged":
      return `Trading is ${event.to}: ${event.reason}`;
  }
}

/** What the agent asks for. */
export function actionWord(action: DeskAction): string {
  switch (action.kind) {
    case "submit": {
      const { side, entry, stopPrice, targetPrice, riskPct, strategy } =
        action.intent;
      return `${strategyShort(strategy)}: ${side} ${entryWord(entry)}, stop ${
        formatPrice(stopPrice)
      }, ${
        targetPrice === null
          ? "no target"
          : `target ${formatPrice(targetPrice)}`
      }, risk ${formatPercent(riskPct, { digits: 1, maxDigits: 2 })}`;
    }
    case "moveStop":
      return `Move the stop to ${
        formatPrice(action.stopPrice)
      }: ${action.reason}`;
    case "cancel":
      return `Withdraw the entry: ${action.reason}`;
    case "part":
      return `Send part ${action.part + 1}: ${entryWord(action.entry)}`;
    case "reprice":
      return `Move the order to ${formatPrice(action.price)}: ${action.reason}`;
    case "close":
      return `Close the position: ${action.reason}`;
  }
}

function entryWord(entry: EntryOrder): string {
  switch (entry.type) {
    case "market":
      return "at market";
    case "limit":
      return `at ${formatPrice(entry.price)}${
        entry.postOnly === true ? " (post-only)" : ""
      }`;
    case "stop":
      return `by a stop at ${formatPrice(entry.price)}`;
  }
}

/** Why the agent asked for it, most important first. */
export function reasonsOf(action: DeskAction): readonly string[] {
  return action.kind === "submit" ? action.intent.reasons : [];
}
