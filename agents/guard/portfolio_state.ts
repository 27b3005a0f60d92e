/**
 * The portfolio of all guarded accounts, assessed: equity, positions and
 * returns are kept, and what has not changed is not made anew.
 *
 * @module
 */
import type { GuardedAccount } from "../../lib/contracts/guard.ts";
import type { GuardConfig } from "../../lib/contracts/guard_config.ts";
import { decimal, toDecimalText, ZERO } from "../../lib/core/decimal.ts";
import { assessPortfolio } from "../risk/portfolio/assess_portfolio.ts";
import type { PortfolioAssessment } from "../risk/portfolio/assessment.ts";
import {
  backtestLosses,
  type LossBacktest,
} from "../risk/portfolio/loss_backtest.ts";
import { LOSS_METHODS } from "../risk/portfolio/loss_estimate.ts";
import {
  readMeasures,
  type RiskMeasureName,
  type RiskReadings,
} from "../risk/portfolio/rule_measures.ts";
import { weightsOf } from "../risk/portfolio/portfolio_returns.ts";
import type { AccountNow } from "./guarded_accounts.ts";
import { HeldPositions } from "./held_positions.ts";
import { MarketCloses, type MarketClosesSnapshot } from "./market_closes.ts";
import {
  PortfolioEquity,
  type PortfolioEquitySnapshot,
} from "./portfolio_equity.ts";

/** State of {@link PortfolioState}. */
export interface PortfolioStateSnapshot {
  closes: MarketClosesSnapshot;
  equity: PortfolioEquitySnapshot;
}

/** An assessment with the values that rules go by. */
export interface Assessed {
  assessment: PortfolioAssessment;
  readings: RiskReadings;
}

/** Measures that need returns. */
const FROM_RETURNS: readonly RiskMeasureName[] = [
  "value_at_risk_pct",
  "expected_shortfall_pct",
  "correlation",
  "stress_loss_pct",
];

/** Levels that are shown whatever the rules go by. */
const LEVELS = [0.95, 0.99] as const;

/** Fewest periods that a loss estimate is judged by. */
const BACKTEST_PERIODS = { least: 50, most: 250 } as const;

/** Returns that each judged estimate is made from: enough for 99 %. */
const BACKTEST_WINDOW = { least: 100, most: 250 } as const;

/** See the module's description. */
export class PortfolioState {
  readonly equity = new PortfolioEquity();
  readonly #candleMs: number;
  readonly #positions = new HeldPositions();
  #config: GuardConfig;
  #closes: MarketCloses;

  constructor(options: { candleMs: number; config: GuardConfig }) {
    this.#candleMs = options.candleMs;
    this.#config = options.config;
    this.#closes = this.#newCloses();
  }

  /** New settings; a longer window begins with what is there. */
  configure(config: GuardConfig): void {
    const hasSameWindow = config.returns === this.#config.returns;
    this.#config = config;
    if (hasSameWindow) return;
    const kept = this.#closes.snapshot();
    this.#closes = this.#newCloses();
    this.#closes.restore(kept);
  }

  /** Takes the closes that an account brings. */
  takeCloses({ closes, candleMs, clock }: GuardedAccount): void {
    for (const { market, closes: values } of closes) {
      this.#closes.take(market, { closes: values, candleMs, clock });
    }
  }

  /** Assesses all accounts; `absent` are guarded, and nothing is known of them. */
  assess(
    accounts: readonly AccountNow[],
    absent: readonly string[],
  ): Assessed {
    const known = accounts.map(knownOf);
    if (absent.length === 0) this.#forgetOthers(known);
    const track = this.equity.follow([
      ...known,
      ...absent.map((agentId) => ({ agentId, equity: null, dayStart: "0" })),
    ]);
    const marks = marksOf(known);
    const level = this.#level;
    const assessment = assessPortfolio(this.#closes.history(), {
      positions: this.#positions.of(known),
      marks,
      equity: track,
      crossWallet: null,
      working: absent.length > 0 ? null : workingOf(known),
      losses: {
        levels: LEVELS.some((one) => one === level)
          ? LEVELS
          : [...LEVELS, level],
      },
    });
    const method = this.#config.lossMethod;
    const values = readMeasures(assessment, { method, level });
    return { assessment, readings: this.#withWaiting(values, marks) };
  }

