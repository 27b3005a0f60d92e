/**
 * The families of keys: what they hold, in which version, and what keeps them
 * from growing without end. The table is the truth for reads (migrate.ts), for
 * the pruner and for the documentation.
 *
 * @module
 */
import { agentConfigSchema } from "../contracts/agent_config.ts";
import {
  CHECKPOINT_ENTRIES,
  MAX_REFUSALS_PER_ACTOR,
  REFUSAL_WINDOW_MS,
} from "./audit/limits.ts";
import { family, type KeyFamily, type Versioned } from "./family.ts";
import { HOST_FAMILIES } from "./host_families.ts";
import {
  IDEMPOTENCY_MS,
  RETAINED_BACKTESTS,
  RETAINED_CONFIG_VERSIONS,
  RETAINED_DEAD_LETTERS,
  RETAINED_EVENTS,
  RETAINED_OPS_MS,
  RETAINED_REMOVED_MS,
  RETAINED_TRADES,
} from "./limits.ts";

/** A login that has ended, in what version 2 added. */
const ENDED_LOGIN = {
  kind: "panel",
  secretHash: "",
  epoch: 0,
  lastSeenAt: 0,
  expiresAt: 0,
  address: "",
  refreshes: 0,
};

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const ofAgent = "One for each agent; removed with it";
const afterRemoval = `${
  RETAINED_REMOVED_MS / DAY_MS
} days after the removal of the agent`;

