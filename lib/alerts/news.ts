/**
 * Reads what has happened since the cursor: the log of events, and the audit
 * trail.
 *
 * @module
 */
import type { AlertClass } from "../contracts/alerts/classes.ts";
import type { AlertCursor, AlertEvent } from "../contracts/alerts/delivery.ts";
import type { AuditRecord, AuditStream } from "../contracts/audit_trail.ts";
import type { StreamEnvelope } from "../contracts/stream.ts";
import type { EventStore } from "../store/port.ts";
import { classifyAudit, isLoginFrom, isLoginOf } from "./classify_audit.ts";
import { type Classified, classifyEvent } from "./classify_event.ts";
import {
  LOGINS_SEARCHED,
  MESSAGE_CHARACTERS_MAX,
  READ_BATCH,
} from "./limits.ts";

/** Entries of the audit trail, by number. */
export interface AuditSource {
  head(stream: AuditStream): Promise<{ n: number } | null>;
  after(
    stream: AuditStream,
    options: { from: number; limit: number },
  ): Promise<readonly AuditRecord[]>;
  before(
    stream: AuditStream,
    options: { before: number; limit: number },
  ): Promise<readonly AuditRecord[]>;
}

/** Where news come from. */
export interface NewsOptions {
  events: Pick<EventStore, "headSeq" | "afterIn">;
  audit: AuditSource;
  /** Whose an agent is and whether it trades on paper; null where it is gone. */
  agent(id: string): { ownerId: string | null; simulated: boolean } | null;
  nowMs(): number;
}

/** One thing that was read: up to where it moves the cursor, and the alert that it is. */
export interface NewsItem {
  cursor: Partial<AlertCursor>;
  alert: AlertEvent | null;
}

/** What one look found. */
export interface News {
  items: readonly NewsItem[];
  /** There is more: look again at once. */
  isMore: boolean;
}

const AUDIT_CLASSES: readonly AlertClass[] = [
  "key_test_failed",
  "login_new_place",
  "factor_changed",
];
/** Classes that only log lines tell of; without a rule for one of them, log lines are not read. */
const LOG_CLASSES: readonly AlertClass[] = [
  "trading_state",
  "order_refused",
  "backtest_finished",
];

/** Where everything ends that has happened so far. */
export async function headOf(
  { events, audit }: Pick<NewsOptions, "events" | "audit">,
): Promise<AlertCursor> {
  const [commands, access] = await Promise.all([
    audit.head("commands"),
    audit.head("access"),
  ]);
  return {
    seq: events.headSeq(),
    commands: commands?.n ?? 0,
    access: access?.n ?? 0,
  };
}

/** Reads on from a cursor; nothing that no rule wants. */
export async function readNews(
  options: NewsOptions,
  cursor: AlertCursor,
  wanted: ReadonlySet<AlertClass>,
): Promise<News> {
  const fromEvents = await readEvents(options, cursor, wanted);
  const isAuditWanted = AUDIT_CLASSES.some((name) => wanted.has(name));
  const fromAudit = await Promise.all(
    (["commands", "access"] as const).map((stream) =>
      isAuditWanted
        ? readAudit(options, { stream, after: cursor[stream] })
        : skipAudit(options, stream)
    ),
  );
  const all = [fromEvents, ...fromAudit];
  return {
    items: all.flatMap(({ items }) => items),
    isMore: all.some(({ isMore }) => isMore),
  };
}

async function readEvents(
  { events, agent, nowMs }: NewsOptions,
  { seq }: AlertCursor,
  wanted: ReadonlySet<AlertClass>,
): Promise<News> {
  const groups = [
    "system" as const,
    ...wanted.has("trade_closed") ? ["trades" as const] : [],
    ...LOG_CLASSES.some((name) => wanted.has(name)) ? ["logs" as const] : [],
  ];
  const page = await events.afterIn(groups, { seq, limit: READ_BATCH });
  const items: NewsItem[] = page.events.map((event) => ({
    cursor: { seq: event.seq! },
    alert: toAlert(event, agent),
  }));
  if (page.gap) items.unshift({ cursor: {}, alert: gapAlert(nowMs()) });
  if (page.upTo > seq) items.push({ cursor: { seq: page.upTo }, alert: null });
  return { items, isMore: page.events.length === READ_BATCH };
}

