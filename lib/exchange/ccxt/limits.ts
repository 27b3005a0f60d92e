/** Limits of this folder, one place for all. What happens at each limit is said beside it. */

/** Longest wait for a whole answer. Above the 10 s after which Binance itself gives up; later the outcome is unknown. */
export const ANSWER_MS_MAX = 15_000;

/** Most bytes of one answer: Binance lists all its markets in about 15 MB. A larger one ends the request. */
export const ANSWER_BYTES_MAX = 64 * 1_024 * 1_024;

/** Longest sentence of a venue that is passed on; the rest is cut off. */
export const VENUE_SENTENCE_MAX = 200;

/** Idle connections to one host that are kept for the next request; further ones are closed. */
export const IDLE_CONNECTIONS_MAX = 8;

/** How long an idle connection is kept. */
export const IDLE_CONNECTION_MS_MAX = 90_000;

/** Pages of own trades that one question reads at most; what is left out comes with the next question. */
export const TRADE_PAGES_MAX = 50;

/** Trades of one page. */
export const PAGE_TRADES = 500;

/** Pages of open orders that one question reads at most; an account with more is refused by venues long before. */
export const ORDER_PAGES_MAX = 40;

/** Trades of one page that is read from the newest on, as venues cap it. */
export const PAGE_TRADES_BACKWARD = 100;

/** Open orders of one page. Venues keep fewer per market. */
export const PAGE_ORDERS = 50;

/** Events of one question for how an order ended, the newest; what only older ones tell stays unknown. */
export const HISTORY_EVENTS = 500;

/** Funding payments of one question; older ones are left out, for they are three a day. */
export const PAGE_FUNDING = 100;

/** Shortest pause before a private stream is opened again; it doubles with every failure in a row. */
export const RECONNECT_MS_MIN = 500;

/** Longest pause before a private stream is opened again. */
export const RECONNECT_MS_MAX = 30_000;

/** After so long without news a private stream is opened anew, because a dead one is as silent as a quiet one. */
export const STREAM_SILENCE_MS_MAX = 30 * 60_000;

/** Longest wait for a private stream to be open. */
export const STREAM_OPEN_MS_MAX = 15_000;

/** Trade ids that one private stream remembers, so that none is told twice; the oldest is forgotten. */
export const TRADES_REMEMBERED = 10_000;

/** How long a venue is left alone that says "too often" without saying for how long. */
export const SILENCE_MS = 60_000;

/** Newest orders and trades that are looked at after each message; one message never holds so many. */
export const KEPT_LOOKED_AT = 50;

/** Orders, and trades, that the library keeps of a stream; the oldest is forgotten, which loses nothing that was not looked at. */
export const KEPT_BY_LIBRARY = 2 * KEPT_LOOKED_AT;

/** Orders of which is remembered what was told last; of the oldest it is told again. */
export const ORDERS_REMEMBERED = 2_000;
