/**
 * Turns what the supervisor sees into state: memory first, then one queued
 * write that carries projection and event together.
 *
 * @module
 */
import { projectVenueReport } from "./venue_reports.ts";
import type { SupervisorEvent } from "../../actors/mod.ts";
import type {
  DeskJournalReport,
  DeskReport,
  DeskVenueReport,
} from "../contracts/account.ts";
import type { DeskEmergencyReport } from "../contracts/emergency_desk.ts";
import type {
  LifecycleChanged,
  ObservedState,
} from "../contracts/lifecycle.ts";
import type { RiskReport } from "../contracts/guard.ts";
import type { AgentReport } from "../contracts/log.ts";
import type {
  FeedNotice,
  FeedReport,
  FeedStaleReport,
} from "../contracts/market.ts";
import type { RecordingReport } from "../contracts/recording.ts";
import type { EventDraft } from "../store/port.ts";
import type { FleetContext } from "./context.ts";
import { projectZombieThreads } from "./host_health.ts";
import { MAX_HISTORY } from "./limits.ts";
import { projectFeedNotice, projectStaleFeed } from "./feed_reports.ts";
import { projectRiskReport } from "./guards/risk_reports.ts";
import { projectDeskReport } from "./desk_reports.ts";
import { type AgentEntry, UNKNOWN_VITALS } from "./registry.ts";
import { projectSnapshot } from "./snapshots.ts";
import { describeChange, platformName, severityOf } from "./sentences.ts";
import { append, publish } from "./publish.ts";
import { meterBeat } from "./usage/resources_of.ts";
import { readVitals } from "./vitals.ts";

type HeartbeatEvent = Extract<SupervisorEvent, { type: "heartbeat" }>;

/** Everything that children hand to their owner. */
type ChildReport =
  | AgentReport
  | DeskReport
  | DeskJournalReport
  | DeskVenueReport
  | FeedNotice
  | DeskEmergencyReport
  | FeedReport
  | FeedStaleReport
  | RecordingReport
  | RiskReport;

/** States in which a worker gives signs of life. */
const HAS_WORKER: ReadonlySet<ObservedState> = new Set<ObservedState>([
  "running",
  "paused",
  "degraded",
  "stopping",
]);

/** Handles one event of the supervisor. Never throws; a failed write shows in the store's health. */
export function projectEvent(
  context: FleetContext,
  event: SupervisorEvent,
): void {
  switch (event.type) {
    case "lifecycle":
      return projectLifecycle(context, event.change);
    case "heartbeat":
      return projectHeartbeat(context, event);
    case "report":
      return projectReport(context, event, event.report as ChildReport);
    case "snapshot":
      return projectSnapshot(context, event.id, event.snapshot);
    case "mailbox_overflow":
      return warn(
        context,
        event.id,
        `The ${event.lane} lane of its mailbox is full`,
      );
    case "dead_letter":
      return context.deadLetters.take(event);
    case "zombie_threads":
      return projectZombieThreads(context, event);
  }
}

/** States between the last snapshot of one worker and the start of the next one. */
const HANDS_OVER: ReadonlySet<ObservedState> = new Set<ObservedState>([
  "stopping",
  "starting",
]);

function projectLifecycle(
  context: FleetContext,
  change: LifecycleChanged,
): void {
  const entry = context.agents.find(change.id);
  const name = entry?.record.config.name ?? null;
  const message = describeChange(change, name ?? platformName(change.id));
  const severity = severityOf(change);
  const agentId = entry === undefined ? null : change.id;
  const events: EventDraft[] = [
    {
      type: "system.event",
      agentId,
      at: change.at,
      data: {
        kind: "lifecycle",
        severity,
        agentId,
        agentName: name,
        message,
        change,
      },
    },
    {
      type: "log.added",
      agentId,
      at: change.at,
      data: {
        level: severity,
        category: "lifecycle",
        agentId,
        agentName: name,
        message,
        at: change.at,
        marketAt: null,
        data: {
          from: change.from,
          to: change.to,
          epoch: change.epoch,
          cause: change.cause,
        },
      },
    },
  ];
  if (entry === undefined) {
    if (!HAS_WORKER.has(change.to)) context.serviceHeaps.ended(change.id);
    append(context, { events });
    return;
  }
  observe(entry, change);
  publish(context, entry, events);
  context.reconcileSoon();
}

