import type {
  Behavior,
  BehaviorInit,
  BehaviorInstance,
  Output,
} from "../actors/behavior.ts";
import type { AgentWorkerConfig } from "../lib/contracts/agent.ts";
import type { AgentChart } from "../lib/contracts/chart.ts";
import {
  type GuardedFacts,
  type GuardState,
  type RiskAlert,
  type RiskReport,
  type RiskView,
} from "../lib/contracts/guard.ts";
import type { GuardConfig } from "../lib/contracts/guard_config.ts";
import { assert, assertNever } from "../lib/core/assert.ts";
import { compareGuardConfigs } from "./config_change.ts";
import {
  GuardCore,
  type GuardCoreSnapshot,
  type GuardWish,
} from "./guard/guard_core.ts";
import { timeframeMs } from "./guard/candle_length.ts";
import { GuardedAccounts } from "./guard/guarded_accounts.ts";
import { BACKTEST_EVERY_MS, REPORT_EVERY_MS } from "./guard/limits.ts";
import type { Assessed } from "./guard/portfolio_state.ts";
import { riskView } from "./guard/risk_view.ts";
import type { AgentQuestion, AgentVitalsAnswer } from "./queries.ts";
import { isSameDemand } from "./risk/guard_holds.ts";
import type { LossBacktest } from "./risk/portfolio/loss_backtest.ts";

/** Everything needed to go on. What the desks know they tell again. */
export interface RiskManagerSnapshot {
  core: GuardCoreSnapshot;
}

/** The risk manager: facts of guarded accounts in, what may be traded out. It places no orders. */
export const riskManager: Behavior<AgentWorkerConfig, RiskManagerSnapshot> = {
  name: "risk_manager",
  snapshotVersion: 1,
  upcasters: {},
  start: (init) => new RiskManager(init),
};

const NOTHING: readonly Output[] = [];
const EMPTY_CHART: AgentChart = {
  candles: [],
  overlays: { zones: [], structure: [], sweeps: [], swings: [] },
  decisions: [],
};

