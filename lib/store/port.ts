/**
 * The store as the rest of the product sees it. Only check, set and delete are
 * used underneath, and only the main isolate owns it.
 *
 * @module
 */
import type { KnownAuthor } from "../contracts/bundle.ts";
import type { AuditEntry } from "../contracts/audit.ts";
import type { AlertStore } from "./alert_port.ts";
import type { EquityPoint } from "../contracts/account.ts";
import type { KeptConfig } from "../contracts/config_history.ts";
import type {
  AgentObserved,
  AgentRecord,
  AgentView,
} from "../contracts/agent.ts";
import type { DeadLetter } from "../contracts/dead_letter.ts";
import type { StoredRisk } from "../contracts/guard.ts";
import type { Trade } from "../contracts/order.ts";
import type { StoredExchangeKey } from "../contracts/exchange_key.ts";
import type { StoredFactor } from "../contracts/second_factor.ts";
import type { Preferences } from "../contracts/preference_values.ts";
import type { ImportedTemplate } from "../contracts/template.ts";
import type { User } from "../contracts/auth.ts";
import type { BacktestStore } from "./backtest_port.ts";
import type { ApiTokenStore, SecretStore, SessionStore } from "./login_port.ts";
import type { StoreHealth } from "./store_health.ts";
import type { ChangeStore } from "./change_port.ts";
import type { EventStore } from "./event_port.ts";
import type { HostMail, HostStore } from "./host_port.ts";
import type { IdempotencyStore } from "./idempotency_port.ts";
import type { JournalMirrorStore } from "./mirror_port.ts";
import type { SealedRecords } from "./sealed_port.ts";
import type { InviteStore, PasskeyStore, PeopleStore } from "./people_port.ts";

export type {
  AlertStore,
  ApiTokenStore,
  AuditEntry,
  InviteStore,
  PasskeyStore,
  PeopleStore,
  SealedRecords,
  SecretStore,
  SessionStore,
};
export type {
  IdempotencyStore,
  KnownRequest,
  StoredResponse,
} from "./idempotency_port.ts";
export type { BacktestStore } from "./backtest_port.ts";
export type { EventDraft, EventStore, Projection } from "./event_port.ts";
export type { ChangeOutcome, UserChange } from "./people_port.ts";

/** One page, newest first. */
export interface StorePage<T> {
  items: readonly T[];
  nextCursor: string | null;
}

/** A record to be stored over the one that was read, or as a new one (null). */
export interface RecordChange {
  record: AgentRecord;
  expected: AgentRecord | null;
}

export interface AgentStore {
  get(id: string): Promise<AgentRecord | null>;
  list(): Promise<readonly AgentRecord[]>;
  /**
   * Stores a record with its audit entry in one commit. `expected` is the
   * `updatedAt`-bearing record that was read, or null for a new one.
   *
   * @returns false if the stored record was changed meanwhile.
   */
  save(
    record: AgentRecord,
    options: { expected: AgentRecord | null; audit: AuditEntry },
  ): Promise<boolean>;
  /** The same for at most MAX_RECORDS_PER_SAVE records: all of them in one commit, or none. */
  saveAll(
    changes: readonly RecordChange[],
    options: { audit: AuditEntry },
  ): Promise<boolean>;
  /** The records with these ids as they were at one moment, in the same order; null where there is none. */
  getAll(ids: readonly string[]): Promise<readonly (AgentRecord | null)[]>;
  /** Deletes record, view, observed state, snapshot and the mirror of its journal. Trades and equity are pruned some time after, audit entries never. */
  remove(id: string, audit: AuditEntry): Promise<void>;
  observed(id: string): Promise<AgentObserved | null>;
  view(id: string): Promise<AgentView | null>;
  /** Any structured-cloneable value, chunked; the newest replaces the older one atomically. */
  saveSnapshot(id: string, snapshot: unknown): Promise<void>;
  loadSnapshot(id: string): Promise<unknown | null>;
  trades(
    id: string,
    options: { limit: number; cursor: string | null },
  ): Promise<StorePage<Trade>>;
  /** Versions of the configuration, newest first; one more than `limit` where there is one, to compare the last with. */
  configVersions(
    id: string,
    options: { limit: number; cursor: string | null },
  ): Promise<StorePage<KeptConfig>>;
  tradeCount(id: string): Promise<number>;
  equity(id: string): Promise<readonly EquityPoint[]>;
  /** What a risk manager assessed last; null before the first time. */
  risk(id: string): Promise<StoredRisk | null>;
  feedHead(streamId: string): Promise<number | null>;
}

