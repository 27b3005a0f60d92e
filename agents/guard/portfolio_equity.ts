import {
  type Decimal,
  decimal,
  type DecimalText,
  divide,
  maxDecimal,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../lib/core/decimal.ts";
import { drawdownPct } from "../risk/limits.ts";
import type { EquityTrack } from "../risk/portfolio/equity_track.ts";

/** State of {@link PortfolioEquity}. */
export interface PortfolioEquitySnapshot {
  peak: DecimalText | null;
  maxDrawdownPct: number;
  /** Last known equity by agent. */
  members: readonly (readonly [agentId: string, equity: DecimalText])[];
}

/** One account's part. */
export interface MemberEquity {
  agentId: string;
  /** Null where unknown. */
  equity: DecimalText | null;
  dayStart: DecimalText;
}

/**
 * Equity of several accounts as one. Accounts come and go: that never changes
 * the drawdown in percent, so that nobody dilutes a loss with a fresh account.
 */
export class PortfolioEquity {
  #peak: Decimal | null = null;
  #maxDrawdownPct = 0;
  #members = new Map<string, Decimal>();
  #mustReset = false;

  /** The present equity becomes the peak, as when a person re-arms; while it is unknown the next one. */
  resetPeak(): void {
    this.#mustReset = true;
  }

  /** Takes the accounts as they are now, all of them. */
  follow(accounts: readonly MemberEquity[]): EquityTrack {
    this.#leave(new Set(accounts.map(({ agentId }) => agentId)));
    this.#join(accounts);
    let total: Decimal | null = ZERO;
    let dayStart = ZERO;
    for (const { agentId, equity, dayStart: start } of accounts) {
      dayStart = dayStart.plus(decimal(start));
      if (equity === null) total = null;
      else {
        const known = decimal(equity);
        this.#members.set(agentId, known);
        total = total === null ? null : total.plus(known);
      }
    }
    if (total !== null) this.#raise(total);
    const peak = toDecimalText(toBooked(this.#peak ?? ZERO));
    return {
      equity: total === null ? null : toDecimalText(total),
      lastKnown: toDecimalText(this.#total()),
      peak,
      maxDrawdownPct: this.#maxDrawdownPct,
      day: null,
      dayStart: toDecimalText(dayStart),
    };
  }

  snapshot(): PortfolioEquitySnapshot {
    return {
      peak: this.#peak === null ? null : toDecimalText(toBooked(this.#peak)),
      maxDrawdownPct: this.#maxDrawdownPct,
      members: [...this.#members].map((
        [agentId, equity],
      ) => [agentId, toDecimalText(equity)]),
    };
  }

  restore({ peak, maxDrawdownPct, members }: PortfolioEquitySnapshot): void {
    this.#peak = peak === null ? null : decimal(peak);
    this.#maxDrawdownPct = maxDrawdownPct;
    this.#members = new Map(
      members.map(([agentId, equity]) => [agentId, decimal(equity)]),
    );
  }

  #total(): Decimal {
    return [...this.#members.values()].reduce(
      (sum, equity) => sum.plus(equity),
      ZERO,
    );
  }

  #leave(staying: ReadonlySet<string>): void {
    const before = this.#total();
    let isLeft = false;
    for (const agentId of [...this.#members.keys()]) {
      if (staying.has(agentId)) continue;
      this.#members.delete(agentId);
      isLeft = true;
    }
    if (isLeft) this.#rescale(before, this.#total());
  }

  #join(accounts: readonly MemberEquity[]): void {
    const before = this.#total();
    let coming = ZERO;
    for (const { agentId, equity, dayStart } of accounts) {
      if (equity === null || this.#members.has(agentId)) continue;
      this.#members.set(agentId, decimal(equity));
      coming = coming.plus(
        // The first ones bring the loss of their day along.
        before.gt(ZERO)
          ? decimal(equity)
          : maxDecimal(decimal(equity), decimal(dayStart)),
      );
    }
    if (coming.gt(ZERO)) this.#rescale(before, before.plus(coming));
  }

  /** The same part of the peak as before. */
  #rescale(before: Decimal, after: Decimal): void {
    if (this.#peak === null || !before.gt(ZERO) || !after.gt(ZERO)) {
      this.#peak = after.gt(ZERO) ? after : null;
    } else this.#peak = divide(this.#peak.times(after), before);
  }

  #raise(total: Decimal): void {
    if (this.#mustReset) this.#peak = total;
    this.#mustReset = false;
    this.#peak = maxDecimal(this.#peak ?? total, total);
    if (this.#peak.lte(ZERO)) return;
    this.#maxDrawdownPct = Math.max(
      this.#maxDrawdownPct,
      drawdownPct(total, this.#peak),
    );
  }
}
