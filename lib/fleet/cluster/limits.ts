/** Limits of several hosts over one store; what happens at each one is said beside it. */

/** How often a host gives a sign of life and looks at the others. */
export const HOST_TICK_MS = 1_000;

/** Silence after which a host is shown as silent and gets no new agents. */
export const HOST_SILENT_MS = 4_000;

/** Silence after which its session is ended and others take its agents over. */
export const HOST_DEAD_MS = 10_000;

/** A process that has not looked for so long starts counting the silence of all others anew. */
export const LOOK_GAP_MAX_MS = 5_000;

/** How long an answer of another process is waited for. */
export const PEER_ASK_MS = 12_000;

/** Pause before a question that nobody waits for any more is taken back again, where the store did not answer. */
export const WITHDRAW_RETRY_MS = 1_000;

/** How often that is tried again; then the question may be carried out, as whoever asked was told. */
export const WITHDRAW_TRIES = 30;

/** How often old questions, answers and hosts are removed. */
export const HOST_PRUNE_MS = 30_000;

/** Events that are read at once to follow the agents of other hosts. */
export const FOLLOW_PAGE = 500;

/** Bytes that a host tells of its emergency stops; beyond, accounts and then texts are left out. With the rest of the host it is one entry of the store. */
export const MAX_TOLD_STOP_BYTES = 54_000;

/** Characters of each text of a stop that is told where all do not fit, one after the other. */
export const TOLD_TEXTS = [100, 20] as const;

/** Agents of one host that a refusal names; the rest is counted. */
export const NAMED_APART = 2;

/** How long a key stays released for a process that does not say any more that it is done. */
export const KEY_HELD_MAX_MS = 30_000;

/** A spawn is over after so long, whatever came of it. */
export const SPAWN_MAX_MS = 120_000;

/** Own agents whose records are read again with each tick; at most what one read takes. */
export const WISHES_PER_LOOK = 10;
