/**
 * Every limit of the store in one place. Deno KV itself allows 1,000
 * mutations, 100 checks (10 on a denokv server) and 800 KiB a commit, 64 KiB a
 * value, 10 keys a `getMany` and 10 watched keys; ours stay below.
 *
 * @module
 */

/** Mutations of one commit. */
export const MAX_COMMIT_MUTATIONS = 500;
/** Bytes of all keys and values of one commit. */
export const MAX_COMMIT_BYTES = 700_000;
/** Bytes of one serialized value; larger things are cut in chunks. */
export const MAX_VALUE_BYTES = 60_000;
/** What a key and the envelope of a value are counted as, on top of the value. */
export const ENTRY_OVERHEAD_BYTES = 160;
/** Keys of one `getMany`. */
export const MAX_GET_MANY = 10;
/** Agent records of one commit: with the head of the audit trail and the op id as many checks as one `getMany` can read back. */
export const MAX_RECORDS_PER_SAVE = MAX_GET_MANY - 2;
/** Sealed records that one commit removes, with one entry in the audit trail. */
export const SEALED_PER_REMOVAL = 100;
/** Entries that one KV list call reads. */
export const LIST_BATCH = 500;

/** A KV call that takes longer has failed: a half-open link would hang for ever. */
export const KV_DEADLINE_MS = 2_000;
/** Attempts of one commit or read before the caller is told. */
export const KV_ATTEMPTS = 3;
/** Time of all attempts of one commit or read together: who waits for a command must hear of a failure soon. */
export const KV_BUDGET_MS = 3_000;
/** Time of one audited command from its call, its turn included. */
export const COMMAND_BUDGET_MS = 3_000;
/** Bytes that a probe writes: so many that a disk which takes only crumbs does not pass. */
export const PROBE_BYTES = 16 * 1024;
/** Pause before the writer tries a failed commit again; doubles up to the maximum. */
export const WRITER_RETRY_MS = 250;
export const WRITER_RETRY_MAX_MS = 5_000;

/** How long the writer collects before it commits, unless something urgent comes. */
export const COALESCE_MS = 50;
/** Queued events and projections; an append beyond is refused, never dropped. */
export const MAX_QUEUED_STATE = 20_000;
export const MAX_QUEUED_STATE_BYTES = 64 * 1024 * 1024;
/** Queued log lines; beyond, the oldest debug and info lines are dropped and counted. */
export const MAX_QUEUED_LOGS = 5_000;
/** Queued log lines of which none may be dropped by level; beyond, the oldest goes whatever it says. */
export const MAX_QUEUED_LOGS_HARD = 10_000;
/** Characters of a log message; the rest is cut. */
export const MAX_LOG_MESSAGE = 4_000;

/** Refusals of a commit of events after which a process takes the turn. */
export const TURN_AFTER_LOSSES = 2;
/** Pause between two looks whether another process has given its turn back. */
export const TURN_POLL_MS = 25;
/** Looks after which others clear a turn, 3 s and more: its holder has ended, or does not reach the store. */
export const TURN_MAX_LOOKS = 120;

/** Pause between two looks at the head key, in case a watch has died silently. */
export const HEAD_POLL_MS = 1_000;
/** The same pause from the first event that the watch has missed until it tells again. */
export const HEAD_POLL_FAST_MS = 250;
/** A watch that has been behind for so long is replaced. */
export const HEAD_WATCH_RENEW_MS = 10_000;

/** Bytes of one agent's snapshot. */
export const MAX_SNAPSHOT_BYTES = 8 * 1024 * 1024;
/** Bytes of one backtest's report, compressed; a larger one is not stored and the run fails. */
export const MAX_REPORT_BYTES = 8 * 1024 * 1024;
/** Finished backtests kept of each user; the oldest is removed when one more ends. */
export const RETAINED_BACKTESTS = 50;
/** Chunks of one equity curve. */
export const MAX_EQUITY_CHUNKS = 16;
/** Points of an equity curve in one chunk: at most about 120 bytes each. */
export const EQUITY_CHUNK_POINTS = 400;

