/**
 * What the book is worth at the last close: equity, result of the day, highest
 * equity and drawdown. Between two fills equity is a straight line of the close,
 * so the exact peak is the equity at the best close since the last fill: one
 * number to compare per candle, and decimals only where somebody asks.
 *
 * @module
 */
import {
  type Decimal,
  decimal,
  maxDecimal,
  toDecimalText,
} from "../../lib/core/decimal.ts";
import type { EpochMs } from "../../lib/contracts/primitives.ts";
import { directionSign, type Ledger } from "./ledger.ts";
import type { ValuationMark } from "./valuation_mark.ts";
import { equityAt, type PairCloses } from "./worth.ts";

export type { ValuationMark } from "./valuation_mark.ts";

export {
  type Closes,
  equityAt,
  type PairCloses,
  unrealizedPnl,
} from "./worth.ts";

/** Length of a UTC day in milliseconds. */
export const DAY_MS = 86_400_000;

/**
 * Width of the band around a limit within which the quick check in floating
 * point asks the exact one. Its own error is below 1e-9 of the limit: 64-bit
 * rounding of a notional of 10,000,000 against the smallest daily limit of 10.
 */
const NEAR_LIMIT = 1 - 1e-6;

/** The running valuation of one ledger. */
export class Valuation {
  #ledger: Ledger;
  #close: number | null = null;
  #bestClose: number | null = null;
  #hedgeClose: number | null = null;
  #bestHedgeClose: number | null = null;
  #peak: Decimal;
  #peakApprox = 0;
  #maxDrawdownPct = 0;
  #day: number | null = null;
  #nextDayAt: EpochMs = -Infinity;
  #dayStart: Decimal;
  // Floating-point twins of the ledger, refreshed at each fill.
  #sign = 0;
  #cashApprox = 0;
  #quantityApprox = 0;
  #costApprox = 0;
  /** Null where the position has no second leg. */
  #hedgeApprox: { quantity: number; cost: number } | null = null;
  #bestPairApprox = -Infinity;
  #equityApprox = 0;
  #dayStartApprox = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#peak = ledger.cash;
    this.#dayStart = ledger.cash;
    this.#dayStartApprox = Number(ledger.cash);
    this.#peakApprox = Number(ledger.cash);
    this.#refresh();
  }

  /** Continues from a mark that was taken with the same ledger. */
  static restore(ledger: Ledger, mark: ValuationMark): Valuation {
    const valuation = new Valuation(ledger);
    valuation.#close = mark.close;
    valuation.#bestClose = mark.bestClose;
    valuation.#hedgeClose = mark.hedgeClose ?? null;
    valuation.#bestHedgeClose = mark.bestHedgeClose ?? null;
    valuation.#peak = decimal(mark.peak);
    valuation.#peakApprox = mark.peakApprox;
    valuation.#maxDrawdownPct = mark.maxDrawdownPct;
    valuation.#day = mark.day;
    if (mark.day !== null) valuation.#nextDayAt = (mark.day + 1) * DAY_MS;
    valuation.#dayStart = decimal(mark.dayStart);
    valuation.#dayStartApprox = Number(mark.dayStart);
    valuation.#refresh();
    return valuation;
  }

  /** Last known close, or null. */
  get close(): number | null {
    return this.#close;
  }

  /** Last known close of the second market, or null. */
  get hedgeClose(): number | null {
    return this.#hedgeClose;
  }

  /** Both closes. */
  get closes(): PairCloses {
    return { close: this.#close, hedgeClose: this.#hedgeClose };
  }

  /** UTC day of market time, or null before the first candle. */
  get day(): number | null {
    return this.#day;
  }

  /** Equity at the start of the UTC day of market time, in quote currency. */
  get dayStart(): Decimal {
    return this.#dayStart;
  }

  /** Largest drawdown so far in percent: a statistic, not money, hence a float. */
  get maxDrawdownPct(): number {
    return this.#maxDrawdownPct;
  }

  /**
   * Opens a new UTC day when `at` is in one: its start is the equity at the last
   * close before it (equity at 00:00 UTC, unrealised result and fees included),
   * or what the position is worth at `closes`. Returns whether a day was opened.
   */
  openDay(at: EpochMs, closes: PairCloses = this.closes): boolean {
    if (at < this.#nextDayAt) return false;
    this.#day = Math.floor(at / DAY_MS);
    this.#nextDayAt = (this.#day + 1) * DAY_MS;
    this.#dayStart = equityAt(this.#ledger, closes) ?? this.#dayStart;
    this.#dayStartApprox = Number(this.#dayStart);
    return true;
  }

  /** Takes the ledger after a fill; call {@link mark} with the candle's close afterwards. */
  rebase(ledger: Ledger): void {
    const peak = this.peakEquity();
    this.#ledger = ledger;
    this.#forgetBest();
    this.#setPeak(
      ledger.position === null ? maxDecimal(peak, ledger.cash) : peak,
    );
  }

  /**
   * Takes the close of a candle, and that of the second market where there is
   * one; null means that no price is known. Cheap: no decimals.
   */
  mark(close: number | null, hedgeClose: number | null = null): void {
    this.#close = close;
    this.#hedgeClose = hedgeClose;
    if (this.#sign === 0 || close === null) return;
    if (this.#hedgeApprox !== null) {
      this.#markPair(close, hedgeClose);
      return;
    }
    if (
      this.#bestClose === null || (close - this.#bestClose) * this.#sign > 0
    ) {
      this.#bestClose = close;
    }
    this.#track(
      this.#cashApprox +
        this.#sign * (close * this.#quantityApprox - this.#costApprox),
    );
  }

  /** The best closes of a pair are those of its highest worth in floating point. */
  #markPair(close: number, hedgeClose: number | null): void {
    if (hedgeClose === null) return;
    const worth = this.#pairWorth(close, hedgeClose);
    if (this.#bestClose === null || worth > this.#bestPairApprox) {
      this.#bestClose = close;
      this.#bestHedgeClose = hedgeClose;
      this.#bestPairApprox = worth;
    }
    this.#track(this.#cashApprox + worth);
  }

  #pairWorth(close: number, hedgeClose: number): number {
    const { quantity, cost } = this.#hedgeApprox!;
    const first = close * this.#quantityApprox - this.#costApprox;
    return this.#sign * (first - (hedgeClose * quantity - cost));
  }

  #forgetBest(): void {
    this.#bestClose = null;
    this.#bestHedgeClose = null;
    this.#bestPairApprox = -Infinity;
  }

  /** Equity at the last close, exact, in quote currency; null while it is unknown. */
  equity(): Decimal | null {
    return equityAt(this.#ledger, this.closes);
  }

  /** About the equity at the last close; null while it is unknown. Cheap: no decimals. */
  get equityEstimate(): number | null {
    const isUnknown = this.#close === null ||
      (this.#hedgeApprox !== null && this.#hedgeClose === null);
    return this.#sign !== 0 && isUnknown ? null : this.#equityApprox;
  }

  /** Highest equity so far, exact, the starting capital included. */
  peakEquity(): Decimal {
    const atBest = this.#bestClose === null ? null : equityAt(this.#ledger, {
      close: this.#bestClose,
      hedgeClose: this.#bestHedgeClose,
    });
    return atBest === null ? this.#peak : maxDecimal(this.#peak, atBest);
  }

  /** Makes the present equity the new peak: what a person does who re-arms trading. */
  resetPeak(): void {
    const equity = this.equity();
    if (equity === null) return;
    this.#forgetBest();
    this.#setPeak(equity);
  }

  /**
   * Quick necessary condition for a reached limit, in floating point with a safe
   * band; false means that no exact check is needed.
   */
  isNearLimit(
    limits: { dailyLossLimit: number; maxDrawdownPct: number },
  ): boolean {
    const equity = this.#equityApprox;
    return this.#dayStartApprox - equity >=
        limits.dailyLossLimit * NEAR_LIMIT ||
      (this.#peakApprox - equity) * 100 >=
        this.#peakApprox * limits.maxDrawdownPct * NEAR_LIMIT;
  }

  /** State to continue from, see {@link Valuation.restore}. */
  toMark(): ValuationMark {
    return {
      close: this.#close,
      bestClose: this.#bestClose,
      peak: toDecimalText(this.#peak),
      peakApprox: this.#peakApprox,
      maxDrawdownPct: this.#maxDrawdownPct,
      day: this.#day,
      dayStart: toDecimalText(this.#dayStart),
      ...(this.#hedgeClose === null ? {} : { hedgeClose: this.#hedgeClose }),
      ...(this.#bestHedgeClose === null
        ? {}
        : { bestHedgeClose: this.#bestHedgeClose }),
    };
  }

  #setPeak(peak: Decimal): void {
    this.#peak = peak;
    this.#peakApprox = Number(peak);
    this.#refresh();
    if (this.#sign === 0) this.#track(this.#cashApprox);
  }

  #track(equity: number): void {
    this.#equityApprox = equity;
    if (equity > this.#peakApprox) this.#peakApprox = equity;
    const drawdownPct = (this.#peakApprox - equity) / this.#peakApprox * 100;
    if (drawdownPct > this.#maxDrawdownPct) this.#maxDrawdownPct = drawdownPct;
  }

  #refresh(): void {
    const { cash, position } = this.#ledger;
    this.#cashApprox = Number(cash);
    this.#sign = position === null ? 0 : directionSign(position.direction);
    this.#quantityApprox = position === null ? 0 : Number(position.quantity);
    this.#costApprox = position === null ? 0 : Number(position.cost);
    const hedge = position?.hedge;
    this.#hedgeApprox = hedge === undefined
      ? null
      : { quantity: Number(hedge.quantity), cost: Number(hedge.cost) };
    if (
      this.#hedgeApprox !== null && this.#bestClose !== null &&
      this.#bestHedgeClose !== null
    ) {
      this.#bestPairApprox = this.#pairWorth(
        this.#bestClose,
        this.#bestHedgeClose,
      );
    }
    const equity = this.equity();
    this.#equityApprox = equity === null ? this.#cashApprox : Number(equity);
  }
}
