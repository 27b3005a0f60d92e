import type {
  DeskAction,
  DeskEvent,
  OrderIntent,
} from "../../lib/contracts/order.ts";
import type {
  StrategiesConfig,
  StrategyKey,
} from "../../lib/contracts/strategies.ts";
import type { DetectorSet } from "../smc/detector_set.ts";
import { proposeGap } from "./fvg.ts";
import { proposeOrderBlock } from "./order_block.ts";
import { describeReasons } from "./reasons.ts";
import { endOfSetup, type Setup } from "./setup.ts";

/** A setup and the entry that was submitted for it, if one is. Plain data. */
export interface ArmedSetup {
  setup: Setup;
  intentId: string | null;
}

/** State of an {@link EntryBook}; structured-cloneable. */
export type EntryBookSnapshot = Record<StrategyKey, ArmedSetup | null>;

/** What bounds the decision on one candle. */
export interface EntryGate {
  strategies: StrategiesConfig;
  riskPct: number;
  /** Why no entry may be open now, or null where entries are allowed. */
  closedBecause: string | null;
}

/** Strategies in the order in which they may submit. */
const STRATEGY_ORDER = ["orderBlock", "fvg"] as const satisfies StrategyKey[];

const NO_ACTIONS: readonly DeskAction[] = [];

/**
 * The entries of one agent. Each strategy has at most one setup, the newest;
 * at most ONE entry is submitted in all, so that two fills on one candle
 * cannot make two positions in a symbol.
 *
 * A setup waits while entries are closed (warm-up, pause, open position) and
 * is submitted afterwards if price has not touched it meanwhile. It is used up
 * by a fill, a denial, or a cancellation by the desk.
 */
export class EntryBook {
  readonly #armed: EntryBookSnapshot = { orderBlock: null, fvg: null };
  /** Setups that the newest candle made. The array is reused. */
  readonly proposed: Setup[] = [];
  readonly #actions: DeskAction[] = [];

  /** Takes an event of the desk. */
  apply(event: DeskEvent): void {
    if (event.type === "OrderDenied") {
      // The entry is known to the desk already: an earlier incarnation sent it, and its order stands.
      if (event.code !== "INTENT_DUPLICATE") this.#useUp(event.intentId);
    } else if (event.type === "OrderFilled") {
      if (event.fill.role === "entry") this.#useUp(event.fill.intentId);
    } else if (event.type === "OrderCanceled") {
      if (event.role === "entry") this.#useUp(event.intentId);
    }
  }

  /** Decides on the newest candle of the detectors: withdrawals first, then at most one entry. */
  decide(detectors: DetectorSet, gate: EntryGate): readonly DeskAction[] {
    const actions = this.#actions;
    actions.length = 0;
    this.proposed.length = 0;
    for (const key of STRATEGY_ORDER) {
      this.#withdraw(key, gate, detectors, actions);
    }
    for (const key of STRATEGY_ORDER) this.#arm(key, gate, detectors, actions);
    if (gate.closedBecause === null) this.#submit(detectors, gate, actions);
    return actions.length === 0 ? NO_ACTIONS : actions.slice();
  }

  #useUp(intentId: string): void {
    for (const key of STRATEGY_ORDER) {
      if (this.#armed[key]?.intentId === intentId) this.#armed[key] = null;
    }
  }

  #withdraw(
    key: StrategyKey,
    gate: EntryGate,
    detectors: DetectorSet,
    actions: DeskAction[],
  ): void {
    const armed = this.#armed[key];
    if (armed === null) return;
    const config = gate.strategies[key];
    const over = config.enabled
      ? endOfSetup(armed.setup, {
        detectors,
        maxAgeCandles: config.maxAgeCandles,
      })
      : "The strategy was turned off";
    const reason = over ?? gate.closedBecause;
    if (over !== null) this.#armed[key] = null;
    if (reason === null || armed.intentId === null) return;
    actions.push({ kind: "cancel", intentId: armed.intentId, reason });
    armed.intentId = null;
  }

  #arm(
    key: StrategyKey,
    gate: EntryGate,
    detectors: DetectorSet,
    actions: DeskAction[],
  ): void {
    if (!gate.strategies[key].enabled) return;
    const setup = key === "orderBlock"
      ? proposeOrderBlock(detectors, gate.strategies.orderBlock)
      : proposeGap(detectors, gate.strategies.fvg);
    if (setup === null) return;
    const intentId = this.#armed[key]?.intentId ?? null;
    if (intentId !== null) {
      actions.push({
        kind: "cancel",
        intentId,
        reason: "A newer setup takes its place",
      });
    }
    this.#armed[key] = { setup, intentId: null };
    this.proposed.push(setup);
  }

  #submit(
    detectors: DetectorSet,
    gate: EntryGate,
    actions: DeskAction[],
  ): void {
    for (const key of STRATEGY_ORDER) {
      if (this.#armed[key]?.intentId) return;
    }
    for (const key of STRATEGY_ORDER) {
      const armed = this.#armed[key];
      if (armed === null) continue;
      // An order submitted now lives from the next candle on.
      const lastSeq = armed.setup.createdSeq +
        gate.strategies[key].maxAgeCandles;
      if (detectors.series.lastSeq >= lastSeq) continue;
      // At most one entry is submitted on a candle, so its number is 0.
      const intentId = `${detectors.series.lastSeq}.0`;
      armed.intentId = intentId;
      actions.push({
        kind: "submit",
        intent: toIntent(armed.setup, {
          intentId,
          seq: detectors.series.lastSeq,
          riskPct: gate.riskPct,
          maxAgeCandles: gate.strategies[key].maxAgeCandles,
        }),
      });
      return;
    }
  }

  snapshot(): EntryBookSnapshot {
    return structuredClone(this.#armed);
  }

  restore(snapshot: EntryBookSnapshot): void {
    Object.assign(this.#armed, structuredClone(snapshot));
    this.proposed.length = 0;
  }
}

function toIntent(
  setup: Setup,
  options: {
    intentId: string;
    seq: number;
    riskPct: number;
    maxAgeCandles: number;
  },
): OrderIntent {
  return {
    intentId: options.intentId,
    seq: options.seq,
    side: setup.zone.bias > 0 ? "buy" : "sell",
    entry: { type: "limit", price: setup.plan.entryPrice },
    stopPrice: setup.plan.stopPrice,
    targetPrice: setup.plan.targetPrice,
    riskPct: options.riskPct,
    expireAfterSeq: setup.createdSeq + options.maxAgeCandles,
    strategy: setup.strategy,
    reasons: describeReasons(setup),
  };
}
