/** Every limit of alerts, with what happens beyond it. */

/** Channels and rules of one person; one more is refused. */
export const CHANNELS_PER_USER_MAX = 10;
export const RULES_PER_USER_MAX = 20;
/** Channels of everybody; one more is refused. One event must fit into one commit with the messages of all channels. */
export const CHANNELS_MAX = 50;

/** Messages of one channel that wait; beyond, the oldest mild one is given up, and the channel counts its alerts. */
export const WAITING_PER_CHANNEL_MAX = 100;
/** Messages of one channel that have ended and are kept to be looked at; the oldest goes. */
export const ENDED_PER_CHANNEL_MAX = 30;
/** Characters of one alert's sentence; the rest is cut. */
export const MESSAGE_CHARACTERS_MAX = 300;

/** How long a first alert waits for company. */
export const COLLECT_MS = 2_000;
/** After a message, further alerts of the same kind about the same thing are gathered so long; a critical one does not wait that long. */
export const GROUP_WINDOW_MS = 5 * 60_000;
export const GROUP_WINDOW_CRITICAL_MS = 30_000;

/** Attempts of one message; then it has failed. */
export const ATTEMPTS_MAX = 8;
/** Upper end of the pause after the first attempt; each further one doubles it. The pause is anything below (full jitter). */
export const RETRY_BASE_MS = 60_000;
export const RETRY_CAP_MS = 60 * 60_000;
/** What a receiver asks for by Retry-After counts up to here. */
export const RETRY_AFTER_MAX_MS = 60 * 60_000;

/** Least time between two messages of one channel. */
export const CHANNEL_GAP_MS = 3_000;
/** Messages under way at once, one a channel; the others wait their turn. */
export const UNDER_WAY_MAX = 4;
/** Failed attempts in a row after which a channel counts as failing. */
export const FAILING_AFTER = 3;
/** Least time between two tests of one channel; an earlier one is refused. */
export const TEST_GAP_MS = 5_000;

/** How often the audit trail, which tells nobody of its entries, is looked at. */
export const READ_EVERY_MS = 2_000;
/** Events, and entries of each stream of the audit trail, that one look reads; the rest follows at once. */
export const READ_BATCH = 200;
/** Entries and bytes of one commit of messages from which on it takes no further event; the rest follows in the next one. */
export const COMMIT_ENTRIES = 150;
export const COMMIT_BYTES = 200_000;
/** Pause after a look that failed. */
export const READ_RETRY_MS = 5_000;
/** Entries of the audit trail that are searched for an earlier login from the same address. */
export const LOGINS_SEARCHED = 2_000;

/** From the connection to the last byte of the answer; the worker gives up then. */
export const HTTP_DEADLINE_MS = 5_000;
/** Of the answer's head and body together; what comes after is not read. */
export const HTTP_ANSWER_BYTES_MAX = 4_096;
/** A mail server is slower: greeting, encryption, login, letter. */
export const MAIL_DEADLINE_MS = 20_000;
/** A worker that has not answered by then is ended and made anew. */
export const WORKER_DEADLINE_MS = 30_000;
/** An idle worker is ended after so long. */
export const WORKER_IDLE_MS = 60_000;
/** Bytes of a signing secret. */
export const SIGNING_SECRET_BYTES = 32;