function toAlert(
  event: StreamEnvelope,
  agent: NewsOptions["agent"],
): AlertEvent | null {
  const found = classifyEvent(event);
  if (found === null) return null;
  const known = found.agentId === null ? null : agent(found.agentId);
  return {
    class: found.class,
    severity: found.severity,
    at: Date.parse(event.at),
    agentId: found.agentId,
    agentName: found.agentName,
    simulated: found.simulated ?? known?.simulated ?? null,
    message: cut(found.message),
    ownerId: ownerOf(found, known),
    groupKey: `${found.class} ${found.agentId ?? found.ownerId ?? ""}`,
  };
}

/** Of an agent that is gone nobody knows the owner: only who hears of everybody's is told. */
function ownerOf(
  { agentId, ownerId }: Classified,
  known: ReturnType<NewsOptions["agent"]>,
): string | null | undefined {
  if (ownerId !== undefined) return ownerId;
  if (agentId === null) return null;
  // What has no owner is everybody's.
  return known === null ? undefined : known.ownerId;
}

function gapAlert(at: number): AlertEvent {
  return {
    class: "server_trouble",
    severity: "warning",
    at,
    agentId: null,
    agentName: null,
    simulated: null,
    message:
      "Old events were removed before alerts had looked at them, because the server was down or too busy for long; look at the logs",
    ownerId: null,
    groupKey: "gap",
  };
}

async function readAudit(
  options: NewsOptions,
  { stream, after }: { stream: AuditStream; after: number },
): Promise<News> {
  const records = await options.audit.after(stream, {
    from: after + 1,
    limit: READ_BATCH,
  });
  const items: NewsItem[] = [];
  for (const record of records) {
    // deno-lint-ignore no-await-in-loop -- in order, and only logins read anything
    const alert = await ofRecord(options, record);
    items.push({ cursor: { [stream]: record.n }, alert });
  }
  return { items, isMore: records.length === READ_BATCH };
}

/** Nobody wants any of it: the cursor goes to the end. */
async function skipAudit(
  { audit }: NewsOptions,
  stream: AuditStream,
): Promise<News> {
  const head = await audit.head(stream);
  return {
    items: head === null ? [] : [{ cursor: { [stream]: head.n }, alert: null }],
    isMore: false,
  };
}

async function ofRecord(
  { audit }: NewsOptions,
  record: AuditRecord,
): Promise<AlertEvent | null> {
  const found = classifyAudit(record);
  if (found === null) return null;
  const { ownerId, newAddress } = found;
  if (newAddress !== undefined) {
    const about = { userId: ownerId, address: newAddress };
    if (!await isNewPlace(audit, record, about)) return null;
  }
  return {
    class: found.class,
    severity: found.severity,
    at: record.at,
    agentId: null,
    agentName: null,
    simulated: null,
    message: cut(found.message),
    ownerId,
    // Each of these counts for itself.
    groupKey: `${found.class} ${ownerId} ${record.stream} ${record.n}`,
  };
}

/** Whether somebody has logged in before, and never from here. */
async function isNewPlace(
  audit: AuditSource,
  { n }: AuditRecord,
  about: { userId: string; address: string },
): Promise<boolean> {
  let before = n;
  let hasLoggedIn = false;
  for (let searched = 0; searched < LOGINS_SEARCHED;) {
    // deno-lint-ignore no-await-in-loop -- each part begins where the last ended
    const part = await audit.before("access", { before, limit: READ_BATCH });
    if (part.some((entry) => isLoginFrom(entry, about))) return false;
    hasLoggedIn ||= part.some((entry) => isLoginOf(entry, about.userId));
    if (part.length < READ_BATCH) return hasLoggedIn;
    searched += part.length;
    before = part.at(-1)!.n;
  }
  return true;
}

function cut(message: string): string {
  return message.length <= MESSAGE_CHARACTERS_MAX
    ? message
    : `${message.slice(0, MESSAGE_CHARACTERS_MAX - 1)}…`;
}
