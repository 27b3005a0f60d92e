/**
 * Lets the agents of a host that starts come back before any of them trades.
 * Agents that are back repeat what came after their last snapshot as fast as
 * they can; that takes the processor from those that still start, and the last
 * one would be back late. Markets move in lockstep with their agents, so
 * standing still for a moment changes no result.
 *
 * @module
 */
import type { Timer } from "../../actors/mod.ts";
import type { FeedSource } from "../contracts/feed.ts";
import type { FeedQuery } from "../contracts/market.ts";
import type { ObservedState } from "../contracts/lifecycle.ts";
import { feedId, type FleetContext } from "./context.ts";
import {
  ASK_DEADLINE_MS,
  START_GATE_MAX_MS,
  START_GATE_RETRY_MS,
} from "./limits.ts";
import type { AgentEntry } from "./registry.ts";

/** Feeds in lockstep with their agents. An exchange's market waits for nobody, and has little to catch up on. */
const FEEDS: readonly FeedSource[] = [{ kind: "simulated" }, {
  kind: "replay",
}];

/** States of an agent that is still to come. One that backs off or is quarantined is not waited for. */
const ON_ITS_WAY: ReadonlySet<ObservedState> = new Set<ObservedState>([
  "stopped",
  "starting",
  "reconciling",
]);

/** What a gate needs of the fleet. */
type GateContext = Pick<FleetContext, "clock" | "isDraining"> & {
  supervisor: Pick<FleetContext["supervisor"], "ask">;
  agents: { own(): readonly Pick<AgentEntry, "record" | "observed">[] };
};

/** Keeps the candles of a host that starts until its agents are there. */
export class StartGate {
  readonly #context: GateContext;
  #isClosed = false;
  /** Whether all else that is to be up before trading goes on is up. */
  #isReady = true;
  #limit: Timer | null = null;
  readonly #retries = new Set<Timer>();

  constructor(context: GateContext) {
    this.#context = context;
  }

  /**
   * Holds the candles, if there is anybody to wait for. Called once feeds are up
   * and before any agent starts. They are not let go before `others` has ended, either.
   */
  async close(others: Promise<unknown> | null = null): Promise<void> {
    if (!this.#context.agents.own().some(isOnItsWay)) return;
    if (others !== null) {
      this.#isReady = false;
      const becomeReady = () => {
        this.#isReady = true;
        this.look();
      };
      others.then(becomeReady, becomeReady);
    }
    // A feed that cannot be held sends its candles at once: slower, and just as right.
    await Promise.allSettled(FEEDS.map((source) => this.#ask(source, true)));
    this.#isClosed = true;
    this.#limit = this.#context.clock.after(
      START_GATE_MAX_MS,
      () => this.#open(),
    );
  }

  /** An agent has changed its state: lets the markets go once nobody is on the way any more. */
  look(): void {
    if (!this.#isClosed || !this.#isReady) return;
    if (!this.#context.agents.own().some(isOnItsWay)) this.#open();
  }

  /** Ends the gate's timers. */
  cancel(): void {
    this.#isClosed = false;
    this.#limit?.cancel();
    for (const timer of this.#retries) timer.cancel();
    this.#retries.clear();
  }

  #open(): void {
    this.#isClosed = false;
    this.#limit?.cancel();
    for (const source of FEEDS) void this.#release(source);
  }

  async #release(source: FeedSource): Promise<void> {
    try {
      await this.#ask(source, false);
    } catch {
      if (this.#context.isDraining) return;
      // It may have died and hold nothing any more; but nobody may wait for ever.
      const timer = this.#context.clock.after(START_GATE_RETRY_MS, () => {
        this.#retries.delete(timer);
        void this.#release(source);
      });
      this.#retries.add(timer);
    }
  }

  #ask(source: FeedSource, isHeld: boolean): Promise<unknown> {
    const query: FeedQuery = { type: "holdCandles", isHeld };
    return this.#context.supervisor.ask(feedId(source), query, {
      deadlineMs: ASK_DEADLINE_MS,
    });
  }
}

function isOnItsWay(
  { record, observed }: Pick<AgentEntry, "record" | "observed">,
): boolean {
  const isMeantToRun = record.desired === "running" ||
    record.desired === "paused";
  return isMeantToRun && ON_ITS_WAY.has(observed.state);
}