class RiskManager
  implements BehaviorInstance<AgentWorkerConfig, RiskManagerSnapshot> {
  #init: AgentWorkerConfig;
  readonly #core: GuardCore;
  readonly #accounts: GuardedAccounts;
  /** Open links; false until their desk has told everything. */
  readonly #links = new Map<string, boolean>();
  #isPaused = false;
  #wish: GuardWish = { current: null, latched: null };
  /** What the desks were told last; null where nothing was said since a link opened. */
  readonly #said = new Map<string, GuardWish>();
  #assessed: Assessed | null = null;
  #reportedAt = -Infinity;
  #backtests: readonly LossBacktest[] = [];
  #backtestedAt = -Infinity;

  constructor(
    { config, snapshot }: BehaviorInit<AgentWorkerConfig, RiskManagerSnapshot>,
  ) {
    this.#init = config;
    this.#core = new GuardCore({
      name: config.config.name,
      config: guardOf(config),
      candleMs: timeframeMs(config.config.timeframe),
    });
    this.#accounts = new GuardedAccounts(config.guarded ?? []);
    if (snapshot !== null) this.#core.restore(snapshot.core);
  }

  linkOpened(link: string): readonly Output[] {
    this.#links.set(link, false);
    this.#said.delete(link);
    return NOTHING;
  }

  receive(link: string, message: unknown): readonly Output[] {
    const facts = message as GuardedFacts;
    assert(facts.type === "guarded", `Unknown message "${facts.type}"`);
    this.#take(link, facts);
    return this.#act();
  }

  /** Goes on assessing; nothing new is asked of the accounts, and nothing let go. */
  pause(): readonly Output[] {
    this.#isPaused = true;
    return NOTHING;
  }

  resume(): readonly Output[] {
    this.#isPaused = false;
    return this.#act();
  }

  configure(next: AgentWorkerConfig): "applied" | "needs_restart" {
    const effect = compareGuardConfigs(this.#init, next);
    if (effect === "needs_restart") return effect;
    this.#init = next;
    this.#accounts.guarded = next.guarded ?? [];
    this.#core.configure({ name: next.config.name, config: guardOf(next) });
    return effect;
  }

  inspect(query: unknown): unknown {
    const question = query as AgentQuestion;
    switch (question.type) {
      case "chart":
        return EMPTY_CHART;
      case "vitals":
        return this.#vitals();
      default:
        return assertNever(question, "question to a risk manager");
    }
  }

  snapshot(): RiskManagerSnapshot {
    return { core: this.#core.snapshot() };
  }

  get #staleMs(): number {
    return guardOf(this.#init).staleAfterSeconds * 1_000;
  }

  #take(link: string, facts: GuardedFacts): void {
    const isFirst = this.#links.get(link) === false;
    this.#links.set(link, true);
    this.#accounts.take(link, facts);
    for (const account of facts.accounts) {
      this.#core.portfolio.takeCloses(account);
      // What a person released comes before what is taken up.
      this.#core.release(account.hold.releasedId);
    }
    if (!isFirst) return;
    const at = this.#accounts.clockOf(this.#accounts.list(this.#staleMs));
    for (const { hold } of facts.accounts) this.#core.adopt(hold, at);
  }

  #act(): readonly Output[] {
    const staleMs = this.#staleMs;
    const { now } = this.#accounts;
    if (now === null || !this.#accounts.isComplete(staleMs)) return NOTHING;
    // Nobody is guarded, so nothing can be unknown either.
    if ((this.#init.guarded ?? []).length === 0) {
      return this.#report(now, { alerts: [], isDue: false });
    }
    const accounts = this.#accounts.list(staleMs);
    const { assessed, wish, alerts } = this.#core.judge({
      accounts,
      absent: this.#accounts.absent(),
      missing: this.#accounts.missing(staleMs),
      at: this.#accounts.clockOf(accounts),
      now,
    });
    this.#assessed = assessed;
    const hasChanged = !isSameWish(wish, this.#wish);
    this.#wish = wish;
    return [
      ...(this.#isPaused ? NOTHING : this.#tellDesks()),
      ...this.#report(now, { alerts, isDue: hasChanged }),
    ];
  }

  #tellDesks(): Output[] {
    const outputs: Output[] = [];
    for (const [link, hasTold] of this.#links) {
      const said = this.#said.get(link);
      if (!hasTold || (said !== undefined && isSameWish(said, this.#wish))) {
        continue;
      }
      this.#said.set(link, this.#wish);
      const message: GuardState = { type: "guardState", ...this.#wish };
      outputs.push({ to: "link", link, message });
    }
    return outputs;
  }

  #report(
    now: number,
    { alerts, isDue }: { alerts: readonly RiskAlert[]; isDue: boolean },
  ): Output[] {
    const isQuiet = !isDue && alerts.length === 0 &&
      now - this.#reportedAt < REPORT_EVERY_MS;
    if (isQuiet) return [];
    this.#reportedAt = now;
    this.#backtest(now);
    const report: RiskReport = { kind: "risk", view: this.#view(), alerts };
    return [{ to: "owner", report }];
  }

  #backtest(now: number): void {
    const held = this.#assessed?.assessment.exposure.markets ?? [];
    if (this.#assessed === null || held.length === 0) this.#backtests = [];
    else if (now - this.#backtestedAt >= BACKTEST_EVERY_MS) {
      this.#backtests = this.#core.portfolio.backtest(this.#assessed);
      this.#backtestedAt = now;
    }
  }

  #view(): RiskView {
    const accounts = this.#accounts.list(this.#staleMs);
    const latched = new Set([
      ...this.#core.latches.all().map(({ ruleId }) => ruleId),
      ...accounts.flatMap(({ facts }) => facts.hold.latched?.ruleId ?? []),
    ]);
    return riskView({
      at: this.#accounts.now,
      config: guardOf(this.#init),
      assessed: this.#assessed,
      accounts,
      missing: this.#accounts.missing(this.#staleMs),
      wish: this.#wish,
      rules: this.#core.rules,
      latched: [...latched],
      backtests: this.#backtests,
    });
  }

  #vitals(): AgentVitalsAnswer {
    const { current, latched } = this.#wish;
    return {
      decidedSeq: -1,
      ended: false,
      lastCandle: null,
      lastDecision: (latched ?? current)?.reason ??
        (this.#assessed === null ? null : "All rules are kept"),
      lastPattern: null,
    };
  }
}

function guardOf({ config }: AgentWorkerConfig): GuardConfig {
  const { guard } = config;
  assert(guard !== undefined, "A risk manager needs its block guard");
  return guard;
}

function isSameWish(a: GuardWish, b: GuardWish): boolean {
  return isSameDemand(a.current, b.current) &&
    a.latched?.id === b.latched?.id;
}
