/** Limits of the kill -9 campaign; what happens at each one is said beside it. */

/** All agents must be where they are wanted within this time after a kill, or the campaign fails. */
export const RECOVERY_DEADLINE_MS = 60_000;

/** A recovery or a try of a request that takes longer than this is told with what it waits for. */
export const SLOW_MS = 6_000;

/** How often the campaign looks whether they are; the least resolution of `recoveryMs`. */
export const RECOVERY_POLL_MS = 40;

/** Share of the kills that hit a process while it starts. */
export const EARLY_KILLS_SHARE = 0.3;

/** When such a kill comes, after the process was started: before it listens, while agents start, and while they trade again. */
export const EARLY_KILL_MIN_MS = 50;
export const EARLY_KILL_MAX_MS = 3_000;

/**
 * When the other kills come, after all agents run again. The parent takes a
 * process that was up for less than a second for one that cannot start, and
 * pauses longer and longer; these kills are not to measure its pauses.
 */
export const LATE_KILL_MIN_MS = 1_600;
export const LATE_KILL_MAX_MS = 4_000;

/** Before the first kill there is time to trade live: a new agent has no ids to ask for. */
export const FIRST_KILL_MS = 8_000;

/**
 * Every so many kills there is time to trade live before: after a restart every
 * order id that may have been used is asked for twice, which takes a live agent
 * nearly twenty seconds before it enters anything new.
 */
export const LIVE_KILL_EVERY = 4;
export const LIVE_KILL_MIN_MS = 20_000;
export const LIVE_KILL_MAX_MS = 28_000;

/** Pause between two commands of the client. */
export const COMMAND_MIN_MS = 100;
export const COMMAND_MAX_MS = 900;

/** Agents that the client spawns while the campaign runs. */
export const EXTRA_AGENTS_MAX = 3;

/** Pause before a request that found no server is sent again. */
export const RECONNECT_MS = 25;

/** One try of a request may take so long; then it is repeated. */
export const TRY_DEADLINE_MS = 15_000;

/** A request is repeated for at most this long; then the campaign fails. */
export const REQUEST_DEADLINE_MS = 90_000;

/** Candles of a replay file for each kill, so that most of the campaign has candles to replay. */
export const CANDLES_PER_KILL = 45;
export const CANDLES_MIN = 300;
export const CANDLES_MAX = 30_000;

/**
 * Replays must end, stops be done and reports be stored within this time after
 * the last kill. A stop is done when the venue has nothing left, and one that
 * wants silence for two minutes, as after a ban, is not asked before.
 */
export const SETTLE_DEADLINE_MS = 240_000;

/** The venue closes a minute so often, so that live agents trade within a campaign. */
export const VENUE_MINUTE_MS = 200;

/** How bad the venue's weather is: 1 is a very bad day, see `tests/venue/faults/weather.ts`. */
export const VENUE_WEATHER = 0.3;

/** Requests that reached the venue so soon after it asked for silence had left before its answer came. */
export const IN_FLIGHT_MS = 250;
