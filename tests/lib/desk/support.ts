import { PRESET_COSTS } from "../../../agents/execution/costs.ts";
import { DEFAULT_SAFETY } from "../../../agents/risk/safety_limits.ts";
import type { CostsConfig } from "../../../lib/contracts/costs.ts";
import type { Candle } from "../../../lib/contracts/candle.ts";
import type { DeskAccountConfig } from "../../../lib/contracts/desk.ts";
import type {
  AgentDecided,
  DeskStepped,
} from "../../../lib/contracts/links.ts";
import type {
  DeskAction,
  DeskEvent,
  OrderIntent,
} from "../../../lib/contracts/order.ts";
import { createRng } from "../../../lib/core/rng.ts";

/** 2024-01-01T00:00:00Z, the first candle of every market here. */
export const START_AT = 1_704_067_200_000;
export const MINUTE_MS = 60_000;

/** Changes to an account's configuration. */
export interface ConfigChange {
  agentId?: string;
  risk?: Partial<DeskAccountConfig["risk"]>;
  safety?: Partial<DeskAccountConfig["safety"]>;
  startSeq?: number;
  pacing?: DeskAccountConfig["pacing"];
  entriesAllowed?: boolean;
  /** Changes to the preset costs; the account has none of its own where it is left out. */
  costs?: Partial<CostsConfig>;
  candleMs?: number;
}

/** An account with wide limits, so that a test meets only the limit it sets. */
export function accountConfig(change: ConfigChange = {}): DeskAccountConfig {
  return {
    agentId: change.agentId ?? "agt_1",
    symbol: "BTC/USDT",
    startSeq: change.startSeq ?? 0,
    pacing: change.pacing ?? "lockstep",
    risk: {
      initialCapital: "10000",
      leverage: 5,
      riskLevel: "moderate",
      maxDrawdownPct: 50,
      dailyLossLimit: "10000",
      riskPerTradePct: 1,
      ...change.risk,
    },
    safety: {
      ...DEFAULT_SAFETY,
      maxOrdersPerMinute: 30,
      maxOpenOrders: 5,
      breakerConsecutiveLosses: 0,
      ...change.safety,
    },
    seed: 1,
    ...(change.costs === undefined
      ? {}
      : { costs: { ...PRESET_COSTS, ...change.costs } }),
    ...(change.candleMs === undefined ? {} : { candleMs: change.candleMs }),
    entriesAllowed: change.entriesAllowed ?? true,
  };
}

/** A candle with flat prices unless told otherwise. */
export function candle(
  seq: number,
  prices: Partial<Candle> & { close: number },
): Candle {
  const { close } = prices;
  return {
    seq,
    openAt: START_AT + seq * MINUTE_MS,
    open: close,
    high: Math.max(prices.open ?? close, close),
    low: Math.min(prices.open ?? close, close),
    volume: 1,
    ...prices,
  };
}

/** A random market with prices of two decimals; the same seed gives the same one. */
export function randomMarket(seed: number, count: number): Candle[] {
  const rng = createRng(seed);
  const cents = (price: number) => Math.round(price * 100) / 100;
  const candles: Candle[] = [];
  let close = 1000;
  for (let seq = 0; seq < count; seq++) {
    const jump = rng.next() < 0.05 ? (rng.next() - 0.5) * 0.03 : 0;
    const open = cents(close * (1 + jump));
    close = cents(Math.max(50, open * (1 + (rng.next() - 0.5) * 0.02)));
    const high = cents(Math.max(open, close) * (1 + rng.next() * 0.006));
    const low = cents(Math.min(open, close) * (1 - rng.next() * 0.006));
    const openAt = START_AT + seq * 15 * MINUTE_MS;
    candles.push({ seq, openAt, open, high, low, close, volume: 1 });
  }
  return candles;
}

/** An intent to buy at market with a stop below and a target above. */
export function intent(
  seq: number,
  change: Partial<OrderIntent> = {},
): OrderIntent {
  return {
    intentId: `${seq}.0`,
    seq,
    side: "buy",
    entry: { type: "market" },
    stopPrice: 95,
    targetPrice: 110,
    riskPct: 1,
    expireAfterSeq: null,
    strategy: "test",
    reasons: ["because"],
    ...change,
  };
}

export function submit(seq: number, change: Partial<OrderIntent> = {}) {
  return {
    type: "decided" as const,
    seq,
    actions: [{ kind: "submit" as const, intent: intent(seq, change) }],
  };
}

/** The same market with a second one beside it. */
export function withHedge(candles: readonly Candle[], seed: number): Candle[] {
  const second = randomMarket(seed, candles.length);
  return candles.map((bar, index) => {
    const { open, high, low, close, volume } = second[index]!;
    return { ...bar, hedge: { open, high, low, close, volume } };
  });
}