  /** How loss estimates would have done for the positions of now; takes some milliseconds. */
  backtest({ assessment }: Assessed): readonly LossBacktest[] {
    const history = this.#closes.history();
    const { equity, exposure } = assessment;
    const markets = exposure.markets.filter(({ symbol }) =>
      history.placeOf(symbol) !== null
    );
    const weights = weightsOf(
      markets.map(({ net }) => net === null ? null : decimal(net)),
      equity.equity === null ? null : decimal(equity.equity),
    );
    const isKnown = markets.length === exposure.markets.length;
    // Of nothing there is no loss to be judged.
    if (weights === null || !isKnown || weights.every((part) => part === 0)) {
      return [];
    }
    const returns = history.portfolioReturns(
      markets.map(({ symbol }) => history.placeOf(symbol)!),
      [...weights],
    );
    const window = Math.max(
      BACKTEST_WINDOW.least,
      Math.min(BACKTEST_WINDOW.most, Math.floor(returns.length / 2)),
    );
    return backtestLosses(returns, {
      methods: LOSS_METHODS,
      levels: [...new Set(assessment.losses.map(({ level }) => level))],
      window,
      periodsMax: BACKTEST_PERIODS.most,
    }).filter(({ periods }) => periods >= BACKTEST_PERIODS.least);
  }

  snapshot(): PortfolioStateSnapshot {
    return {
      closes: this.#closes.snapshot(),
      equity: this.equity.snapshot(),
    };
  }

  restore({ closes, equity }: PortfolioStateSnapshot): void {
    this.#closes.restore(closes);
    this.equity.restore(equity);
  }

  /** The rules' level as a part of one. */
  get #level(): number {
    return Number((this.#config.confidencePct / 100).toFixed(6));
  }

  /** Markets that nobody guarded trades any more make room. To be called where all accounts are known: one that is not may come back to its own. */
  #forgetOthers(accounts: readonly GuardedAccount[]): void {
    this.#closes.keepOnly(new Set(accounts.flatMap(({ markets }) => markets)));
  }

  /** What is unknown only because a market is followed for a short time is waited for. */
  #withWaiting(
    values: Record<RiskMeasureName, number | null>,
    marks: ReadonlyMap<string, string | null>,
  ): RiskReadings {
    const { requireHistory, warmUpCandles, returns } = this.#config;
    // No market can be followed for longer than its closes are kept.
    const warmAt = Math.min(warmUpCandles, returns);
    const isWarm = [...marks.keys()].every((market) =>
      this.#closes.spanOf(market) >= warmAt
    );
    const isKnown = [...marks.values()].every((mark) => mark !== null);
    if (requireHistory || isWarm || !isKnown) return values;
    const readings: RiskReadings = { ...values };
    for (const measure of FROM_RETURNS) {
      if (values[measure] === null) readings[measure] = "waiting";
    }
    return readings;
  }

  #newCloses(): MarketCloses {
    return new MarketCloses({
      candleMs: this.#candleMs,
      rows: this.#config.returns,
    });
  }
}

/** An account as it counts: what is wrong with it makes its figures unknown. */
function knownOf({ facts, problem }: AccountNow): GuardedAccount {
  return problem === null ? facts : {
    ...facts,
    equity: null,
    positions: facts.positions.map((position) => ({
      ...position,
      markPrice: null,
    })),
  };
}

/** Marks of the markets that are held; one that any account knows is known. */
function marksOf(
  accounts: readonly GuardedAccount[],
): Map<string, string | null> {
  const marks = new Map<string, string | null>();
  for (const { positions } of accounts) {
    for (const { market, markPrice } of positions) {
      marks.set(market, markPrice ?? marks.get(market) ?? null);
    }
  }
  return marks;
}

function workingOf(accounts: readonly GuardedAccount[]): string | null {
  let total = ZERO;
  for (const { working } of accounts) {
    if (working === null) return null;
    if (working === "0") continue;
    total = total.plus(decimal(working));
  }
  return toDecimalText(total);
}
