import type { StoreCalls } from "../contracts/store_calls.ts";
import { AppError } from "../core/errors.ts";
import { createIdFactory } from "../core/ids.ts";
import type { TimeSource } from "../core/time.ts";
import { KvAgentStore } from "./agents.ts";
import type { AuditLog } from "./audit.ts";
import { type AuditPort, openAudit } from "./audit/open_audit.ts";
import { KvBacktestStore } from "./backtests.ts";
import { KvDeadLetterStore } from "./dead_letters.ts";
import { loadHeads } from "./events/event_commit.ts";
import { EventCommitter } from "./events/event_committer.ts";
import { KvEventStore } from "./events/events.ts";
import type { KvConnection } from "./kv/connection.ts";
import { openDenoKv } from "./kv/deno_kv.ts";
import { GuardedKv } from "./kv/guarded_kv.ts";
import { HeadWatch } from "./events/head_watch.ts";
import { KvIdempotencyStore } from "./idempotency.ts";
import { KvJournalMirror } from "./journal_mirror.ts";
import { MAX_QUEUED_STATE, RETAINED_EVENTS } from "./limits.ts";
import type { SecretStore, Store } from "./port.ts";
import type { StoreHealth } from "./store_health.ts";
import { Pruner, type Retention } from "./prune.ts";
import type { AgentRetention } from "./prune_agents.ts";
import { StoreProbe } from "./probe.ts";
import { systemRandom } from "./kv/random.ts";
import { SnapshotStore } from "./snapshots.ts";
import { KvTemplateStore } from "./templates.ts";
import { checkFormat } from "./upgrade/upgrade.ts";
import { KvUserStore } from "./users.ts";
import { KvExchangeKeyStore } from "./exchange_keys.ts";
import { KvSecondFactorStore } from "./second_factors.ts";
import { KvSealedRecords } from "./sealed_records.ts";
import { KvSessionStore } from "./sessions.ts";
import { KvApiTokenStore } from "./api_tokens.ts";
import { createOnce, KvSecretStore, PLAIN_VALUES } from "./secrets.ts";
import { KvBundleAuthorStore } from "./bundle_authors.ts";
import { KvAlertStore } from "./alerts.ts";
import { KvPreferencesStore } from "./preferences.ts";
import { KvPeopleStore } from "./people.ts";
import { KvInviteStore } from "./invites.ts";
import { KvPasskeyStore } from "./passkeys.ts";
import { EventWriter } from "./events/writer.ts";
import { KvChanges } from "./changes.ts";
import { KvHostStore } from "./hosts.ts";
import { KvHostMail } from "./host_mail.ts";

/** How to open a store. */
export interface OpenStoreOptions {
  /** File or URL of the KV, or `":memory:"`. Never left out: the default path depends on the working folder. */
  path: string;
  time: TimeSource;
  /** Events kept of each group. */
  retention?: Partial<Retention>;
  /** How much of each agent is kept. */
  agentRetention?: Partial<AgentRetention>;
  /** Seals the secrets of the server; left out, they are stored as they are. */
  sealSecrets?: (plain: SecretStore) => SecretStore;
  /** Randomness of ids, in [0, 1); default the system's. A simulation gives its own. */
  random?: () => number;
}

/** A store with what only its owner needs. */
export interface OpenedStore extends Store, AuditPort {
  /** Queue lengths, log lines dropped and times of calls since the start. */
  stats(): {
    queuedState: number;
    queuedLogs: number;
    droppedLogs: number;
    calls: StoreCalls;
  };
}

/**
 * Opens the store. One process may open a file once: a second connection makes
 * SQLite refuse writes with "database is locked".
 *
 * @throws {AppError} STORE_UNAVAILABLE if it cannot be opened or read,
 * STORE_VERSION_NEWER if a newer build has used it.
 */
export async function openStore(
  options: OpenStoreOptions,
): Promise<OpenedStore> {
  if (options.path === "") {
    throw new AppError(
      "STORE_UNAVAILABLE",
      'The store needs a path: give a file such as "data/kv.sqlite", a KV URL, or ":memory:"',
    );
  }
  let kv: KvConnection;
  try {
    kv = await openDenoKv(options.path);
  } catch (error) {
    throw new AppError(
      "STORE_UNAVAILABLE",
      `Cannot open the store at "${options.path}": ${
        error instanceof Error ? error.message : error
      }; ${
        /^https?:/.test(options.path)
          ? "check that the KV server runs, and that DENO_KV_ACCESS_TOKEN is its token"
          : "check that the folder exists and is writable"
      }`,
      { status: 503, cause: error },
    );
  }
  try {
    return await createStore(kv, options);
  } catch (error) {
    kv.close();
    throw error;
  }
}

