/**
 * Every key of the store. A key is built here or nowhere, so that this file is
 * the schema: value shapes stand beside each key, all with a version `v`.
 * families.ts says the version of each family and what bounds it.
 *
 * @module
 */
import type { AuditStream } from "../contracts/audit_trail.ts";
import { alertKeys } from "./alert_keys.ts";
import { TOPIC_GROUPS, type TopicGroup } from "./events/groups.ts";
import { hostKeys } from "./host_keys.ts";

/** Builders of keys and key prefixes. */
export const keys = {
  /** `FormatStamp`: written at the first opening, checked at each. */
  format: (): Deno.KvKey => ["format"],
  /** `{v, seq}`: last event of all groups. Every event commit checks and sets it. */
  head: (): Deno.KvKey => ["head", "all"],
  /** `{v, seq, count}`: last event of a group, and how many it ever had. These are watched. */
  /** `{v, at}`: a process has lost against others again and again, and its commit is the next one. */
  headTurn: (): Deno.KvKey => ["head_turn"],
  groupHead: (group: TopicGroup): Deno.KvKey => ["head", "group", group],
  /** `{v, seq}`: every event of the group up to here was pruned. */
  pruned: (group: TopicGroup): Deno.KvKey => ["pruned", group],
  /** `StoredEvent`. */
  event: (
    group: TopicGroup,
    seq: number,
  ): Deno.KvKey => ["event", group, seq],
  events: (group: TopicGroup): Deno.KvKey => ["event", group],
  /** `{v, level, category}`: a log line of an agent; the line itself is in `event`. */
  agentLog: (agentId: string, seq: number): Deno.KvKey => [
    "agent_log",
    agentId,
    seq,
  ],
  agentLogs: (agentId: string): Deno.KvKey => ["agent_log", agentId],

  /** `{v: 4, record}`. */
  agent: (id: string): Deno.KvKey => ["agent", id],
  agents: (): Deno.KvKey => ["agent"],
  /** `{v, value}`. */
  observed: (id: string): Deno.KvKey => ["observed", id],
  view: (id: string): Deno.KvKey => ["view", id],
  risk: (id: string): Deno.KvKey => ["risk", id],
  /** `{v, of, points}`: chunk 0 says how many chunks count. */
  equity: (id: string, chunk: number): Deno.KvKey => ["equity", id, chunk],
  equityOf: (id: string): Deno.KvKey => ["equity", id],
  /** `{v, trade}`. */
  trade: (id: string, index: number): Deno.KvKey => ["trade", id, index],
  trades: (id: string): Deno.KvKey => ["trade", id],
  /** `{v, at}`: what the agent left is pruned some time after. */
  removedAgent: (id: string): Deno.KvKey => ["removed_agent", id],
  removedAgents: (): Deno.KvKey => ["removed_agent"],
  /** `{v, seq}`. */
  feedHead: (streamId: string): Deno.KvKey => ["feed_head", streamId],
  /** `{v, generation, chunks, bytes}`. */
  snapshotHead: (id: string): Deno.KvKey => ["snapshot_head", id],
  /** `{v, bytes}`. */
  snapshotChunk: (
    id: string,
    { generation, chunk }: { generation: number; chunk: number },
  ): Deno.KvKey => ["snapshot", id, generation, chunk],
  snapshotGeneration: (id: string, generation: number): Deno.KvKey => [
    "snapshot",
    id,
    generation,
  ],
  snapshots: (id: string): Deno.KvKey => ["snapshot", id],

  /** `{v, view, report}`: a run, and how its report is cut (`{chunks, bytes}`). */
  backtest: (id: string): Deno.KvKey => ["backtest", id],
  backtests: (): Deno.KvKey => ["backtest"],
  /** `{v, bytes}`. */
  backtestChunk: (
    id: string,
    chunk: number,
  ): Deno.KvKey => ["backtest_report", id, chunk],
  backtestChunks: (id: string): Deno.KvKey => ["backtest_report", id],

  /** `{v, n, hash}`: number and hash of the newest audit entry of a stream. Older builds kept everything with the commands. */
  auditHead: (stream: AuditStream): Deno.KvKey => [
    stream === "access" ? "audit_access_head" : "audit_head",
  ],
  /** `{v, n, entry, prev, hash}`. */
  audit: (stream: AuditStream, n: number): Deno.KvKey => [
    ...keys.audits(stream),
    n,
  ],
  audits: (stream: AuditStream): Deno.KvKey => [
    stream === "access" ? "audit_access" : "audit",
  ],
  /** `{v, checkpoint}`. */
  auditCheckpoint: (stream: AuditStream, serial: number): Deno.KvKey => [
    "audit_checkpoint",
    stream,
    serial,
  ],
  auditCheckpoints: (stream: AuditStream): Deno.KvKey => [
    "audit_checkpoint",
    stream,
  ],

  /** `{v: 2, user, passwordHash}`. */
  user: (id: string): Deno.KvKey => ["user", id],
  users: (): Deno.KvKey => ["user"],
  /** `{v, id}`. */
  userEmail: (email: string): Deno.KvKey => ["user_email", email],
  /** `{v, id}`: there since the first account; makes "only the first" a check. */
  firstUser: (): Deno.KvKey => ["first_user"],
  /** `{v: 2, session}`. */
  session: (id: string): Deno.KvKey => ["session", id],
  sessions: (): Deno.KvKey => ["session"],
  /** `{v, at, requestHash, response, bootId, reservation}`. */
  idempotency: (key: string): Deno.KvKey => ["idempotency", key],
  idempotencies: (): Deno.KvKey => ["idempotency"],
  /** `{v, value}`. */
  secret: (name: string): Deno.KvKey => ["secret", name],
  /** `{v, template}`: a template that was imported. */
  template: (name: string): Deno.KvKey => ["template", name],
  templates: (): Deno.KvKey => ["template"],
  /** `{v: 2, key}`: a key of an exchange, sealed. */
  exchangeKey: (id: string): Deno.KvKey => ["exchange_key", id],
  exchangeKeys: (): Deno.KvKey => ["exchange_key"],
  /** `{v, factor}`: somebody's second factor, sealed. */
  secondFactor: (userId: string): Deno.KvKey => ["second_factor", userId],
  /** `{v, n}`: number of the last dead letter. */
  deadLetterHead: (): Deno.KvKey => ["dead_letter_head"],
  /** `{v, letter}`. */
  deadLetter: (n: number): Deno.KvKey => ["dead_letter", n],
  deadLetters: (): Deno.KvKey => ["dead_letter"],
  /** `{v, bytes}`: written only to learn whether the disk takes writes. */
  probe: (): Deno.KvKey => ["probe"],
  /** `{v}`: the commit with this id has happened. */
  op: (opId: string): Deno.KvKey => ["op", opId],
  ops: (): Deno.KvKey => ["op"],

  // Prefixes for whoever looks at everything that is sealed.
  secrets: (): Deno.KvKey => ["secret"],
  secondFactors: (): Deno.KvKey => ["second_factor"],
  /** `{v, id, expiresAt}`: the login of the panel whose cookie has this hash. */
  sessionSecret: (hash: string): Deno.KvKey => ["session_secret", hash],
  sessionSecrets: (): Deno.KvKey => ["session_secret"],
  /** `{v, expiresAt}`. */
  userSession: (userId: string, id: string): Deno.KvKey => [
    "user_session",
    userId,
    id,
  ],
  userSessions: (userId: string): Deno.KvKey => ["user_session", userId],
  allUserSessions: (): Deno.KvKey => ["user_session"],
  /** `{v, token}`: a refresh token by its hash. */
  refresh: (hash: string): Deno.KvKey => ["refresh", hash],
  refreshes: (): Deno.KvKey => ["refresh"],
  /** `{v, token}`: an API token. */
  apiToken: (id: string): Deno.KvKey => ["api_token", id],
  apiTokens: (): Deno.KvKey => ["api_token"],
  /** `{v, id, expiresAt}`. */
  apiTokenHash: (hash: string): Deno.KvKey => ["api_token_hash", hash],
  apiTokenHashes: (): Deno.KvKey => ["api_token_hash"],
  /** `{v, expiresAt}`. */
  userApiToken: (userId: string, id: string): Deno.KvKey => [
    "user_api_token",
    userId,
    id,
  ],
  userApiTokens: (userId: string): Deno.KvKey => ["user_api_token", userId],
  allUserApiTokens: (): Deno.KvKey => ["user_api_token"],
  /** `{v, n}`: changes of accounts so far. Every one checks and sets it. */
  peopleHead: (): Deno.KvKey => ["people_head"],
  /** `{v, invite}`. */
  invite: (tokenHash: string): Deno.KvKey => ["invite", tokenHash],
  invites: (): Deno.KvKey => ["invite"],
  /** `{v, passkey}`. */
  passkey: (userId: string, id: string): Deno.KvKey => ["passkey", userId, id],
  passkeysOf: (userId: string): Deno.KvKey => ["passkey", userId],
  /** `{v, userId, id}`. */
  passkeyCredential: (credentialId: string): Deno.KvKey => [
    "passkey_credential",
    credentialId,
  ],
  /** `{v, author}`: an author of bundles whom somebody has met. */
  bundleAuthor: (userId: string, fingerprint: string): Deno.KvKey => [
    "bundle_author",
    userId,
    fingerprint,
  ],
  bundleAuthors: (userId: string): Deno.KvKey => ["bundle_author", userId],
  /** `{v, preferences}`: how somebody wants the panel. */
  preferences: (userId: string): Deno.KvKey => ["preferences", userId],
  /** `{v, kept}`: a version of an agent's configuration. */
  agentConfig: (id: string, version: number): Deno.KvKey => [
    "agent_config",
    id,
    version,
  ],
  agentConfigs: (id: string): Deno.KvKey => ["agent_config", id],
  /** `{v}`: set by every change of such things, for processes that have them in memory. */
  changed: (name: string): Deno.KvKey => ["changed", name],
  ...hostKeys,
  ...alertKeys,
} as const;

/** The keys under one KV watch: one per group, far below the ten that KV allows. */
export const WATCHED_KEYS: readonly Deno.KvKey[] = TOPIC_GROUPS.map(
  keys.groupHead,
);
