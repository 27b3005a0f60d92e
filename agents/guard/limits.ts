/**
 * Limits of a risk manager.
 *
 * @module
 */

/** Candles that a market may be behind the others of its clock before its return counts as unknown. */
export const LAG_CANDLES_MAX = 3;

/** Least time between two reports of figures alone; a change of state is told at once. */
export const REPORT_EVERY_MS = 1_000;

/** Least time between two tests of the loss estimates against the past: they take some milliseconds. */
export const BACKTEST_EVERY_MS = 10_000;

/** Accounts, markets and rows of the ladder that a report lists; how many are left out is told. */
export const ACCOUNTS_SHOWN = 50;
export const MARKETS_SHOWN = 30;
export const LADDER_ROWS_SHOWN = 20;

/** Alerts of one report; more at once are cut. */
export const ALERTS_MAX = 16;
