/**
 * The sentences of an agent: log lines and the short texts of the fleet row.
 *
 * @module
 */
import type { DecisionView } from "../lib/contracts/chart.ts";
import type { AgentReport } from "../lib/contracts/log.ts";
import type {
  DeskAction,
  DeskEvent,
  Fill,
  OrderIntent,
  Trade,
} from "../lib/contracts/order.ts";
import type {
  LiquiditySource,
  PatternEvent,
} from "../lib/contracts/pattern.ts";
import type { EpochMs } from "../lib/contracts/primitives.ts";
import { moneyWords, priceWords, resultWords } from "./amount_words.ts";
import { strategyTitle } from "./setup_report.ts";
import { formatPrice, formatR } from "./strategies/setup.ts";

/** One line of a report. */
export type ReportLine = AgentReport["logs"][number];

/** "Buy limit at 48190.2: order block retest (2.3R)". */
export function describeIntent(intent: OrderIntent): string {
  const verb = intent.side === "buy" ? "Buy" : "Sell";
  const entry = intent.entry.type === "market"
    ? `${verb} at market`
    : `${verb} ${intent.entry.type} at ${formatPrice(intent.entry.price)}`;
  return `${entry}: ${strategyTitle(intent.strategy)}${planOf(intent)}`;
}

function planOf(intent: OrderIntent): string {
  if (intent.entry.type === "market" || intent.targetPrice === null) return "";
  const risk = Math.abs(intent.entry.price - intent.stopPrice);
  const reward = Math.abs(intent.targetPrice - intent.entry.price);
  return ` (${formatR(reward / risk)})`;
}

/** What became of a decision, for the fleet row; null where an event says nothing of one. */
export function describeOutcome(
  event: DeskEvent,
  decision: DecisionView | null,
): string | null {
  switch (event.type) {
    case "OrderDenied":
      return event.code === "INTENT_DUPLICATE"
        ? null
        : `Denied: ${event.detail}`;
    case "OrderFilled": {
      if (event.fill.role !== "entry") return null;
      const verb = event.fill.side === "buy" ? "Bought" : "Sold";
      const title = decision === null
        ? ""
        : `: ${strategyTitle(decision.strategy)}`;
      return `${verb} at ${priceWords(event.fill.price)}${title}`;
    }
    case "OrderCanceled":
      return event.role === "entry"
        ? `Withdrew the entry: ${event.reason}`
        : null;
    case "PositionClosed":
      return `Closed at ${resultWords(event.trade.resultR)}: ${
        strategyTitle(event.trade.strategy)
      }`;
    default:
      return null;
  }
}

/** Log line of a desk event, or null where it is no news. */
export function toDeskLine(
  event: DeskEvent,
  marketAt: EpochMs,
): ReportLine | null {
  switch (event.type) {
    case "OrderDenied":
      return {
        level: "warning",
        category: "risk",
        message: `Order denied: ${event.detail}`,
        marketAt,
        data: { intentId: event.intentId, code: event.code },
      };
    case "StopMoveDenied":
      return {
        level: "warning",
        category: "risk",
        message: `Stop not moved: ${event.detail}`,
        marketAt,
        data: { intentId: event.intentId, code: event.code },
      };
    case "OrderFilled":
      return fillLine(event.fill, marketAt);
    case "PositionClosed":
      return tradeLine(event.trade, marketAt);
    case "TradingStateChanged":
      return {
        level: event.to === "active" ? "info" : "warning",
        category: "risk",
        message:
          `Trading changed from ${event.from} to ${event.to}: ${event.reason}`,
        marketAt,
        data: { code: event.code },
      };
    default:
      return null;
  }
}

function fillLine(fill: Fill, marketAt: EpochMs): ReportLine {
  const verb = fill.side === "buy" ? "Bought" : "Sold";
  return {
    level: "trade",
    category: "trade",
    message: `${verb} ${fill.quantity} at ${
      priceWords(fill.price)
    } (${fill.role})`,
    marketAt,
    data: {
      intentId: fill.intentId,
      orderId: fill.orderId,
      side: fill.side,
      role: fill.role,
      quantity: fill.quantity,
      price: fill.price,
      fee: fill.fee,
      liquidity: fill.liquidity,
    },
  };
}

