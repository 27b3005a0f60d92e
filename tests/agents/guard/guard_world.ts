/** A risk manager and a desk that does with its words what a real one does, both without workers. */
import {
  riskManager,
  type RiskManagerSnapshot,
} from "../../../agents/risk_manager.ts";
import {
  dropGuard,
  type GuardHolds,
  NO_HOLD,
  releaseGuard,
  takeDemand,
} from "../../../agents/risk/guard_holds.ts";
import { NO_CAUSES, tradingStanding } from "../../../agents/risk/limits.ts";
import type { Output } from "../../../actors/behavior.ts";
import type { AgentWorkerConfig } from "../../../lib/contracts/agent.ts";
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../../lib/contracts/agent_config.ts";
import type {
  GuardedAccount,
  GuardState,
  RiskReport,
  RiskView,
} from "../../../lib/contracts/guard.ts";
import { guardConfig } from "../../support/config.ts";

export const GUARD = "agt_guard";
const LINK = "desk:desk:paper";
const START = 1_750_000_000_000;

/** An account as a test describes it. */
export interface TestAccount {
  agentId: string;
  equity?: string | null;
  dayStart?: string;
  positions?: GuardedAccount["positions"];
  isRealtime?: boolean;
  /** Age of the last price in real time. */
  markAgeMs?: number;
  marketAt?: number;
  closes?: GuardedAccount["closes"];
}

/** Configuration of a risk manager's worker. */
export function guardStart(
  rule: Parameters<typeof guardConfig>[1],
  agentIds: readonly string[],
): AgentWorkerConfig {
  const input = guardConfig("warden", rule);
  return {
    agentId: GUARD,
    config: agentConfigSchema.parse({
      ...input,
      timeframe: "1m",
    }) as AgentConfig,
    startSeq: 0,
    tradeFromSeq: 0,
    guarded: agentIds.map((agentId) => ({ agentId, name: agentId })),
  };
}

/** See the module's description. */
export class GuardWorld {
  now = START;
  readonly #config: AgentWorkerConfig;
  #guard;
  readonly #accounts = new Map<string, TestAccount>();
  readonly holds = new Map<string, GuardHolds>();
  view: RiskView | null = null;
  readonly alerts: string[] = [];

  constructor(
    rule: Parameters<typeof guardConfig>[1],
    agentIds: readonly string[],
  ) {
    this.#config = guardStart(rule, agentIds);
    this.#guard = this.#start(null);
    this.open();
  }

  /** The link opens: everything is told with the next facts. */
  open(): void {
    this.#take(this.#guard.linkOpened(LINK, {}));
  }

  /** The desk tells of accounts. */
  tell(accounts: readonly TestAccount[], afterMs = 100): void {
    this.now += afterMs;
    for (const account of accounts) {
      this.#accounts.set(account.agentId, account);
    }
    this.#send(accounts);
  }

  /** Time passes, and the desk says only that it lives. */
  beat(ms: number): void {
    this.now += ms;
    this.#send([]);
  }

  /** Dies and starts again from a snapshot, or from nothing; the desk tells all anew. */
  restart(snapshot: RiskManagerSnapshot | null): void {
    this.#guard = this.#start(snapshot);
    this.open();
    this.now += 1_000;
    this.#send([...this.#accounts.values()]);
  }

  snapshot(): RiskManagerSnapshot {
    return structuredClone(this.#guard.snapshot());
  }

  pause(): void {
    this.#take(this.#guard.pause());
  }

  resume(): void {
    this.#take(this.#guard.resume());
  }

  /** Other rules, on the same accounts. */
  configure(rule: Parameters<typeof guardConfig>[1]): void {
    const agentIds = this.#config.guarded!.map(({ agentId }) => agentId);
    this.#guard.configure(guardStart(rule, agentIds));
  }

  /** A person releases latches at the desk, for one account or all. */
  release(agentIds: readonly string[]): void {
    for (const agentId of agentIds) {
      const guards = this.holds.get(agentId);
      this.#hold(
        agentId,
        releaseGuard(guards, { guardId: GUARD, releasedId: this.now }),
      );
    }
    this.tell(agentIds.map((agentId) => this.#accounts.get(agentId)!));
  }

  /** The guard is taken away for good. */
  drop(agentId: string): void {
    this.#hold(agentId, dropGuard(this.holds.get(agentId), GUARD));
  }

  stateOf(agentId: string): "active" | "reducing" | "halted" {
    return this.#standing(agentId).state;
  }

  reasonOf(agentId: string): string | null {
    return this.#standing(agentId).reason;
  }

  #standing(agentId: string) {
    const guards = this.holds.get(agentId);
    return tradingStanding(
      guards === undefined ? NO_CAUSES : { ...NO_CAUSES, guards },
    );
  }

  #start(snapshot: RiskManagerSnapshot | null) {
    return riskManager.start({
      actorId: GUARD,
      config: this.#config,
      snapshot,
    });
  }

  #send(accounts: readonly TestAccount[]): void {
    this.#take(this.#guard.receive(LINK, {
      type: "guarded",
      now: this.now,
      agentIds: this.#config.guarded!.map(({ agentId }) => agentId),
      closed: [],
      accounts: accounts.map((account) => this.#factsOf(account)),
    }));
  }

  #factsOf(account: TestAccount): GuardedAccount {
    const { agentId, equity = "10000", markAgeMs = 0 } = account;
    const isRealtime = account.isRealtime ?? false;
    return {
      agentId,
      isRealtime,
      candleMs: 60_000,
      markets: ["BTC/USDT"],
      clock: isRealtime ? "exchange" : "simulated",
      marketAt: account.marketAt ?? START,
      markAt: isRealtime ? this.now - markAgeMs : null,
      equity,
      dayStart: account.dayStart ?? "10000",
      leverage: 1,
      positions: account.positions ?? [],
      working: "0",
      tradingState: this.stateOf(agentId),
      hold: this.holds.get(agentId)?.[GUARD] ?? NO_HOLD,
      closes: account.closes ?? [],
    };
  }

  #take(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.to === "owner") {
        const { view, alerts } = output.report as RiskReport;
        this.view = view;
        this.alerts.push(...alerts.map(({ message }) => message));
        continue;
      }
      const { current, latched } = output.message as GuardState;
      for (const { agentId } of this.#config.guarded!) {
        this.#hold(
          agentId,
          takeDemand(this.holds.get(agentId), {
            guardId: GUARD,
            current,
            latched,
          }),
        );
      }
    }
  }

  #hold(agentId: string, holds: GuardHolds | undefined): void {
    if (holds !== undefined) this.holds.set(agentId, holds);
  }
}

/** A long position of so much at a price of 100. */
export function longOf(notional: number, market = "BTC/USDT") {
  return {
    market,
    direction: "long" as const,
    quantity: String(notional / 100),
    entryPrice: "100",
    markPrice: "100",
  };
}
