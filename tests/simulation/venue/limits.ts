/** Figures of the simulated venue and of the worlds around it. */

/** Virtual time of one run, after which the faults stop. */
export const RUN_MS = 3_600_000;

/** Time to come to rest without faults, in which everything must be settled. */
export const REST_MS = 180_000;

/** Wall time at which every run starts. */
export const START_AT = Date.UTC(2026, 0, 5, 8);

/** Length of a candle; short, so that much happens in an hour. */
export const CANDLE_MS = 15_000;

/** Prices come so often. */
export const QUOTE_EVERY_MS = 1_000;

/** Perpetuals pay funding so often; more often than real ones, so that an hour has some. */
export const FUNDING_EVERY_MS = 600_000;

/** Decimal places of prices and quantities; a cash unit is the product of both steps. */
export const PRICE_PLACES = 2;
export const QUANTITY_PLACES = 3;
export const CASH_PLACES = 8;

/** Rates in hundredths of a percent. */
export const TAKER_BASIS_POINTS = 5;
export const MAKER_BASIS_POINTS = 2;

/** Validity of a signed request. */
export const RECV_WINDOW_MS = 3_000;

/** So much later than its acceptance a read may not show an order yet. */
export const READ_LAG_MS = 8_000;

/** Window, longest way to the engine, error of the clock, and two seconds. */
export const ABSENCE_PROOF_MS = RECV_WINDOW_MS + 10_000 + 500 + 2_000;

/** The gateway gives up after this time. */
export const REQUEST_TIMEOUT_MS = 10_000;

/** A killed desk is started again after this time. */
export const REBOOT_MS = 1_500;

/** How long a position may be seen without its stop while the venue answers: time to protect, and to close at the market. */
export const UNPROTECTED_MAX_MS = 9_000;

/** Capital of the account in quote currency. */
export const CAPITAL = "10000";

/** What the venue account itself holds, more than the agent may use. */
export const VENUE_FUNDS = 1_000_000;
