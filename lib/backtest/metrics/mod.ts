/** Figures of a finished run. Pure; definitions and sources: docs/backtest-figures.md. */
export { computeMetrics, type MetricsInput } from "./compute.ts";
export { deflatedSharpe } from "./deflated_sharpe.ts";
export { MONEY_PLACES, netResult, returnPct } from "./money.ts";
export { distributionOf, monteCarlo } from "./monte_carlo.ts";
export { monthlyReturns } from "./months.ts";
export { breakDownByPattern } from "./patterns.ts";
export { sharpeRatio, sortinoRatio } from "./ratios.ts";
export { dailyReturns, type DayEquity, dayOf } from "./returns.ts";
export { profitFactor, winRatePct } from "./trades.ts";
