/**
 * The judgement of a risk manager: rules over the assessed portfolio, latches,
 * missing data, and what follows for the accounts.
 *
 * @module
 */
import type {
  GuardDemand,
  GuardHold,
  GuardLatch,
  RiskAlert,
} from "../../lib/contracts/guard.ts";
import type { GuardConfig } from "../../lib/contracts/guard_config.ts";
import type { EpochMs } from "../../lib/contracts/primitives.ts";
import {
  RISK_MEASURE_NAMES,
  type RiskMeasureName,
} from "../risk/portfolio/rule_measures.ts";
import type { ScopeStanding } from "../risk/portfolio/rule_standing.ts";
import type { RuleStates } from "../risk/portfolio/rule_state.ts";
import { applyRules } from "../risk/portfolio/rules.ts";
import { alertsBetween, type Judged } from "./alerts.ts";
import { rulesOf, SCOPE } from "./guard_rules.ts";
import {
  dataDemand,
  followMissing,
  type MissingData,
  ruleDemand,
  type Speaker,
  strictest,
} from "./guard_verdict.ts";
import type { AccountNow } from "./guarded_accounts.ts";
import { LatchBook, type LatchBookSnapshot } from "./latch_book.ts";
import {
  type Assessed,
  PortfolioState,
  type PortfolioStateSnapshot,
} from "./portfolio_state.ts";

/** State of {@link GuardCore}. */
export interface GuardCoreSnapshot {
  portfolio: PortfolioStateSnapshot;
  rules: RuleStates;
  latches: LatchBookSnapshot;
  missing: MissingData | null;
}

/** The accounts as they are now. */
export interface GuardInput {
  accounts: readonly AccountNow[];
  absent: readonly string[];
  missing: readonly string[];
  /** By which durations count. */
  at: EpochMs;
  /** By a desk's clock, for the ids of latches. */
  now: EpochMs;
}

/** What is asked of the accounts. */
export interface GuardWish {
  current: GuardDemand | null;
  latched: GuardLatch | null;
}

/** See the module's description. */
export class GuardCore {
  readonly portfolio: PortfolioState;
  readonly latches = new LatchBook();
  #speaker: Speaker;
  #rules: RuleStates = {};
  #missing: MissingData | null = null;

  constructor(
    options: { name: string; config: GuardConfig; candleMs: number },
  ) {
    this.portfolio = new PortfolioState(options);
    this.#speaker = options;
  }

  get rules(): RuleStates {
    return this.#rules;
  }

  /** New rules and settings. What is latched stays. */
  configure(speaker: Speaker): void {
    this.#speaker = speaker;
    this.portfolio.configure(speaker.config);
  }

  /** Takes up what a desk has kept, after this guard may have lost it. */
  adopt({ current, latched }: GuardHold, at: EpochMs): void {
    if (latched !== null) this.latches.adopt(latched);
    for (const demand of [current, latched]) {
      if (demand === null || demand.code === "RISK_UNKNOWN") continue;
      if (!isMeasure(demand.ruleId)) continue;
      if (this.#rules[demand.ruleId]?.level === "acting") continue;
      const reason = withoutName(demand.reason);
      const acting = {
        level: "acting",
        cause: "limit",
        since: at,
        unknownSince: null,
        reason,
      } as const;
      this.#rules = { ...this.#rules, [demand.ruleId]: acting };
    }
  }

  /** A person has released all latches up to one: their rules are judged anew. @returns The rules. */
  release(releasedId: EpochMs): string[] {
    const released = this.latches.release(releasedId);
    for (const ruleId of released) {
      this.#rules = { ...this.#rules, [ruleId]: { level: "quiet" } };
      if (ruleId === "drawdown_pct") this.portfolio.equity.resetPeak();
    }
    return released;
  }

  /** Judges the accounts as they are now. */
  judge(
    input: GuardInput,
  ): { assessed: Assessed; wish: GuardWish; alerts: RiskAlert[] } {
    const before = this.#judged(null);
    const assessed = this.portfolio.assess(input.accounts, input.absent);
    this.#missing = followMissing(this.#missing, {
      sentences: input.missing,
      at: input.at,
    });
    const { states, standings: [standing] } = applyRules({
      rules: rulesOf(this.#speaker.config),
      states: this.#rules,
      at: input.at,
      readingsOf: () => assessed.readings,
    });
    this.#rules = states;
    const rules = standing?.scope === SCOPE ? standing : null;
    this.#latch(rules, input.now);
    const wish = this.#wish(rules, input.at);
    const alerts = alertsBetween(before, this.#judged(rules));
    return { assessed, wish, alerts };
  }

  snapshot(): GuardCoreSnapshot {
    return {
      portfolio: this.portfolio.snapshot(),
      rules: this.#rules,
      latches: this.latches.snapshot(),
      missing: this.#missing,
    };
  }

  restore({ portfolio, rules, latches, missing }: GuardCoreSnapshot): void {
    this.portfolio.restore(portfolio);
    this.#rules = rules;
    this.latches.restore(latches);
    this.#missing = missing;
  }

  #latch(standing: ScopeStanding | null, now: EpochMs): void {
    for (const acting of standing?.acting ?? []) {
      const { latched } = this.#speaker.config
        .rules[acting.ruleId as RiskMeasureName];
      if (!latched || acting.code === "RISK_UNKNOWN") continue;
      const demand = ruleDemand(acting, this.#speaker);
      if (demand !== null) this.latches.set(demand, now);
    }
  }

  #wish(standing: ScopeStanding | null, at: EpochMs): GuardWish {
    const speaker = this.#speaker;
    const current = strictest([
      dataDemand(this.#missing, { speaker, at }),
      ...(standing?.acting ?? []).map((acting) => ruleDemand(acting, speaker)),
    ]);
    return { current, latched: this.latches.strictest() };
  }

  #judged(standing: ScopeStanding | null): Judged {
    return {
      rules: this.#rules,
      acting: standing?.acting ?? [],
      warnings: standing?.warnings ?? [],
      latched: this.latches.all().map(({ ruleId }) => ruleId),
      missing: this.#missing,
    };
  }
}

function isMeasure(ruleId: string): ruleId is RiskMeasureName {
  return (RISK_MEASURE_NAMES as readonly string[]).includes(ruleId);
}

/** The sentence of a demand without whose it is. */
function withoutName(reason: string): string {
  return reason.slice(reason.indexOf('": ') + 3);
}