/** Every family by the first part of its keys. */
export const KEY_FAMILIES = {
  format: family("Format of the whole store", "One"),
  head: family("Last event, of all and of each group", "One for each group"),
  pruned: family("Up to where a group was pruned", "One for each group"),
  event: family(
    "An event or a log line",
    `The newest of each group: ${
      Object.entries(RETAINED_EVENTS).map(([group, count]) =>
        `${count} ${group}`
      ).join(", ")
    }`,
  ),
  agent_log: family(
    "Where a log line of an agent is",
    "Pruned with its log line",
  ),
  agent: family(
    "Record of an agent",
    "One for each agent, which have a quota",
    // Version 1 did not say which command had written it.
    [
      (value) => ({
        ...value,
        v: 2,
        record: { ...value.record as object, commandId: "" },
      }),
      completeConfig,
      completeConfig,
    ],
  ),
  observed: family("What is known of an agent's actor", ofAgent),
  view: family("What the panel shows of an agent", ofAgent),
  risk: family("What a risk manager assessed last", ofAgent),
  removed_agent: family(
    "When an agent was removed",
    `Pruned with what the agent left, ${afterRemoval}`,
  ),
  equity: family(
    "A part of an equity curve",
    `At most 16 for each agent; pruned ${afterRemoval}`,
  ),
  trade: family(
    "A closed trade",
    `The newest ${RETAINED_TRADES} of each agent; pruned ${afterRemoval}`,
  ),
  feed_head: family(
    "Last candle of a feed",
    "One for each market and timeframe; that of a replay is removed with its agent",
  ),
  snapshot_head: family("The snapshot in force of an agent", ofAgent),
  snapshot: family(
    "A part of a snapshot",
    "8 MiB for each agent, and one generation that is being written; removed with the agent",
  ),
  backtest: family(
    "A backtest: what was asked for and what became of it",
    `The newest ${RETAINED_BACKTESTS} of each user, and those that wait or run`,
  ),
  backtest_report: family(
    "A part of a backtest's report",
    "8 MiB for each backtest, compressed; removed with it",
  ),
  audit_head: family(
    "Newest audit entry of the commands",
    "One",
    // Version 1 had no chain; the start of this build begins one behind it.
    [(value) => ({ ...value, v: 2, hash: null })],
  ),
  audit: family(
    "An audit entry of a command",
    "Never pruned, on purpose: about 700 bytes for each command of a person, so a million commands are less than a gigabyte",
    [(value) => ({ ...value, v: 2, prev: null, hash: null })],
  ),
  audit_access_head: family("Newest audit entry of the accesses", "One"),
  audit_access: family(
    "An audit entry of a login, a refusal or the use of a key",
    `Never pruned, on purpose; of one actor's refusals ${MAX_REFUSALS_PER_ACTOR} in ${
      REFUSAL_WINDOW_MS / 60_000
    } minutes are stored one by one, more as one entry that counts them`,
  ),
  audit_checkpoint: family(
    "A signed checkpoint of the audit trail",
    `Never pruned, on purpose: about 300 bytes for each ${CHECKPOINT_ENTRIES} entries, or for each minute with an entry`,
  ),
  user: family(
    "An account",
    "One for each person",
    // Version 1 knew nobody who was disabled and no way to end all logins.
    [(value) => ({
      ...value,
      v: 2,
      user: { ...value.user as object, status: "active", epoch: 1 },
    })],
  ),
  user_email: family("The account of an e-mail address", "One for each person"),
  first_user: family("The first account", "One"),
  session: family(
    "A login",
    "At most 100 for each person; pruned when it has expired",
    // What kept a login of version 1 is a kind of token that is no more.
    [(value) => ({
      ...value,
      v: 2,
      session: { ...value.session as object, ...ENDED_LOGIN },
    })],
  ),
  idempotency: family(
    "A request with an Idempotency-Key and its first answer",
    `Pruned after ${IDEMPOTENCY_MS / HOUR_MS} hours`,
    // Version 1 did not say which start of the server had reserved the key; it
    // was an earlier one than this, whose program writes version 2.
    [(value) => ({ ...value, v: 2, bootId: "", reservation: 0 })],
  ),
  secret: family("A secret of the process", "A few, by name"),
  template: family("An imported template", "At most 100; deleted by people"),
  exchange_key: family(
    "A key of an exchange, sealed",
    "At most 20 for each person; revoked by people",
    // Version 1 did not say when a key was used.
    [(value) => {
      const key = value.key as { view: object };
      const view = { ...key.view, lastUsedAt: null };
      return { ...value, v: 2, key: { ...key, view } };
    }],
  ),
  second_factor: family("A second factor, sealed", "One for each person"),
  dead_letter_head: family("Number of the last dead letter", "One"),
  dead_letter: family(
    "A message that reached nobody",
    `A ring of ${RETAINED_DEAD_LETTERS}`,
  ),
  probe: family("What a probe of the disk wrote", "One"),
  op: family(
    "A commit that was done",
    `Pruned after ${RETAINED_OPS_MS / 60_000} minutes`,
  ),

  session_secret: family(
    "The login of a browser's cookie, by its hash",
    "One for each login of the panel; pruned with it",
  ),
  user_session: family(
    "A login of a person",
    "One for each login; pruned with it",
  ),
  refresh: family(
    "A refresh token, by its hash",
    "At most 2,000 for each login of a program; pruned when the login has expired",
  ),
  api_token: family(
    "An API token, without its text",
    "At most 50 for each person; pruned 30 days after it has expired",
  ),
  api_token_hash: family(
    "The API token of a text, by its hash",
    "One for each API token; pruned with it",
  ),
  user_api_token: family(
    "An API token of a person",
    "One for each API token; pruned with it",
  ),
  // People and their factors.
  people_head: family(
    "That an account was changed, so that changes follow each other",
    "One",
  ),
  invite: family(
    "A one-time link for a new account or a new password, by the hash of its token",
    "At most 100; pruned when it has expired",
  ),
  passkey: family("A passkey", "At most 10 for each person"),
  passkey_credential: family("Whose a passkey is", "One for each passkey"),
  preferences: family(
    "How somebody wants the panel",
    "One for each person",
  ),
  agent_config: family(
    "A version of an agent's configuration",
    `The newest ${RETAINED_CONFIG_VERSIONS} of each agent; pruned some time after its removal`,
  ),
  ...HOST_FAMILIES,
} as const satisfies Record<string, KeyFamily>;

export type { KeyFamily, Upcaster, Versioned } from "./family.ts";

/** First part of a key. */
export type FamilyName = keyof typeof KEY_FAMILIES;

/** Version that this build writes into the values of a family. */
export function versionOf(name: FamilyName): number {
  return KEY_FAMILIES[name].upcasters.length + 1;
}

/**
 * Versions 2 and 3 were written before some settings existed. Their defaults are
 * what those builds did: costs as they were, further strategies turned off, no
 * further safety limits.
 */
function completeConfig(value: Versioned): Versioned {
  const record = value.record as { config: unknown };
  const config = agentConfigSchema.parse(record.config);
  return { ...value, v: value.v + 1, record: { ...record, config } };
}
