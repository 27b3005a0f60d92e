/**
 * What an object on a chart says of itself.
 *
 * @module
 */
import type { Candle } from "../../contracts/candle.ts";
import type {
  DecisionView,
  StructureView,
  SweepView,
  ZoneView,
} from "../../contracts/chart.ts";
import type { Trade } from "../../contracts/order.ts";
import type { Bias, LiquiditySource } from "../../contracts/pattern.ts";
import {
  formatDecimal,
  formatPercent,
  formatPrice,
  formatQuantity,
  formatUtcDateTime,
  plural,
} from "../format.ts";
import { strategyShort } from "../strategy_words.ts";
import { baseCandle, type ChartFrame, indexAt } from "./chart_frame.ts";
import type { ChartObject } from "./chart_objects.ts";

/** An object in words. */
export interface ObjectWords {
  title: string;
  /** Terms and values of its rule, in the order of reading. */
  facts: readonly (readonly [term: string, value: string])[];
  /** The agent's candles that it is made of; one that is not known any more is left out. */
  candles: readonly { role: string; candle: Candle }[];
}

const SOURCES: Readonly<Record<LiquiditySource, string>> = {
  equal: "Equal highs or lows",
  swing: "A swing",
  previous_day: "The previous day",
  previous_week: "The previous week",
  session: "A session",
};

const ENDS: Readonly<Record<NonNullable<ZoneView["endedBy"]>, string>> = {
  filled: "Filled: price reached its far edge",
  inverted: "Inverted: a close beyond its far edge",
  broken: "Broken: a close beyond it",
  ended: "Ended: too old, or too many were open",
  age: "Ended: too old",
};

/** The name of an object, as on its label. */
export function objectTitle(object: ChartObject): string {
  switch (object.kind) {
    case "zone":
      return `${
        object.of.kind === "order_block" ? "Order block" : "Fair value gap"
      } ${biasWord(object.of.bias)}`;
    case "structure":
      return `${object.of.kind === "bos" ? "BOS" : "CHoCH"} ${
        object.of.bias === 1 ? "▲ up" : "▼ down"
      }`;
    case "sweep":
      return `Sweep of ${object.of.bias === 1 ? "lows ▲" : "highs ▼"}`;
    case "trade":
      return `${object.of.direction === "long" ? "▲ Long" : "▼ Short"} ${
        formatDecimal(object.of.resultR, { digits: 1, signed: true })
      } R`;
    case "decision":
      return `${
        object.of.side === "buy" ? "▲ Buy" : "▼ Sell"
      }, ${object.of.outcome}`;
  }
}

/** What an object says of itself. */
export function describeObject(
  object: ChartObject,
  frame: ChartFrame,
): ObjectWords {
  const title = objectTitle(object);
  switch (object.kind) {
    case "zone":
      return { title, ...zoneWords(object.of, frame) };
    case "structure":
      return { title, ...structureWords(object.of, frame) };
    case "sweep":
      return { title, ...sweepWords(object.of, frame) };
    case "trade":
      return { title, ...tradeWords(object.of, frame) };
    case "decision":
      return { title, ...decisionWords(object.of, frame) };
  }
}

type Words = Omit<ObjectWords, "title">;

function zoneWords(zone: ZoneView, frame: ChartFrame): Words {
  const height = zone.top - zone.bottom;
  const middle = (zone.top + zone.bottom) / 2;
  const isGap = zone.kind === "fvg";
  const state = zone.endedBy !== null
    ? ENDS[zone.endedBy]
    : zone.state === "touched"
    ? "Open, touched"
    : "Open, not touched yet";
  return {
    facts: [
      ["Rule", ruleOf(zone)],
      ["State", state],
      ["Top", formatPrice(zone.top)],
      ["Middle", formatPrice(middle)],
      ["Bottom", formatPrice(zone.bottom)],
      [
        "Height",
        `${formatPrice(height)} (${
          formatPercent(middle === 0 ? null : height / middle * 100, {
            digits: 3,
          })
        })`,
      ],
      ...(zone.displaced === null ? [] : [
        [
          "Displacement",
          zone.displaced ? "Yes: 1.5 ATR, or a gap in the leg" : "No",
        ] as const,
      ]),
      ["Known since", utc(zone.createdAt)],
      ["First touch", zone.touchedAt === null ? "—" : utc(zone.touchedAt)],
      ...(zone.toAt === null ? [] : [["Until", utc(zone.toAt)] as const]),
    ],
    candles: isGap ? candlesBeside(frame, zone.fromAt) : candlesOf(frame, [
      ["Block", zone.fromAt],
      ["Confirmed by", zone.createdAt],
      ["First touch", zone.touchedAt],
      ["Ended by", zone.endedBy === "age" ? null : zone.toAt],
    ]),
  };
}

