/** Limits of the answer about the risk of the whole fleet: what is beyond is counted, the worst is always shown. */
export const LIMITS_SHOWN = 100;
/** Markets whose rules are shown. */
export const MARKET_RULES_SHOWN = 50;
/** Accounts that may not trade freely. */
export const HELD_SHOWN = 50;
/** Breakers, open ones first. */
export const BREAKERS_SHOWN = 50;
/** Agents whose drawdown curve is shown, and points of each. */
export const DRAWDOWNS_SHOWN = 6;
/** Points of one curve; in between the deepest of each stretch stays. */
export const DRAWDOWN_POINTS = 120;

/** How far back denied orders are counted. */
export const DENIALS_WINDOW_MS = 86_400_000;
/** Reads of the log for one count, each of at most `MAX_LOG_SCAN` lines; beyond, the answer says since when it counts. */
export const DENIAL_READS = 2;
/** Lines of one read. */
export const DENIAL_PAGE = 500;
/** A count that is younger is given again: reading the log costs more than all else here. */
export const DENIALS_FRESH_MS = 5_000;

/** How long a desk may take to say how its breakers stand. */
export const BREAKER_ASK_MS = 1_000;
