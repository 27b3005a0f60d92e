/**
 * Pattern events as numbers: what a {@link PatternLog} keeps in its columns.
 *
 * @module
 */
import {
  type Bias,
  LEVEL_PERIODS,
  LIQUIDITY_SOURCES,
  type PatternEvent,
  SESSION_NAMES,
} from "../../lib/contracts/pattern.ts";
import { assert } from "../../lib/core/assert.ts";

/** Kinds and stages by code. Only ever append: the place is the stored code. */
export const PATTERN_CODES = [
  "swing.confirmed",
  "swing.replaced",
  "swing.final",
  "structure.bos",
  "structure.choch",
  "fvg.created",
  "fvg.touched",
  "fvg.filled",
  "fvg.inverted",
  "order_block.created",
  "order_block.touched",
  "order_block.broken",
  "order_block.ended",
  "liquidity.formed",
  "liquidity.extended",
  "liquidity.swept",
  "liquidity.run",
  "equal_level.formed",
  "previous_level.set",
  "session.opened",
  "session.closed",
  "range.premium",
  "range.equilibrium",
  "range.discount",
  "retracement.reached",
] as const;
export type PatternCodeName = (typeof PATTERN_CODES)[number];

/** Code of each kind and stage. */
export const CODE: Readonly<Record<PatternCodeName, number>> = Object
  .fromEntries(PATTERN_CODES.map((name, code) => [name, code])) as Record<
    PatternCodeName,
    number
  >;

/** Scale of a swing or a structure, as the `detail` of its event. */
export const SCALE = { swing: 0, internal: 1 } as const;

/** Kinds of liquidity, as the `detail` of an event. */
export const SOURCE = {
  equal: 0,
  swing: 1,
  previous_day: 2,
  previous_week: 3,
  session: 4,
} as const;

/** One event as numbers. */
export interface PatternNumbers {
  code: number;
  bias: Bias;
  /** Scale, source, session, period, percentage or displacement, by kind. */
  detail: number;
  seq: number;
  at: number;
  refSeq: number;
  refAt: number;
  /** Price, or top or high. */
  first: number;
  /** Bottom or low, members of a pool, first price of equal levels. */
  second: number;
  /** Second part of an order block's id: the candle that made it known. */
  origin: number;
}

/** Writes numbers as the event they stand for. */
export function toPatternEvent(numbers: PatternNumbers): PatternEvent {
  const name = PATTERN_CODES[numbers.code];
  assert(name !== undefined, `Unknown pattern code ${numbers.code}`);
  const separator = name.indexOf(".");
  const kind = name.slice(0, separator) as PatternEvent["kind"];
  const { seq, at, refSeq, refAt, bias } = numbers;
  return {
    kind,
    stage: name.slice(separator + 1),
    seq,
    at,
    refSeq,
    refAt,
    bias,
    ...ownFields(kind, numbers),
  } as PatternEvent;
}

function ownFields(kind: PatternEvent["kind"], numbers: PatternNumbers) {
  const { detail, refSeq, first, second } = numbers;
  switch (kind) {
    case "swing":
    case "structure":
      return {
        scale: detail === SCALE.swing ? "swing" : "internal",
        price: first,
      };
    case "fvg":
      return { id: `fvg-${refSeq}`, top: first, bottom: second };
    case "order_block":
      return {
        id: `ob-${refSeq}-${numbers.origin}`,
        top: first,
        bottom: second,
        displaced: detail === 1,
      };
    case "liquidity":
      return liquidityFields(numbers);
    case "equal_level":
      return { price: first, firstPrice: second };
    case "previous_level":
      return { period: LEVEL_PERIODS[detail], high: first, low: second };
    case "session":
      return { session: SESSION_NAMES[detail], high: first, low: second };
    case "range":
      return { top: first, bottom: second };
    case "retracement":
      return { levelPct: second, price: first };
  }
}

function liquidityFields({ detail, refSeq, first, second }: PatternNumbers) {
  const source = LIQUIDITY_SOURCES[detail];
  return {
    source,
    id: source === "equal" ? `pool-${refSeq}` : `${source}-${refSeq}`,
    price: first,
    members: second,
  };
}
