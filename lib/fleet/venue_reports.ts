import {
  type DeskVenueReport,
  VENUE_ALERTS,
  type VenueAlertCode,
} from "../contracts/account.ts";
import type { FleetContext } from "./context.ts";
import { deskIdOf } from "./desk_ids.ts";
import { publish } from "./publish.ts";
import type { AgentEntry } from "./registry.ts";
import { type Notice, tellOf } from "./told.ts";

/** What happened once and is over with the telling; the others last until the desk takes them back. */
const PASSING: readonly VenueAlertCode[] = [
  "ORDER_ADOPTED",
  "QUIESCE_UNFINISHED",
];

/** A desk tells of its venue: the agents concerned show it, and log and system events tell it. */
export function projectVenueReport(
  context: FleetContext,
  deskId: string,
  { code, agentId, detail }: DeskVenueReport,
): void {
  for (const entry of concerned(context, { deskId, agentId })) {
    const isOver = detail === "";
    if (isOver === !entry.venueProblems.has(code) && isOver) continue;
    if (isOver) entry.venueProblems.delete(code);
    else if (!PASSING.includes(code)) entry.venueProblems.set(code, detail);
    publish(context, entry, tellOf(context, entry, noticeOf(code, detail)));
  }
}

function noticeOf(code: VenueAlertCode, detail: string): Notice {
  return detail === ""
    ? {
      kind: "venue",
      severity: "info",
      message: `Over: ${VENUE_ALERTS[code]}`,
    }
    : {
      kind: "venue",
      severity: code === "ORDER_ADOPTED" ? "warning" : "error",
      message: `${VENUE_ALERTS[code]}: ${detail}`,
    };
}

/** The agent, or every agent that trades with money at this desk. */
function concerned(
  { agents }: FleetContext,
  { deskId, agentId }: { deskId: string; agentId: string | null },
): AgentEntry[] {
  if (agentId === null) {
    return agents.all().filter(({ isOpen, record: { config } }) =>
      isOpen && config.mode === "live" && deskIdOf(config) === deskId
    );
  }
  const entry = agents.find(agentId);
  return entry === undefined ? [] : [entry];
}
