import type { FeedNotice, FeedStaleReport } from "../contracts/market.ts";
import type { FleetContext } from "./context.ts";
import { append, publish } from "./publish.ts";
import type { AgentEntry } from "./registry.ts";
import { streamOf } from "./stream_of.ts";
import { lineOf, tellOf } from "./told.ts";

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
    publish(
      context,
      entry,
      tellOf(context, entry, { kind: "feed", message, severity }),
    );
  }
}

/** A feed has something to say about a stream: it goes to the log of the agents on it. */
export function projectFeedNotice(
  context: FleetContext,
  { streamId, level, message }: FeedNotice,
): void {
  const events = agentsOf(context, streamId).map((entry) =>
    lineOf(context, entry, { message, severity: level })
  );
  if (events.length > 0) append(context, { events });
}

/** Agents that listen to a stream now. */
function agentsOf(context: FleetContext, streamId: string): AgentEntry[] {
  return context.agents.all().filter(({ isOpen, record }) =>
    isOpen && streamOf(record).streamId === streamId
  );
}