/** Builds the store on an open connection: to Deno KV, or to the database in memory of a simulation. */
export async function createStore(
  connection: KvConnection,
  options: Omit<OpenStoreOptions, "path">,
): Promise<OpenedStore> {
  const { time } = options;
  const ids = createIdFactory({
    nowMs: () => time.nowMs(),
    random: options.random ?? systemRandom,
  });
  const kv = new GuardedKv(connection, { time, ids });
  await checkFormat(kv);
  const { heads } = await loadHeads(kv);
  const head = new HeadWatch({ kv, time, seq: heads.seq });
  const onCommitted = (seq: number) => head.advance(seq);
  const committer = new EventCommitter({ kv, time, heads, onCommitted });
  const writer = new EventWriter({ time, committer });
  const trail = await openAudit(kv, time);
  const audit = trail.log;
  const snapshots = new SnapshotStore(kv);
  const deadLetters = new KvDeadLetterStore({ kv, time });
  const probe = new StoreProbe(kv);
  head.start();
  const pruner = prunerOf(kv, options);
  const mirror = new KvJournalMirror({ kv, ids });
  const written = { writer, committer, snapshots, mirror };
  return {
    agents: new KvAgentStore({ kv, time, audit, ...written }),
    journals: mirror,
    events: new KvEventStore({ kv, writer, head }),
    ...peopleOf(kv, audit),
    idempotency: new KvIdempotencyStore({ kv, time, bootId: ids("boot") }),
    deadLetters,
    backtests: new KvBacktestStore({ kv, audit }),
    templates: new KvTemplateStore({ kv, audit }),
    exchangeKeys: new KvExchangeKeyStore({ kv, audit }),
    alerts: new KvAlertStore({ kv, audit }),
    ...secretsOf(kv, options),
    sealed: new KvSealedRecords({ kv, audit }),
    ...trail.port,
    ...clusterOf(kv, { time, audit }),
    prune: () => pruner.run(),
    health: () => healthOf(kv, writer),
    probe: () => probe.run(),
    stats: () => ({ ...statsOf(writer), calls: kv.calls }),
    close: async () => {
      await trail.close();
      await writer.close();
      await deadLetters.close();
      await head.close();
      kv.close();
    },
  };
}

function prunerOf(
  kv: GuardedKv,
  { time, retention, agentRetention: agents }: Omit<OpenStoreOptions, "path">,
): Pruner {
  return new Pruner({
    kv,
    time,
    retention: { ...RETAINED_EVENTS, ...retention },
    agents,
  });
}

function statsOf(
  { queued, droppedLogs }: EventWriter,
): Omit<ReturnType<OpenedStore["stats"]>, "calls"> {
  const { state: queuedState, logs: queuedLogs } = queued;
  return { queuedState, queuedLogs, droppedLogs };
}

/** What several processes over the store need. */
function clusterOf(
  kv: GuardedKv,
  { time, audit }: { time: TimeSource; audit: AuditLog },
): Pick<Store, "hosts" | "hostMail" | "changes"> {
  return {
    changes: new KvChanges(kv),
    hosts: new KvHostStore({ kv, time, audit }),
    hostMail: new KvHostMail({ kv, time }),
  };
}

/** Who may log in, by what, and who has. */
function peopleOf(
  kv: GuardedKv,
  audit: AuditLog,
): Pick<
  Store,
  | "users"
  | "people"
  | "invites"
  | "passkeys"
  | "secondFactors"
  | "sessions"
  | "apiTokens"
  | "preferences"
  | "bundleAuthors"
> {
  return {
    users: new KvUserStore({ kv, audit }),
    people: new KvPeopleStore({ kv, audit }),
    invites: new KvInviteStore({ kv, audit }),
    passkeys: new KvPasskeyStore({ kv, audit }),
    secondFactors: new KvSecondFactorStore({ kv, audit }),
    sessions: new KvSessionStore({ kv, audit }),
    apiTokens: new KvApiTokenStore({ kv, audit }),
    preferences: new KvPreferencesStore({ kv }),
    bundleAuthors: new KvBundleAuthorStore({ kv }),
  };
}

/** What is a secret is sealed where the store is opened so; what is none never is. */
function secretsOf(
  kv: GuardedKv,
  { sealSecrets }: Pick<OpenStoreOptions, "sealSecrets">,
): Pick<Store, "secrets" | "secret"> {
  const plain = new KvSecretStore(kv);
  const secrets = sealSecrets?.(plain) ?? plain;
  return {
    secrets,
    secret: (name, create) =>
      createOnce(PLAIN_VALUES.includes(name) ? plain : secrets, name, create),
  };
}

function healthOf(kv: GuardedKv, writer: EventWriter): StoreHealth {
  const { failure } = kv;
  if (failure !== null) {
    const { kind, since, message } = failure;
    const at = new Date(since).toISOString();
    const detail = `The store has failed since ${at}: ${message}`;
    return { ok: false, detail, failingSince: since, kind };
  }
  const { state, logs } = writer.queued;
  return {
    ok: state < MAX_QUEUED_STATE / 2,
    detail: `${state} changes and ${logs} log lines wait to be stored`,
    failingSince: null,
    kind: null,
  };
}