function ruleOf({ kind, bias }: ZoneView): string {
  if (kind === "fvg") {
    return bias === 1
      ? "The low of the third candle is above the high of the first"
      : "The high of the third candle is below the low of the first";
  }
  return `The candle with the ${
    bias === 1 ? "lowest low" : "highest high"
  } between the broken swing and the break`;
}

function structureWords(line: StructureView, frame: ChartFrame): Words {
  const breaking = candleAt(frame, line.toAt);
  return {
    facts: [
      [
        "Rule",
        line.kind === "bos"
          ? "A close beyond the last swing, with the trend"
          : "A close beyond the last swing, against the trend",
      ],
      ["Swing broken", formatPrice(line.price)],
      ["Close", formatPrice(breaking?.close ?? null)],
      [
        "Beyond by",
        formatPrice(
          breaking === null ? null : Math.abs(breaking.close - line.price),
        ),
      ],
      ["At", utc(line.toAt)],
    ],
    candles: candlesOf(frame, [
      ["Swing", line.fromAt],
      ["Broken by", line.toAt],
    ]),
  };
}

function sweepWords(sweep: SweepView, frame: ChartFrame): Words {
  const candle = candleAt(frame, sweep.at);
  const wick = candle === null
    ? null
    : sweep.bias === 1
    ? candle.low
    : candle.high;
  return {
    facts: [
      ["Rule", "A wick beyond the level that closes back"],
      ["Level", formatPrice(sweep.price)],
      [
        "Made of",
        `${SOURCES[sweep.source]}${
          sweep.members > 1 ? `, ${plural(sweep.members, "swing")}` : ""
        }`,
      ],
      ["Wick", formatPrice(wick)],
      [
        "Beyond by",
        formatPrice(wick === null ? null : Math.abs(wick - sweep.price)),
      ],
      ["Close", formatPrice(candle?.close ?? null)],
    ],
    candles: candlesOf(frame, [
      ["Level", sweep.levelAt],
      ["Sweep", sweep.at],
    ]),
  };
}

function tradeWords(trade: Trade, frame: ChartFrame): Words {
  return {
    facts: [
      ["Strategy", strategyShort(trade.strategy)],
      ["Quantity", formatQuantity(trade.quantity)],
      ["Entry", `${formatPrice(trade.entryPrice)} at ${utc(trade.entryAt)}`],
      [
        "Exit",
        `${formatPrice(trade.exitPrice)} at ${
          utc(trade.exitAt)
        }, ${trade.exitRole}`,
      ],
      ["Net P&L", formatDecimal(trade.netPnl, { signed: true })],
      ["Fees", formatDecimal(trade.fees)],
      ...trade.reasons.map((reason) => ["Reason", reason] as const),
    ],
    candles: candlesOf(frame, [
      ["Entry", baseCandle(frame, trade.entrySeq)?.openAt ?? null],
      ["Exit", baseCandle(frame, trade.exitSeq)?.openAt ?? null],
    ]),
  };
}

function decisionWords(decision: DecisionView, frame: ChartFrame): Words {
  return {
    facts: [
      ["Strategy", strategyShort(decision.strategy)],
      [
        "Entry",
        decision.entryPrice === null
          ? "market"
          : formatPrice(decision.entryPrice),
      ],
      ["Stop", formatPrice(decision.stopPrice)],
      [
        "Target",
        decision.targetPrice === null
          ? "none"
          : formatPrice(decision.targetPrice),
      ],
      ...decision.reasons.map((reason) => ["Reason", reason] as const),
      ...(decision.detail === null ? [] : [["Desk", decision.detail] as const]),
    ],
    candles: candlesOf(frame, [
      ["Decided on", baseCandle(frame, decision.seq)?.openAt ?? null],
    ]),
  };
}

/** The three candles that a gap lies between. */
function candlesBeside(frame: ChartFrame, middleAt: number): Words["candles"] {
  const middle = candleAt(frame, middleAt);
  if (middle === null) return [];
  return (["Before", "Gap", "After"] as const).flatMap((role, index) => {
    const candle = baseCandle(frame, middle.seq - 1 + index);
    return candle === null ? [] : [{ role, candle }];
  });
}

function candlesOf(
  frame: ChartFrame,
  places: readonly (readonly [role: string, at: number | null])[],
): Words["candles"] {
  return places.flatMap(([role, at]) => {
    const candle = at === null ? null : candleAt(frame, at);
    return candle === null ? [] : [{ role, candle }];
  });
}

/** The agent's candle that opened at a time, or null where it is not known. */
function candleAt({ base }: ChartFrame, at: number): Candle | null {
  const candle = base[indexAt(base, at)];
  return candle?.openAt === at ? candle : null;
}

function biasWord(bias: Bias): string {
  return bias === 1 ? "▲ bullish" : "▼ bearish";
}

function utc(at: number | null): string {
  return at === null ? "—" : `${formatUtcDateTime(at)} UTC`;
}
