/**
 * Every limit and default of the runtime, with what happens at it. Times are
 * milliseconds.
 *
 * @module
 */

/** Commands that may wait for one actor; one more is refused with `MAILBOX_FULL`. */
export const CONTROL_LANE_MAX = 256;

/** Messages that may wait on the events lane; one more fails the sender with `EVENTS_OVERFLOW`. */
export const EVENTS_LANE_MAX = 1_024;

/** Keys that may wait on the market lane, each with its latest message; one more fails the sender with `MARKET_OVERFLOW`. */
export const MARKET_LANE_MAX = 1_024;

/** Messages that may wait on the logs lane; one more pushes out the oldest, which is counted. */
export const LOGS_LANE_MAX = 1_024;

/** Messages that may be under way at once; the others wait in the sender's mailbox. */
export const IN_FLIGHT_MAX = 64;

/** Part of `IN_FLIGHT_MAX` that only the control lane may use, so that slow questions cannot hold up a stop. */
export const CONTROL_RESERVE = 8;

/** Messages that may be under way on a link in one direction, unless the link says otherwise. */
export const LINK_WINDOW = 64;

/** Time for which messages of links may keep a worker from everything else; then commands, timers and heartbeats have their turn. */
export const LINK_TURN_MS = 10;

/** The largest window a link may ask for; it bounds the receiver's queue. */
export const LINK_WINDOW_MAX = 4_096;

/** A receiver gives credit back once it owes this part of the window, so one message in sixteen carries it. */
export const CREDIT_BATCH_SHARE = 4;

/** Reports that may be under way from an actor to its owner. */
export const REPORTS_IN_FLIGHT_MAX = 1_024;

/** Reports that may wait for a busy owner; one more fails the actor. */
export const REPORTS_WAITING_MAX = 16_384;

/** The owner gives credit for reports in lots of this size. */
export const REPORT_CREDIT_BATCH = 128;

/** Interval of the heartbeats that every actor sends unasked. */
export const HEARTBEAT_MS = 1_000;

/** Silence after which an actor counts as degraded. Fifty spawns at once delay beats by up to 1.24 s. */
export const SUSPECT_MS = 3_000;

/** Silence after which an actor counts as dead: it is terminated and started again. With the latest timer that a watch still trusts that is five seconds. */
export const DEAD_MS = 4_500;

/** A watch that fires later than this blames its own isolate, not the actor it watches. */
export const WATCH_STALL_MS = 500;

/** Interval at which a worker measures how late its event loop is. */
export const LAG_SAMPLE_MS = 250;

/** Interval at which a worker collects its garbage. */
export const GARBAGE_EVERY_MS = 300_000;

/** Of its time an isolate spends at most this on such collections. */
export const GARBAGE_TIME_SHARE = 0.001;

/** Of so many messages on a link one is stamped, so that its time to the end of its handling can be told. */
export const STAMP_EVERY = 8;

/** Such times in one heartbeat; what comes beyond in that second is not told. */
export const MESSAGE_TIMES_MAX = 32;

/** Span of the latency figures in a heartbeat; older values are forgotten. */
export const LATENCY_SPAN_MS = 60_000;

/** Time an actor has from its start request to `ready`. */
export const START_MS = 15_000;

/** Time an actor has to stop by itself before it is terminated. */
export const SHUTDOWN_MS = 10_000;

/** Time an actor has to acknowledge a command. */
export const COMMAND_MS = 5_000;

/** Time an actor has to answer a question, unless the asker says otherwise. */
export const ASK_MS = 5_000;

/** The longest time an asker may allow. */
export const ASK_MS_MAX = 30_000;

/** Restarts that a child may use within the window before it is quarantined. */
export const RESTART_BUDGET = { restarts: 5, windowMs: 60_000 } as const;

/** Pause before each restart: 0.5 s, doubled up to a minute, give or take a fifth. */
export const RESTART_BACKOFF = {
  minMs: 500,
  maxMs: 60_000,
  factor: 2,
  jitter: 0.2,
  resetAfterMs: 60_000,
} as const;

/** Crashes in the same way with the same message in hand after which no further attempt is made. */
export const POISON_CRASHES = 3;

/** Crashes whose message in hand is remembered; older ones are forgotten. */
export const POISON_MEMORY_MAX = 16;

/** Characters of a message that its digest is made of; what follows is told by its size alone. */
export const DIGEST_CHARS_MAX = 4_096;

/** Links per incarnation for which a message that reached nobody is told; further ones are only counted. */
export const UNDELIVERED_LINKS_MAX = 64;

/** Command ids that an actor remembers with their outcomes; the oldest is forgotten. */
export const COMMAND_IDS_MAX = 1_024;

/** Longest answer to a command that is remembered, in characters; of a longer one only that it was given. */
export const COMMAND_ANSWER_CHARS_MAX = 2_048;

/** Longest command id, in characters; a command with a longer one is answered with an error. */
export const COMMAND_ID_CHARS_MAX = 128;

/** Pause between the start of one actor and the making of a worker for the next one. */
export const SPARE_AFTER_MS = 60;

/**
 * The first heartbeat that tells the CPU time of a worker's thread. What reads
 * it costs 20 ms a worker to load: after a restart of the host, with many
 * workers at once, that would come before all of them are back.
 */
export const CPU_FROM_BEAT = 5;

/** Interval at which CPU time is compared while a terminated thread is suspected to burn on. */
export const ZOMBIE_SAMPLE_MS = 1_000;

/** Span over which CPU time is compared: long enough that heartbeats, up to a second apart, even out. */
export const ZOMBIE_WINDOW_MS = 5_000;

/**
 * CPU, in cores, that belongs to no live actor and counts as one burning thread.
 * Collector and compiler threads of 20 busy agents that allocate without end
 * used 0.18.
 */
export const ZOMBIE_CORES = 0.5;

/** Below this the burning is over; between the two nothing changes, so that a busy machine does not make it flicker. */
export const ZOMBIE_GONE_CORES = 0.25;

/**
 * Time for which a terminated thread that does not burn stays suspected, and
 * after which one burns that got between `ZOMBIE_GONE_CORES` and
 * `ZOMBIE_CORES` all along: on a machine shared with others it gets no more.
 * While more waits for the processors than there are, it stays suspected longer.
 */
export const ZOMBIE_SUSPECT_MS = 30_000;
