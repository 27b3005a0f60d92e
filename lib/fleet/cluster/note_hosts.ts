import type { FleetContext } from "../context.ts";
import { tellListeners } from "../publish.ts";
import type { AgentEntry } from "../registry.ts";
import type { Claims } from "./claims.ts";

const SOON = "Its host is gone, and another one is about to take it";

/** Notes which host has each agent, or why none does, and tells whoever listens here of what has changed. */
export function noteHosts(
  context: FleetContext,
  claims: Pick<Claims, "hostOf" | "place">,
): void {
  const entries = context.agents.all();
  const reasons = reasonsOf(entries, claims);
  for (const entry of entries) {
    const { id } = entry.record;
    const hostId = claims.hostOf(id);
    const hostProblem = hostId === null ? reasons.get(id) ?? null : null;
    const isSame = entry.hostId === hostId && entry.hostProblem === hostProblem;
    if (isSame) continue;
    Object.assign(entry, { hostId, hostProblem });
    // Of an own agent its next view tells.
    if (entry.isOwn) entry.isDirty = true;
    else tellListeners(context, entry);
  }
}

/** Why agents without a host have none. */
function reasonsOf(
  entries: readonly AgentEntry[],
  claims: Pick<Claims, "hostOf" | "place">,
): ReadonlyMap<string, string> {
  const isEachThere = entries.every(({ record }) =>
    claims.hostOf(record.id) !== null
  );
  if (isEachThere) return new Map();
  return new Map(
    claims.place(entries.map(({ record }) => record)).flatMap(
      ({ reason, unowned }) =>
        unowned.map(({ id }) => [id, reason ?? SOON] as const),
    ),
  );
}
