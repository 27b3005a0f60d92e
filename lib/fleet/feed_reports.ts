import type { FeedNotice, FeedStaleReport } from "../contracts/market.ts";
import type { EventDraft } from "../store/port.ts";
import type { FleetContext } from "./context.ts";
import { append, publish } from "./publish.ts";
import type { AgentEntry } from "./registry.ts";
import { streamOf } from "./stream_of.ts";

/** Nothing comes for a stream, or it comes again: its agents show it, and log and system events tell it. */
export function projectStaleFeed(
  context: FleetContext,
  { streamId, detail }: FeedStaleReport,
): void {
  for (const entry of agentsOf(context, streamId)) {
    if (entry.feedProblem === detail) continue;
    entry.feedProblem = detail;
    const message = detail === null
      ? "The market data comes again"
      : `No market data comes: ${detail}`;
    const severity = detail === null ? "info" : "warning";
    publish(context, entry, tell(context, entry, { message, severity }));
  }
}

/** A feed has something to say about a stream: it goes to the log of the agents on it. */
export function projectFeedNotice(
  context: FleetContext,
  { streamId, level, message }: FeedNotice,
): void {
  const events = agentsOf(context, streamId).flatMap((entry) =>
    logLine(context, entry, { message, severity: level })
  );
  if (events.length > 0) append(context, { events });
}

/** Agents that listen to a stream now. */
function agentsOf(context: FleetContext, streamId: string): AgentEntry[] {
  return context.agents.all().filter(({ isOpen, record }) =>
    isOpen && streamOf(record).streamId === streamId
  );
}

interface Line {
  message: string;
  severity: "info" | "warning";
}

function tell(
  context: FleetContext,
  entry: AgentEntry,
  line: Line,
): EventDraft[] {
  const { id, config } = entry.record;
  return [{
    type: "system.event",
    agentId: id,
    at: context.clock.nowMs(),
    data: {
      kind: "feed",
      severity: line.severity,
      agentId: id,
      agentName: config.name,
      message: line.message,
    },
  }, ...logLine(context, entry, line)];
}

function logLine(
  context: FleetContext,
  entry: AgentEntry,
  { message, severity }: Line,
): EventDraft[] {
  const { id, config } = entry.record;
  const at = context.clock.nowMs();
  return [{
    type: "log.added",
    agentId: id,
    at,
    data: {
      level: severity,
      category: "system",
      agentId: id,
      agentName: config.name,
      message,
      at,
      marketAt: null,
    },
  }];
}
