/**
 * The desks of this host: one for the markets of candles, one for each venue
 * whose prices are live. A desk of a venue is started by the first agent that
 * needs it and then stays, because what it knows of a venue (its clock, its
 * budget, who else trades there) takes time to learn.
 *
 * @module
 */
import type { ChildSpec } from "../../actors/mod.ts";
import type {
  DeskAnswer,
  DeskConfig,
  DeskQuery,
  VenueDeskConfig,
} from "../contracts/desk.ts";
import { EMERGENCY_FOLDER } from "../contracts/emergency_desk.ts";
import { type VenueId, venueKey } from "../contracts/venue.ts";
import { accountOpening, openAgentsOf } from "./accounts.ts";
import type { FleetContext } from "./context.ts";
import { type DeskId, deskIdAt, PAPER_DESK_ID, venueOf } from "./desk_ids.ts";
import { ASK_DEADLINE_MS } from "./limits.ts";
import { originOf } from "./market_access.ts";
import type { AgentEntry } from "./registry.ts";

/** Desks that have been started, whatever they are doing now. */
export function startedDesks(context: FleetContext): readonly DeskId[] {
  return [...context.desks.keys()];
}

/** Starts a desk where it does not run yet; resolves when it does. */
export async function ensureDesk(
  context: FleetContext,
  venue: VenueId | null,
): Promise<DeskId> {
  const deskId = venue === null ? PAPER_DESK_ID : deskIdAt(venue);
  let starting = context.desks.get(deskId);
  if (starting === undefined) {
    starting = startDesk(context, { deskId, venue });
    context.desks.set(deskId, starting);
    // Another try makes a new one.
    starting.catch(() => context.desks.delete(deskId));
  }
  await starting;
  return deskId;
}

/** Asks the desk of an agent and keeps its answer as the agent's newest account. */
export async function askDesk(
  context: FleetContext,
  entry: AgentEntry,
  query: DeskQuery,
): Promise<DeskAnswer | null> {
  const deskId = await ensureDesk(context, venueOf(entry.record.config));
  const answer = await context.supervisor.ask(deskId, query, {
    deadlineMs: ASK_DEADLINE_MS,
  }) as DeskAnswer | null;
  if (answer !== null) {
    entry.account = answer.account;
    entry.isDirty = true;
  }
  return answer;
}

/** Agents come to a desk of a venue when it has the stops that others have; the paper desk is the first of all. */
async function startDesk(
  context: FleetContext,
  { deskId, venue }: { deskId: DeskId; venue: VenueId | null },
): Promise<void> {
  await context.supervisor.start(deskSpec(context, { deskId, venue }));
  if (venue !== null) await context.emergency.begin(deskId);
}

function deskSpec(
  context: FleetContext,
  { deskId, venue }: { deskId: DeskId; venue: VenueId | null },
): ChildSpec {
  return {
    id: deskId,
    kind: "desk",
    createHost: () => context.hosts.desk(venue),
    loadInit: () => {
      const open = openAgentsOf(context, deskId);
      context.keyUses.deskStarts(deskId, open);
      for (const entry of open) {
        entry.heldConfig.desk = entry.record.configVersion;
      }
      return Promise.resolve({
        config: {
          journalDir: context.settings.journalDir,
          emergencyDir: emergencyDirOf(context.settings, venue),
          emergencyInboxDir: emergencyDirOf(context.settings, null),
          latches: context.emergency.forDesk(deskId),
          guards: context.guards.deskStarts(deskId),
          accounts: open.map((entry) => accountOpening(context, entry)),
          heldReason: context.storage.deskStarts(deskId),
          ...(venue === null ? {} : { venue: venueConfig(context, venue) }),
        } satisfies DeskConfig,
        snapshot: null,
      });
    },
    restart: "permanent",
  };
}

function venueConfig(
  { settings, silences }: FleetContext,
  venue: VenueId,
): VenueDeskConfig {
  return {
    ...venue,
    endpoint: originOf(settings, venue),
    silence: silences.of(venue).memory,
    isLiveArmed: settings.isLiveArmed,
    keySecretPath: settings.keySecretPath,
  };
}

/** Each desk has a folder of its own for its latches; that of the paper desk takes the requests to all of them. */
function emergencyDirOf(
  { dataDir }: FleetContext["settings"],
  venue: VenueId | null,
): string {
  const folder = `${dataDir}/${EMERGENCY_FOLDER}`;
  return venue === null ? folder : `${folder}/${venueKey(venue)}`;
}
