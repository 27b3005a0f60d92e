/**
 * Every limit of logins in one place.
 *
 * @module
 */

/** How long a login lasts at most, of a person and of a program. */
export const SESSION_MS = 12 * 60 * 60_000;
export { SESSION_IDLE_MS } from "../contracts/session_idle.ts";
/** When a login or a token was used last is stored at most so often. */
export const LAST_SEEN_STORE_MS = 60_000;
/** Logins and tokens whose last use is kept in memory; the one quiet longest goes first, and what the store says holds. */
export const LAST_SEEN_MAX = 10_000;
/** How long a verified token is believed without another look at the store. */
export const SESSION_CACHE_MS = 5_000;
/** Verified tokens kept in memory; the oldest goes first and is verified again. */
export const SESSION_CACHE_SIZE = 2_000;
/** Longer texts are no token of ours. */
export const MAX_TOKEN_LENGTH = 2_048;
/** Characters kept of a browser's or a program's name. */
export const MAX_USER_AGENT_LENGTH = 300;
/** Logins of one user; one more ends the one that was used longest ago. */
export const SESSIONS_PER_USER_MAX = 100;

/** Life of an access token. */
export const ACCESS_TOKEN_MS = 5 * 60_000;
/** What the clocks of two servers on one store may differ. */
export const CLOCK_TOLERANCE_SECONDS = 5;
/** A signing key signs for so long, then a new one does. */
export const SIGNING_KEY_MS = 30 * 24 * 60 * 60_000;
/** A key that no longer signs verifies for so long. */
export const OLD_KEY_MS = 24 * 60 * 60_000;
/** How often the keys are read again: another process may have made a new one. */
export const KEYS_RELOAD_MS = 10 * 60_000;
/** A token with an unknown key id has the keys read again, at most so often. */
export const UNKNOWN_KEY_RELOAD_MS = 5_000;
/** How long the same client gets the same successor for a refresh token it has used. */
export const REFRESH_GRACE_MS = 10_000;
/** Refresh tokens of one login; it ends with the last one, far beyond what its time needs. */
export const REFRESHES_MAX = 2_000;
/** Tries of a change that another one is in the way of. */
export const CHANGE_ATTEMPTS = 5;
/** API tokens of one user, the expired ones too; one more is refused. */
export const API_TOKENS_PER_USER_MAX = 50;

/** Logins kept in memory while the store takes no writes; one more is refused. */
export const KEPT_LOGINS_MAX = 1_000;
/** Pause between two tries to store them. */
export const KEPT_RETRY_MS = 1_000;

/** Failures that cost nothing; after them each attempt has to wait. */
export const FREE_FAILURES = 5;
/** The first wait, doubled by every further failure up to the longest. */
export const FIRST_DELAY_MS = 1_000;
export const MAX_DELAY_MS = 15 * 60_000;
/** Failures are forgotten when there was none for this long after the wait. */
export const FORGET_MS = 15 * 60_000;
/** Accounts and addresses remembered; the one that was quiet longest goes first. */
export const MAX_REMEMBERED = 10_000;

/** How long a proof of the second factor counts. */
export const FRESH_PROOF_MS = 5 * 60_000;
/** Sessions with a proof that are remembered; the oldest goes first and has to prove again. */
export const FRESH_PROOFS_MAX = 10_000;
/** Time steps of an authenticator before and after the present one that are taken, for clocks that differ. */
export const FACTOR_WINDOW_STEPS = 1;
/** Length of a time step, as every authenticator has it. */
export const FACTOR_STEP_SECONDS = 30;
/** Codes for the day the authenticator is lost. */
export const RECOVERY_CODES = 10;
/** From so few recovery codes on, a login that used one warns. */
export const FEW_RECOVERY_CODES = 3;

/** How long the second step of a login may take. */
export const PENDING_LOGIN_MS = 5 * 60_000;
/** Logins that wait for their second step; the oldest goes first and has to enter the password again. */
export const PENDING_LOGINS_MAX = 1_000;
/** How long a browser may take to answer the challenge of a passkey. */
export const CHALLENGE_MS = 5 * 60_000;
/** Challenges that wait, of logins and of people who are logged in each; the oldest goes first and is asked for again. */
export const CHALLENGES_MAX = 1_000;

/** How long an invitation is good for, and a link for a new password. */
export const INVITE_MS = 7 * 24 * 60 * 60_000;
export const RESET_MS = 24 * 60 * 60_000;
/** Tries of a change that meets another one of the same account. */
export const CHANGE_TRIES = 3;

/** Argon2id: 19 MiB, two passes, one lane (OWASP). */
export const ARGON_MEMORY_KIB = 19_456;
export const ARGON_PASSES = 2;
export const ARGON_LANES = 1;
export const ARGON_HASH_BYTES = 32;
export const ARGON_SALT_BYTES = 16;

/** Hashes handed to the worker at once. */
export const HASHES_IN_FLIGHT = 2;
/** Hashes that wait; one more is refused. */
export const MAX_HASHES_QUEUED = 64;
/** A hash takes about 60 ms; a worker that takes this long is replaced. */
export const HASH_DEADLINE_MS = 15_000;
/** The worker is replaced after this many hashes, and ended when idle for so long. */
export const HASHES_PER_WORKER = 500;
export const WORKER_IDLE_MS = 60_000;
