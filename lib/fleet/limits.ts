/** Limits of the fleet service; what happens at each one is said beside it. */

/** Points of an equity curve kept per agent; the oldest half is thinned when it is full. */
export const MAX_EQUITY_POINTS = 600;

/** Points of the sparkline in a fleet row. */
export const SPARKLINE_POINTS = 48;

/** Lifecycle changes kept per agent; the oldest is forgotten. */
export const MAX_HISTORY = 60;

/** Candles of history that an agent on a simulated market sees before it may trade. */
export const WARM_UP_CANDLES = 500;

/** The same of a decision engine: its features need 500 candles, and the longest window that a model may have follows. */
export const ENGINE_WARM_UP_CANDLES = 756;

/** History that a simulated market has on its first day, in milliseconds of market time. */
export const SIMULATED_HISTORY_MS = 60 * 86_400_000;

/** How often changed agents are written and streamed, and the least distance of two updates of one agent. */
export const PUBLISH_TICK_MS = 250;
export const PUBLISH_EVERY_MS = 1_000;

/** How often desired and observed states are compared, besides after each change. */
export const RECONCILE_EVERY_MS = 1_000;

/** A failed step of the reconciler is tried again after this long, doubled each time up to the maximum. */
export const RECONCILE_RETRY_MS = 5_000;
export const RECONCILE_RETRY_MAX_MS = 300_000;

/** One that pauses, stops or settles is tried again after this long each time: the desk itself waits for its venue. */
export const RISK_STEP_RETRY_MS = 2_000;

/** How often a running agent's snapshot is stored; a crash repeats at most this much work. */
export const SNAPSHOT_EVERY_MS = 15_000;

/** How often agents are looked at whose snapshot is due; each time a part of them has its turn. */
export const SNAPSHOT_TICK_MS = 500;

/** How often old events are pruned. */
export const PRUNE_EVERY_MS = 60_000;

/** Deadline of questions to feed, desk and agents. */
export const ASK_DEADLINE_MS = 10_000;

/** Time that all actors together have to end on a shutdown. */
export const DRAIN_DEADLINE_MS = 10_000;

/** What an agent used is kept for a minute and for an hour, the running slot included; what is older is forgotten. */
export const MINUTE_RING = { slotMs: 5_000, slots: 12 } as const;
export const HOUR_RING = { slotMs: 60_000, slots: 60 } as const;

/** Candles a chart answer may hold. */
export const MAX_CHART_CANDLES = 600;

/** Trades that are drawn on a chart. */
export const MAX_CHART_TRADES = 200;

/** How often the health of the store is looked at; while it fails it is tried at every second look. */
export const STORAGE_CHECK_MS = 500;

/** A store that has failed this long holds new risk; shorter hiccups are its own affair. */
export const STORAGE_GRACE_MS = 2_000;

/** How often the store is tried while no agent runs, and so nobody else writes. */
export const IDLE_PROBE_MS = 2_000;

/** Journals that fail or recover within this time are one alert. */
export const JOURNAL_ALERT_MS = 1_000;

/** Agents that an alert about journals names; the rest is counted. */
export const JOURNAL_ALERT_NAMES = 3;

/** Alerts that wait for the store; later ones were sent to whoever listened, and that is all. */
export const MAX_UNSTORED_ALERTS = 100;

/** A command that reduces risk waits this long for the store; then it is carried out without. */
export const COMMAND_STORE_MS = 2_000;

/** Pauses before the looks at a record whose commit is in doubt; a commit can be stored some seconds after it was given up. */
export const COMMAND_DOUBT_MS = [1_000, 3_000, 10_000, 30_000] as const;

/** Dead letters of one kind within this time are kept as two: the first, and the newest with a count. */
export const DEAD_LETTER_WINDOW_MS = 10_000;

/** Kinds of dead letters told apart within that time; more are only counted. */
export const DEAD_LETTER_KINDS_MAX = 50;

/** Agents that are read from the store at the same time at start-up; more would only queue there. */
export const RECOVERY_PARALLEL = 8;

/** At a start, candles are held until all agents are there, but not longer than this: then the others trade without the late ones. */
export const START_GATE_MAX_MS = 5_000;

/** A feed that did not answer when its candles were let go is asked again after this long. */
export const START_GATE_RETRY_MS = 250;

/** Trades read at once at start-up, where the stored totals of an agent do not know them yet. */
export const RECOVERY_PAGE = 500;

/** Looks at whether the store has all trades of an agent that has stopped, and the pause between two of them. */
export const SETTLE_LOOKS = 100;
export const SETTLE_LOOK_MS = 100;

/** A report of the desk that the store refuses is tried again after this long; the desk keeps it meanwhile. */
export const REPORT_RETRY_MS = 1_000;

/** Most imported templates of one server; a further one is refused with a sentence. */
export const MAX_IMPORTED_TEMPLATES = 100;

/** Recordings kept of an agent, the one under way included; the oldest is removed. */
export const RECORDINGS_PER_AGENT = 5;

/** Packed bytes of recordings that may wait for the disk; then the recording that brings more ends, and its agent goes on. */
export const RECORDING_QUEUE_BYTES = 8_388_608;

/** How long an exchange may take to say what a key may do. */
export const KEY_PROBE_DEADLINE_MS = 30_000;
/** The feed worker of an exchange is ended when no agent has used it for so long. */
export const FEED_IDLE_MS = 120_000;

/** Time between two looks for such workers. */
export const FEED_SWEEP_MS = 15_000;

/** How often it is looked whether a venue has asked for silence, to keep it over a restart. */
export const SILENCE_LOOK_MS = 100;

/** Least time between two writes of what a risk manager shows, where nothing that matters has changed; what comes between is in memory only. */
export const RISK_STORE_EVERY_MS = 5_000;

/** How often a command is tried where others change the same agent at the same moment. */
export const MAX_COMMAND_ATTEMPTS = 5;

/** Trades of one agent in memory beyond those that the store retains; then its book is read anew, without those that were pruned. */
export const BOOK_SPARE_ROWS = 5_000;

/** Trades of all agents in memory for figures, about 200 bytes each; the books that nobody asked for longest are forgotten. */
export const BOOKS_ROWS_MAX = 500_000;

/** Sums of one agent that are kept, by period and time zone. */
export const BOOK_TALLIES_MAX = 6;

/** Agents whose daily results are compared two by two: those with the most trades. */
export const CORRELATED_AGENTS_MAX = 8;