export interface UserStore {
  count(): Promise<number>;
  byEmail(email: string): Promise<{ user: User; passwordHash: string } | null>;
  byId(id: string): Promise<User | null>;
  /** Every user, in the order of their ids; at most as many as one read of the store gives. */
  list(): Promise<readonly User[]>;
  /** @returns false if the e-mail exists, or if `onlyFirst` and any user exists. */
  create(
    user: User,
    options: { passwordHash: string; onlyFirst: boolean; audit: AuditEntry },
  ): Promise<boolean>;
}

/** Templates that users have brought in. */
export interface TemplateStore {
  list(): Promise<readonly ImportedTemplate[]>;
  /** Stores all of them or none. @returns false if there is one of some name. */
  createAll(
    imported: readonly ImportedTemplate[],
    audit: AuditEntry,
  ): Promise<boolean>;
  /** @returns false if there is none of that name. */
  remove(name: string, audit: AuditEntry): Promise<boolean>;
}

/** Keys of exchanges, sealed. */
export interface ExchangeKeyStore {
  list(): Promise<readonly StoredExchangeKey[]>;
  save(key: StoredExchangeKey, audit: AuditEntry): Promise<void>;
  /**
   * Changes a key as it lies in the store, where another process may have
   * changed it meanwhile. @returns What it is then; null where it is gone or
   * `plan` refused.
   */
  change(
    id: string,
    plan: (key: StoredExchangeKey) => StoredExchangeKey | null,
    audit: AuditEntry,
  ): Promise<StoredExchangeKey | null>;
  remove(id: string, audit: AuditEntry): Promise<void>;
}

/** Second factors by user. */
export interface SecondFactorStore {
  get(userId: string): Promise<StoredFactor | null>;
  /**
   * Puts `factor` in the place of `expected`; null removes it.
   *
   * @returns false if another one is stored.
   */
  replace(
    userId: string,
    change: {
      expected: StoredFactor | null;
      factor: StoredFactor | null;
      audit: AuditEntry;
    },
  ): Promise<boolean>;
}

/** How people want the panel. */
export interface PreferencesStore {
  /** Null before somebody has chosen. */
  get(userId: string): Promise<Preferences | null>;
  put(userId: string, preferences: Preferences): Promise<void>;
}

/** Authors of bundles whom people have met, by person. */
export interface BundleAuthorStore {
  /** In the order of their fingerprints. */
  list(userId: string): Promise<readonly KnownAuthor[]>;
  put(userId: string, author: KnownAuthor): Promise<void>;
  remove(userId: string, fingerprint: string): Promise<void>;
}

/** A ring of the newest messages that reached nobody. Numbers have no holes. */
export interface DeadLetterStore {
  /**
   * Queues a letter; resolves when it is stored. In a flood letters may only be
   * counted: they count as done, and one letter says how many they were.
   *
   * @throws {AppError} STORE_UNAVAILABLE if the store closes before.
   */
  append(letter: Omit<DeadLetter, "n">): Promise<void>;
  /** Newest first. */
  page(
    options: { limit: number; cursor: string | null },
  ): Promise<StorePage<DeadLetter>>;
  /** Letters that are kept. */
  count(): Promise<number>;
}

export interface Store {
  agents: AgentStore;
  /** Copies of the order journals, where there are several hosts. */
  journals: JournalMirrorStore;
  events: EventStore;
  users: UserStore;
  idempotency: IdempotencyStore;
  deadLetters: DeadLetterStore;
  backtests: BacktestStore;
  templates: TemplateStore;
  exchangeKeys: ExchangeKeyStore;
  secondFactors: SecondFactorStore;
  people: PeopleStore;
  invites: InviteStore;
  passkeys: PasskeyStore;
  sessions: SessionStore;
  apiTokens: ApiTokenStore;
  preferences: PreferencesStore;
  /** Processes over one store, and who owns which agent. */
  hosts: HostStore;
  /** What they ask each other. */
  hostMail: HostMail;
  bundleAuthors: BundleAuthorStore;
  /** Channels, rules and messages of alerts. */
  alerts: AlertStore;
  changes: ChangeStore;
  /** Named secrets of the server; sealed where the store was opened so. */
  secrets: SecretStore;
  /** Everything that lies sealed. */
  sealed: SealedRecords;
  /** Named values of the installation, created once: of `secrets`, or one that is no secret. */
  secret(name: string, create: () => Promise<string>): Promise<string>;
  audit(entry: AuditEntry): Promise<void>;
  /**
   * Removes what is older than the retention limits (families.ts says which
   * they are); called on a schedule by the owner. One call does a bounded
   * amount of work and the next one goes on from there.
   */
  prune(): Promise<void>;
  health(): StoreHealth;
  /** Writes one small value, to learn whether the disk takes writes; never rejects, and updates `health`. */
  probe(): Promise<boolean>;
  close(): Promise<void>;
}
