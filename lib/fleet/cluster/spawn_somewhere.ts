/**
 * New agents go to the host where there is most room for them, or to those that
 * they belong together with.
 *
 * @module
 */
import type { AgentRecord, SpawnRequest } from "../../contracts/agent.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import type { TeamSpawnRequest } from "../../contracts/team.ts";
import { AppError } from "../../core/errors.ts";
import type { FleetContext } from "../context.ts";
import type { Caller, Fleet } from "../port.ts";
import { withSourceIds } from "../sources/checks.ts";
import { listCandidates } from "../sources/wiring.ts";
import { apart, joiningField, type Wanted } from "./apart.ts";
import { learn } from "./ask_others.ts";
import { askWhere } from "./ask_where.ts";

/** Spawns an agent on the host that it falls to. @throws {AppError} HOST_UNREACHABLE */
export async function spawnSomewhere(
  context: FleetContext,
  local: Fleet,
  asked: { request: SpawnRequest; caller: Caller },
): ReturnType<Fleet["spawn"]> {
  const { request, caller } = asked;
  const { config } = request;
  const drafts = [draft(context, { id: "agt_new", config, caller })];
  const view = await askPlace(context, drafts, {
    wanted: { name: config.name, pointer: joiningField(config) },
    question: { method: "spawn", args: asked },
    here: () => local.spawn(request, caller),
  });
  await learn(context, [view.id]);
  return view;
}

/** Spawns a team on the host that it falls to. @throws {AppError} HOST_UNREACHABLE */
export async function spawnTeamSomewhere(
  context: FleetContext,
  local: Fleet,
  { request, caller }: { request: TeamSpawnRequest; caller: Caller },
): ReturnType<Fleet["teams"]["spawn"]> {
  const here = () => local.teams.spawn(request, caller);
  const checked = await local.teams.validate(request, caller);
  const drafts = checked.members.flatMap(({ config }, place) =>
    config === undefined || config === null
      ? []
      : [draft(context, { id: `agt_new${place}`, config, caller })]
  ).map((record) => ({ ...record, team: { id: "team_new" } } as AgentRecord));
  // Where it is wrong, any process says so.
  if (drafts.length === 0) return await here();
  const question = { method: "teams.spawn", args: [request, caller] };
  const wanted = { name: request.name, pointer: "/members" };
  const team = await askPlace(context, drafts, { wanted, question, here });
  await learn(context, team.members.map((member) => member.id));
  return team;
}

/** As far as its place depends on it. */
function draft(
  context: FleetContext,
  { id, config, caller }: { id: string; config: AgentConfig; caller: Caller },
): AgentRecord {
  const { userId: ownerId } = caller;
  const agents = listCandidates(context);
  return {
    id,
    ownerId,
    desired: "running",
    config: withSourceIds(config, { selfId: null, ownerId, agents }),
  } as AgentRecord;
}

async function askPlace<Result>(
  context: FleetContext,
  drafts: readonly AgentRecord[],
  { wanted, ...task }: {
    wanted: Wanted;
    question: { method: string; args: unknown };
    here(): Promise<Result>;
  },
): Promise<Result> {
  const cluster = context.cluster!;
  const { hostId, bound } = cluster.placeOf(drafts);
  // A host that is just starting may be there by now, or one that was there gone.
  if (hostId === null || bound.size > 1) await cluster.lookAround();
  return await askWhere(context, {
    ...task,
    find: () => {
      const place = cluster.placeOf(drafts);
      if (place.bound.size > 1) throw apart(wanted, place);
      if (place.hostId === null) throw noPlace();
      return place.hostId === cluster.id ? null : place.hostId;
    },
  });
}

function noPlace(): AppError {
  return new AppError(
    "HOST_UNREACHABLE",
    "No host can take this agent: none is up, has room and may reach its exchange; look at the hosts",
    { status: 503 },
  );
}
