/**
 * Time of the whole pre-trade chain for an account at a venue, sizing included,
 * and of taking from the rate budget. Run alone it prints one line of JSON a
 * figure.
 *
 * @module
 */
import { systemClock } from "../../actors/system_clock.ts";
import { checkIntent } from "../../agents/risk/controls.ts";
import { checkVenueOrder } from "../../agents/risk/venue_order_controls.ts";
import { toDecimalText } from "../../lib/core/decimal.ts";
import { createRateBudget } from "../../lib/exchange/budget/rate_budget.ts";
import {
  controlContext,
  NOW_MS,
  RULES,
  workingEntry,
} from "../agents/risk/venue_context.ts";
import type { LatencyFigure } from "./smc_bench.ts";

const CHECKS = 50_000;
const WARM_UP = 5_000;

/** The chain on a context with orders at work and every limit set, so that no control is skipped. */
export function benchPretrade(): LatencyFigure {
  const context = controlContext({
    safety: {
      maxOrderNotional: "100000",
      maxOrderQuantity: "1000",
      maxPositionNotional: "100000",
      maxAccountNotional: "1000000",
    },
    venue: {
      working: ["open", "sending", "settling"].map((phase) =>
        workingEntry(phase as "open")
      ),
      keyOrders: [{ side: "sell", price: "120" }],
      recentEntries: [8_000, 4_000, 500].map((agoMs) => ({
        at: NOW_MS - agoMs,
        side: "buy",
        type: "limit",
        price: "99.9",
        quantity: "10",
      })),
    },
  });
  return latency("risk.pretrade", CHECKS, () => {
    const verdict = checkIntent(context);
    if (!verdict.ok) throw new Error(verdict.error.detail);
    const quantity = toDecimalText(verdict.sized.quantity);
    const refusal = checkVenueOrder({
      role: "entry",
      symbol: RULES.symbol,
      rules: RULES,
      positionQuantity: context.venue!.positionQuantity,
      closingQuantity: context.reservedMargin,
      parent: { intended: quantity, sent: "0" },
      request: {
        clientOrderId: "a1",
        symbol: RULES.symbol,
        side: "buy",
        type: "limit",
        quantity,
        price: toDecimalText(verdict.entryPrice),
        triggerPrice: null,
        reduceOnly: false,
        postOnly: false,
        timeInForce: "GTC",
        ocoGroup: null,
      },
    });
    if (refusal !== null) throw new Error(refusal.detail);
  });
}

/** Takes measured one by one would measure the clock, so each figure is the mean of many. */
const TAKES = 1_000;

/** Time of one take in microseconds. */
export function benchTryTake(): LatencyFigure {
  const budget = createRateBudget({
    clock: systemClock,
    venue: "bench",
    windows: [
      { name: "weight", windowMs: 60_000, limit: 1e9, counts: "weight" },
      { name: "orders 10 s", windowMs: 10_000, limit: 1e9, counts: "orders" },
      {
        name: "orders day",
        windowMs: 86_400_000,
        limit: 1e9,
        counts: "orders",
      },
    ],
  });
  const figure = latency("budget.try_take", 2_000, () => {
    for (let take = 0; take < TAKES; take++) {
      if (!budget.tryTake("entry", 1)) throw new Error("The budget is empty");
    }
  });
  const { p50, p99, max } = figure;
  const each = (ms: number) => Number((ms * 1_000 / TAKES).toFixed(3));
  return {
    ...figure,
    unit: "us",
    p50: each(p50),
    p99: each(p99),
    max: each(max),
  };
}

function latency(
  name: string,
  count: number,
  run: () => void,
): LatencyFigure {
  for (let index = 0; index < WARM_UP; index++) run();
  const times = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const startMs = performance.now();
    run();
    times[index] = performance.now() - startMs;
  }
  times.sort();
  const at = (share: number) =>
    times[Math.min(count - 1, Math.floor(share * count))]!;
  return {
    name,
    unit: "ms",
    n: count,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}

if (import.meta.main) {
  for (const figure of [benchPretrade(), benchTryTake()]) {
    // deno-lint-ignore no-console -- a benchmark prints its figures
    console.log(JSON.stringify(figure));
  }
}
