/**
 * What a risk manager is told of one account.
 *
 * @module
 */
import { averageEntryPrice } from "../../../agents/portfolio/ledger.ts";
import { equityAt } from "../../../agents/portfolio/valuation.ts";
import { NO_HOLD } from "../../../agents/risk/guard_holds.ts";
import type {
  GuardedAccount,
  GuardedCloses,
  GuardedPosition,
} from "../../contracts/guard.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import {
  type Decimal,
  decimal,
  divide,
  numberToDecimalText,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";
import type { Book } from "../account/book.ts";

/** A price as it was heard in real time. */
export interface HeardPrice {
  price: number;
  at: EpochMs;
}

/** What is told of an account besides its books. */
export interface FactsContext {
  guardId: string;
  market: string;
  hedgeMarket: string | null;
  clock: string;
  /** Last quote of an exchange's market; null where none came, or the market has candles only. */
  heard: HeardPrice | null;
  closes: readonly GuardedCloses[];
}

/** The facts of an account now. */
export function accountFacts(
  book: Book,
  context: FactsContext,
): GuardedAccount {
  const { config, ledger, valuation, standing } = book;
  const { heard, guardId, market, hedgeMarket, clock } = context;
  const isRealtime = config.pacing === "realtime";
  // In real time a close is old by the length of a candle.
  const close = isRealtime ? heard?.price ?? null : valuation.close;
  const hedgeClose = isRealtime ? null : valuation.hedgeClose;
  const equity = equityAt(ledger, { close, hedgeClose });
  return {
    agentId: config.agentId,
    isRealtime,
    candleMs: config.candleMs ?? 0,
    markets: hedgeMarket === null ? [market] : [market, hedgeMarket],
    clock,
    marketAt: book.at,
    markAt: isRealtime ? heard?.at ?? null : null,
    equity: equity === null ? null : toDecimalText(toBooked(equity)),
    dayStart: toDecimalText(toBooked(valuation.dayStart)),
    leverage: config.risk.leverage,
    positions: positionsOf(book, context, { close, hedgeClose }),
    working: workingNotional(book, close),
    tradingState: standing.state,
    hold: book.causes.guards?.[guardId] ?? NO_HOLD,
    closes: context.closes,
  };
}

function positionsOf(
  { ledger: { position } }: Book,
  { market, hedgeMarket }: FactsContext,
  { close, hedgeClose }: { close: number | null; hedgeClose: number | null },
): GuardedPosition[] {
  if (position === null) return [];
  const { direction, quantity, hedge } = position;
  const first: GuardedPosition = {
    market,
    direction,
    quantity: toDecimalText(quantity),
    entryPrice: toDecimalText(toBooked(averageEntryPrice(position))),
    markPrice: close === null ? null : numberToDecimalText(close),
  };
  if (hedge === undefined) return [first];
  return [first, {
    market: hedgeMarket ?? `${market}, second leg`,
    direction: direction === "long" ? "short" : "long",
    quantity: toDecimalText(hedge.quantity),
    entryPrice: toDecimalText(toBooked(divide(hedge.cost, hedge.quantity))),
    markPrice: hedgeClose === null ? null : numberToDecimalText(hedgeClose),
  }];
}

/** Notional of the entries that work: a limit at its price, a market order at the last one. */
function workingNotional(book: Book, close: number | null): string | null {
  const entries = book.venue === null
    ? book.gateway.entries()
    : book.venue.working.map(({ order }) => order)
      .filter(({ role }) => role === "entry");
  let total: Decimal = ZERO;
  for (const { price, quantity } of entries) {
    if (price === null && close === null) return null;
    total = total.plus(decimal(quantity).times(decimal(price ?? close!)));
  }
  return toDecimalText(toBooked(total));
}
