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

/** Decimals by agent, with the texts that they come from. */
type Parsed = Map<string, { text: DecimalText; value: Decimal }>;

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
  readonly #parsed: Parsed = new Map();
  readonly #dayStarts: Parsed = new Map();

  /** The present equity becomes the peak, as when a person re-arms; while it is unknown the next one. */
  resetPeak(): void {
    this.#mustReset = true;
  }

  /** Takes the accounts as they are now, all of them. */
  follow(accounts: readonly MemberEquity[]): EquityTrack {
    this.#leave(accounts);
    this.#join(accounts);
    let isKnown = true;
    let total = ZERO;
    let dayStart = ZERO;
    for (const { agentId, equity, dayStart: start } of accounts) {
      dayStart = dayStart.plus(this.#parse(this.#dayStarts, agentId, start));
      if (equity === null) isKnown = false;
      else {
        const parsed = this.#parse(this.#parsed, agentId, equity);
        this.#members.set(agentId, parsed);
        total = total.plus(parsed);
      }
    }
    if (isKnown) this.#raise(total);
    const known = isKnown ? toDecimalText(total) : null;
    return {
      equity: known,
      lastKnown: known ?? toDecimalText(this.#total()),
      peak: toDecimalText(toBooked(this.#peak ?? ZERO)),
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

  /** Most of what is told again has not changed, and parsing is the greater part of the work. */
  #parse(known: Parsed, agentId: string, text: DecimalText): Decimal {
    const before = known.get(agentId);
    if (before?.text === text) return before.value;
    const value = decimal(text);
    known.set(agentId, { text, value });
    return value;
  }

  #leave(accounts: readonly MemberEquity[]): void {
    const staying = new Set(accounts.map(({ agentId }) => agentId));
    const leaving = [...this.#members.keys()].filter((id) => !staying.has(id));
    if (leaving.length === 0) return;
    const before = this.#total();
    for (const agentId of leaving) {
      this.#members.delete(agentId);
      this.#parsed.delete(agentId);
      this.#dayStarts.delete(agentId);
    }
    this.#rescale(before, this.#total());
  }

  #join(accounts: readonly MemberEquity[]): void {
    const joining = accounts.filter(({ agentId, equity }) =>
      equity !== null && !this.#members.has(agentId)
    );
    if (joining.length === 0) return;
    const before = this.#total();
    let coming = ZERO;
    for (const { agentId, equity, dayStart } of joining) {
      if (equity === null) continue;
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