/** A pair of half the first leg's value, stopped at one percent of it. */
function pairIntent(
  bar: Candle,
  { index, sign }: { index: number; sign: 1 | -1 },
): OrderIntent {
  return intent(bar.seq, {
    intentId: `${bar.seq}.${index}`,
    side: sign > 0 ? "buy" : "sell",
    stopPrice: bar.close * (1 - sign * 0.01),
    targetPrice: null,
    expireAfterSeq: bar.seq + 2,
    hedge: {
      side: sign > 0 ? "sell" : "buy",
      ratio: 0.5 * bar.close / bar.hedge!.close,
    },
  });
}

/** State of a {@link ScriptedAgent}. */
export interface ScriptState {
  decidedSeq: number;
  resting: string[];
  /** The open position, or null. */
  held: { intentId: string; sign: 1 | -1 } | null;
  trades: number;
  denied: number;
}

/**
 * A stand-in for a strategy: its decisions follow from the candle's number and
 * from everything it was ever told, so that one lost or doubled event changes
 * the trades that follow.
 */
export class ScriptedAgent {
  readonly #seed: number;
  state: ScriptState = {
    decidedSeq: -1,
    resting: [],
    held: null,
    trades: 0,
    denied: 0,
  };

  constructor(seed: number) {
    this.#seed = seed;
  }

  decide(bar: Candle, step: DeskStepped): DeskAction[] {
    for (const event of step.events) this.#take(event);
    this.state.decidedSeq = bar.seq;
    const rng = createRng(
      this.#seed + bar.seq * 7919 + this.state.trades * 31 + this.state.denied,
    );
    for (let skip = 0; skip < 3; skip++) rng.next();
    const dice = rng.next();
    if (step.hasPosition) return this.#manage(bar, dice);
    const [oldest] = this.state.resting;
    if (oldest !== undefined && dice < 0.1) {
      return [{ kind: "cancel", intentId: oldest, reason: "Changed its mind" }];
    }
    if (dice > 0.35) return [];
    return Array.from(
      { length: dice < 0.05 ? 2 : 1 },
      (_, index) => ({
        kind: "submit",
        intent: this.#intent(bar, { index, dice: rng.next() }),
      }),
    );
  }

  /** Sometimes a close, sometimes a stop that moves; some of the moves are not in favour and so denied. */
  #manage(bar: Candle, dice: number): DeskAction[] {
    if (dice < 0.03) return [{ kind: "close", reason: "The script says so" }];
    const { held } = this.state;
    if (held === null || dice > 0.3) return [];
    const { intentId, sign } = held;
    const distance = dice < 0.06 ? -0.01 : 0.002 + dice * 0.03;
    const stopPrice = Math.round(bar.close * (1 - sign * distance) * 100) / 100;
    return [{ kind: "moveStop", intentId, stopPrice, reason: "It follows" }];
  }

  #intent(
    bar: Candle,
    { index, dice }: { index: number; dice: number },
  ): OrderIntent {
    const isLong = dice < 0.5;
    const sign = isLong ? 1 : -1;
    const price = Math.round(bar.close * (1 - sign * 0.002) * 100) / 100;
    if (bar.hedge !== undefined && dice * 10000 % 1 < 0.6) {
      return pairIntent(bar, { index, sign });
    }
    return intent(bar.seq, {
      intentId: `${bar.seq}.${index}`,
      side: isLong ? "buy" : "sell",
      entry: dice * 10 % 1 < 0.3
        ? { type: "market" }
        : { type: "limit", price },
      stopPrice: Math.round(bar.close * (1 - sign * 0.012) * 100) / 100,
      targetPrice: dice * 1000 % 1 < 0.3
        ? null
        : Math.round(bar.close * (1 + sign * 0.018) * 100) / 100,
      expireAfterSeq: dice * 100 % 1 < 0.5 ? bar.seq + 6 : null,
    });
  }

  #take(event: DeskEvent): void {
    const { state } = this;
    switch (event.type) {
      case "OrderAccepted":
        if (event.order.role === "entry") {
          state.resting.push(event.order.intentId);
        }
        break;
      case "OrderFilled":
      case "OrderCanceled": {
        const done = event.type === "OrderFilled" ? event.fill : event;
        if (done.role !== "entry") break;
        if (event.type === "OrderFilled") {
          const sign = event.fill.side === "buy" ? 1 : -1;
          state.held = { intentId: done.intentId, sign };
        }
        state.resting = state.resting.filter((id) => id !== done.intentId);
        break;
      }
      case "OrderDenied":
      case "StopMoveDenied":
        state.denied++;
        break;
      case "PositionClosed":
        state.held = null;
        state.trades++;
        break;
      case "TradingStateChanged":
        break;
    }
  }
}

/** What an agent must keep to come back: its state and the decision that may not have arrived. */
export interface AgentSnapshot {
  state: ScriptState;
  unheard: AgentDecided | null;
}