/** Log entries that one query looks at before it answers with a cursor. */
export const MAX_LOG_SCAN = 5_000;
/** Entries of one page, whatever is asked for. */
export const MAX_PAGE = 500;

/** Events kept of each group; older ones are pruned. */
export const RETAINED_EVENTS = {
  agents: 20_000,
  trades: 50_000,
  system: 20_000,
  logs: 100_000,
} as const;
/** Op ids are needed only while their commit is in doubt. */
export const RETAINED_OPS_MS = 10 * 60_000;
/** First answers to requests with an Idempotency-Key. */
export const IDEMPOTENCY_MS = 24 * 60 * 60_000;
/** Reservations remembered that could not be made or freed; beyond, the key of one waits for its 24 hours. */
export const MAX_VACANT_RESERVATIONS = 10_000;
/** Mutations of one commit of the pruner: small, so that it never delays the writer for long. */
export const PRUNE_BATCH = 200;

/** Values that one commit of an upgrade rewrites: one check each, beside that of the commit itself. */
export const UPGRADE_BATCH = MAX_GET_MANY - 1;

/** Dead letters kept; each commit of new ones removes as many old ones. */
export const RETAINED_DEAD_LETTERS = 10_000;
/** Dead letters that wait to be stored; beyond, they are only counted. */
export const MAX_QUEUED_DEAD_LETTERS = 500;
/** Dead letters of one commit. */
export const DEAD_LETTERS_PER_COMMIT = 200;
/** Pause before a commit of dead letters: a flood costs at most four commits a second. */
export const DEAD_LETTER_COALESCE_MS = 250;
/** Characters of a dead letter's texts; the rest is cut. */
export const MAX_DEAD_LETTER_TEXT = 500;

/** Tries of a change that another writer is in the way of. */
export const CHANGE_ATTEMPTS = 5;
/** An API token is shown so long after it has expired. */
export const RETAINED_API_TOKENS_MS = 30 * 24 * 60 * 60_000;

/** Closed trades kept of each agent. */
export const RETAINED_TRADES = 50_000;
/** Trades and equity curve of a removed agent are kept so long. */
export const RETAINED_REMOVED_MS = 30 * 24 * 60 * 60_000;
/** Events of one group that one run of the pruner removes at most: more than what comes between two runs. */
export const MAX_PRUNED_EVENTS = 50_000;
/** Entries of one family that one run of the pruner looks at. */
export const MAX_PRUNED_SCAN = 5_000;
/** Agents of one family that one run of the pruner looks at. */
export const MAX_PRUNED_AGENTS = 100;
/** Entries of one agent's family that one run of the pruner removes at most. */
export const MAX_PRUNED_OF_AGENT = 5_000;

/** Accounts; beyond, nobody is invited: one read of the store must hold them all. */
export const MAX_USERS = LIST_BATCH;
/** Open links; beyond, one has to be revoked. */
export const MAX_INVITES = 100;
/** Versions kept of each agent's configuration; the oldest goes. */
export const RETAINED_CONFIG_VERSIONS = 100;

/** Questions from process to process, and their answers, are removed after so long by whoever finds them. */
export const RETAINED_QUESTIONS_MS = 60_000;
/** Parts of one answer. */
export const MAX_ANSWER_PARTS = 32;
/** A host is forgotten so long after its last start has ended. */
export const RETAINED_HOSTS_MS = 24 * 60 * 60_000;
/**
 * Bytes of one chunk of a mirrored journal. Each flush writes the last chunk
 * again, on average half of it: small chunks cost entries, large ones bytes.
 */
export const MIRROR_CHUNK_BYTES = 4 * 1024;
/** Bytes of journals in one commit of a mirror; with keys and heads below those of a commit. */
export const MIRROR_COMMIT_BYTES = 128 * MIRROR_CHUNK_BYTES;
/** Ended segments that a mirror holds; older ones are on their host's disk only. */
export const MAX_MIRRORED_SEGMENTS = 256;
