/** Trades that a tear sheet lists; the sheet says how many more there were. The JSON file has more. */
export const SHEET_TRADES_MAX = 500;

/** Parameter sets of a sweep that a tear sheet lists, best first; the sheet says how many more there were. */
export const SHEET_SWEEP_ROWS_MAX = 50;

/** Drawdowns that a tear sheet lists, deepest first; shallower ones are left out. */
export const SHEET_DRAWDOWNS_MAX = 5;

/** Characters of the reasons of one trade in a tear sheet; longer ones end with an ellipsis. */
export const SHEET_REASON_CHARACTERS_MAX = 240;
