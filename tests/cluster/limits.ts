/** Limits of the campaign with several hosts; what happens at each one is said beside it. */

/** An agent that its host has lost must run elsewhere within this time, or that counts as lost. */
export const BACK_WITHIN_MS = 30_000;

/** All agents must be where they are wanted within this time after a round, or the campaign fails. */
export const SETTLED_WITHIN_MS = 120_000;

/** How often it is looked whether they are. */
export const SETTLED_POLL_MS = 250;

/** How often each control process is read, and within which time it must answer. */
export const READ_EVERY_MS = 500;
export const READ_WITHIN_MS = 10_000;

/** Parts of the pause that a fault lasts: some are over before anybody is taken for dead. */
export const FAULT_SHARE_MIN = 0.3;
export const FAULT_SHARE_MAX = 1.2;

/** Share of the rounds that hit a control process besides, and that hit two hosts. */
export const CONTROL_SHARE = 0.2;
export const TWO_HOSTS_SHARE = 0.2;

/** Between two rounds, so that agents trade. */
export const CALM_MIN_MS = 1_000;
export const CALM_MAX_MS = 6_000;

/**
 * About how much market time goes by in a round besides the share of its pause, in
 * seconds, so that replays last as long as all rounds: rounds take 15 s more than
 * their pauses, but the replays of hosts that are gone stand still.
 */
export const ROUND_SECONDS = 5;

/** The KV server must listen, and a process must end, within this time. */
export const STARTED_WITHIN_MS = 30_000;

/** How often it is asked whether it listens. */
export const STARTED_POLL_MS = 50;