function tradeLine(trade: Trade, marketAt: EpochMs): ReportLine {
  return {
    level: "trade",
    category: "trade",
    message: `Closed ${trade.direction} ${trade.quantity} at ${
      priceWords(trade.exitPrice)
    } (${trade.exitRole}): net ${moneyWords(trade.netPnl)}, ${
      resultWords(trade.resultR)
    }`,
    marketAt,
    data: { tradeId: trade.tradeId, intentId: trade.intentId },
  };
}

/** Log line of a submitted entry. */
export function toIntentLine(
  intent: OrderIntent,
  marketAt: EpochMs,
): ReportLine {
  return {
    level: "info",
    category: "decision",
    message: `${describeIntent(intent)}, stop ${
      formatPrice(intent.stopPrice)
    }, ${
      intent.targetPrice === null
        ? "no target"
        : `target ${formatPrice(intent.targetPrice)}`
    }`,
    marketAt,
    data: { intentId: intent.intentId, reasons: intent.reasons },
  };
}

/** Log line of a withdrawn entry. */
export function toWithdrawalLine(
  action: { intentId: string; reason: string },
  marketAt: EpochMs,
): ReportLine {
  return {
    level: "info",
    category: "decision",
    message: `Withdraws the entry: ${action.reason}`,
    marketAt,
    data: { intentId: action.intentId },
  };
}

/** Log line of a notable pattern. */
export function toPatternLine(event: PatternEvent): ReportLine {
  return {
    level: "debug",
    category: "market",
    message: describePattern(event),
    marketAt: event.at,
  };
}

/** "Bullish order block 48150.1 to 48190.2". */
export function describePattern(event: PatternEvent): string {
  const side = event.bias > 0 ? "Bullish" : "Bearish";
  switch (event.kind) {
    case "structure":
      return `${side} ${
        event.stage === "choch" ? "change of character" : "break of structure"
      }${event.scale === "internal" ? " inside" : ""} at ${
        formatPrice(event.price)
      }`;
    case "order_block":
    case "fvg": {
      const name = event.kind === "fvg" ? "fair value gap" : "order block";
      return `${side} ${name} ${formatPrice(event.bottom)} to ${
        formatPrice(event.top)
      } ${event.stage}`;
    }
    case "liquidity":
      return `${LIQUIDITY_WORDS[event.source](event.bias > 0)} at ${
        formatPrice(event.price)
      } ${event.stage}`;
    case "swing":
      return `${event.scale === "swing" ? "Swing" : "Internal"} ${
        event.bias > 0 ? "high" : "low"
      } at ${formatPrice(event.price)} ${event.stage}`;
    case "equal_level":
      return `Equal ${event.bias > 0 ? "highs" : "lows"} at ${
        formatPrice(event.price)
      }`;
    case "previous_level":
      return `Last ${event.period}: high ${formatPrice(event.high)}, low ${
        formatPrice(event.low)
      }`;
    case "session":
      return `Session ${event.session.replaceAll("_", " ")} ${event.stage}`;
    case "range":
      return `Price in ${event.stage} of the range ${
        formatPrice(event.bottom)
      } to ${formatPrice(event.top)}`;
    case "retracement":
      return `${event.levelPct} % of the leg retraced at ${
        formatPrice(event.price)
      }`;
  }
}

const LIQUIDITY_WORDS: Readonly<
  Record<LiquiditySource, (isHigh: boolean) => string>
> = {
  equal: (isHigh) => `Equal ${isHigh ? "highs" : "lows"}`,
  swing: (isHigh) => `Swing ${isHigh ? "high" : "low"}`,
  previous_day: (isHigh) => `${isHigh ? "High" : "Low"} of the last day`,
  previous_week: (isHigh) => `${isHigh ? "High" : "Low"} of the last week`,
  session: (isHigh) => `Session ${isHigh ? "high" : "low"}`,
};

/** Log line of a further order of an entry. */
export function toFurtherLine(
  action: Extract<DeskAction, { kind: "part" | "reprice" }>,
  marketAt: EpochMs,
): ReportLine {
  const { intentId, part } = action;
  const message = action.kind === "reprice"
    ? `Moves the entry to ${formatPrice(action.price)}: ${action.reason}`
    : `Sends part ${part + 1} of the entry`;
  return {
    level: "debug",
    category: "decision",
    message,
    marketAt,
    data: { intentId, part },
  };
}