function observe(entry: AgentEntry, change: LifecycleChanged): void {
  const failed = change.event === "failed" ||
    change.event === "budget_exhausted";
  entry.observed = {
    id: change.id,
    state: change.to,
    epoch: change.epoch,
    restarts: change.restarts,
    restartBudget: change.restartBudget,
    retryAt: change.retryAt,
    since: change.at,
    lastError: failed ? change.cause : entry.observed.lastError,
    history: [...entry.observed.history, change].slice(-MAX_HISTORY),
  };
  entry.updatedAt = change.at;
  if (!HANDS_OVER.has(change.to)) entry.lastSnapshot = null;
  // The figures of a worker that is gone say nothing about the next one.
  if (!HAS_WORKER.has(change.to)) {
    entry.vitals = UNKNOWN_VITALS;
    entry.processed = 0;
  }
}

function projectHeartbeat(
  context: FleetContext,
  { id, epoch, heartbeat: beat }: HeartbeatEvent,
): void {
  const entry = context.agents.find(id);
  if (entry === undefined) return context.serviceHeaps.beat(id, beat);
  const atMs = context.clock.monotonicMs();
  context.onMessageTimes(beat.messageMs);
  meterBeat(entry, { epoch, heartbeat: beat, atMs });
  const before = entry.vitals;
  const elapsedMs = before.heartbeatAt === null
    ? null
    : beat.at - before.heartbeatAt;
  entry.vitals = {
    heartbeatAt: beat.at,
    heapMiB: toMiB(beat.heapUsedBytes),
    liveHeapMiB: toMiB(beat.liveHeapBytes),
    mailboxDepth: beat.mailboxDepth,
    candleMsP50: beat.receiveMsP50,
    candleMsP99: beat.receiveMsP99,
    messagesPerSecond: elapsedMs === null || elapsedMs <= 0 ? null : Math.round(
      Math.max(0, beat.processed - entry.processed) / elapsedMs * 1_000,
    ),
  };
  entry.processed = beat.processed;
  entry.isDirty = true;
  void readVitals(context, entry);
}

function toMiB(bytes: number | null): number | null {
  return bytes === null ? null : Math.round(bytes / 1_048_576 * 10) / 10;
}

function projectReport(
  context: FleetContext,
  from: { id: string; epoch: number },
  report: ChildReport,
): void {
  switch (report.kind) {
    case "agent":
      return projectAgentReport(context, from.id, report);
    case "risk":
      return projectRiskReport(context, from.id, report);
    case "recording":
      return context.recordings.take(from, report);
    case "desk":
      return projectDeskReport(context, report);
    case "desk_venue":
      return projectVenueReport(context, from.id, report);
    case "desk_journal":
      return context.storage.takeJournalReport(report);
    case "feed_stale":
      return projectStaleFeed(context, report);
    case "feed_notice":
      return projectFeedNotice(context, report);
    case "desk_emergency":
      return context.emergency.take(from.id, report.state);
    case "feed":
      return append(context, {
        projections: [{
          kind: "feedHead",
          streamId: report.streamId,
          value: report.headSeq,
        }],
      });
  }
}

function projectAgentReport(
  context: FleetContext,
  id: string,
  report: AgentReport,
): void {
  const entry = context.agents.find(id);
  if (entry === undefined) return;
  const at = context.clock.nowMs();
  append(context, {
    events: report.logs.map((line) => ({
      type: "log.added",
      agentId: id,
      at,
      data: { ...line, agentId: id, agentName: entry.record.config.name, at },
    })),
  });
}

function warn(context: FleetContext, id: string, what: string): void {
  const entry = context.agents.find(id);
  context.log({
    level: "warning",
    category: "system",
    agentId: entry === undefined ? null : id,
    agentName: entry?.record.config.name ?? null,
    message: entry === undefined ? `${id}: ${what}` : what,
    at: context.clock.nowMs(),
    marketAt: null,
  });
}
