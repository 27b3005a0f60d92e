/**
 * A fleet among others: what is asked about an agent of another host goes to
 * that host; what is about all agents is answered from what the store tells.
 *
 * @module
 */
import type { SpawnRequest } from "../../contracts/agent.ts";
import type { AgentRecord } from "../../contracts/agent.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import type { EmergencyQuery } from "../../contracts/emergency_desk.ts";
import type { TeamSpawnRequest } from "../../contracts/team.ts";
import { AppError } from "../../core/errors.ts";
import type { FleetContext } from "../context.ts";
import type { Caller, Fleet } from "../port.ts";
import { withSourceIds } from "../sources/checks.ts";
import { listCandidates } from "../sources/wiring.ts";
import { Followers, takeRemote } from "./followers.ts";
import { takeWish } from "./take_in.ts";

/** Methods about one agent, by whose id they begin. */
const OF_ONE_AGENT = [
  "control",
  "updateConfig",
  "remove",
  "chart",
  "decisions",
  "performance",
  "resources",
  "risk",
  "latency",
  "recordings",
] as const;

/** Those of them after which the store has something new. */
const CHANGING: readonly string[] = ["control", "updateConfig"];

type OfOneAgent = (typeof OF_ONE_AGENT)[number];
type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** A fleet that knows the others. */
export interface JoinedFleet {
  fleet: Fleet;
  /** Gives the agents away; called when none of them runs here any more. */
  leave(): Promise<void>;
}

/** Joins the processes over the store; null where this is the only one. */
export async function joinPeers(
  context: FleetContext,
  local: Fleet,
): Promise<JoinedFleet | null> {
  const { cluster, calls } = context;
  if (cluster === null || calls === null) return null;
  const followers = new Followers(context);
  answerOthers(context, local);
  await cluster.start();
  calls.start({ takesQuestions: cluster.isHost });
  followers.start();
  return {
    fleet: {
      ...local,
      ...askOthers(context, local),
      spawn: (request, caller) => spawn(context, local, { request, caller }),
      recording: (id, name) => {
        refuseElsewhere(context, id);
        return local.recording(id, name);
      },
      teams: {
        ...local.teams,
        spawn: (request, caller) =>
          spawnTeam(context, local, { request, caller }),
        control: (id, ...rest) =>
          askTeam(context, local, { method: "control", args: [id, ...rest] }),
        remove: (id, ...rest) =>
          askTeam(context, local, { method: "remove", args: [id, ...rest] }),
      },
    },
    async leave() {
      followers.close();
      await cluster.leave();
      await calls.close();
    },
  };
}

function answerOthers(context: FleetContext, local: Fleet): void {
  const { calls, emergency } = context;
  for (const method of OF_ONE_AGENT) {
    const own = local[method] as Method;
    calls!.handle(method, (args) => own(...args as unknown[]));
  }
  calls!.handle("spawn", (args) => {
    const { request, caller } = args as {
      request: SpawnRequest;
      caller: Caller;
    };
    return local.spawn(request, caller);
  });
  calls!.handle("wish", async (ids) => {
    await Promise.all(
      (ids as readonly string[]).map((id) => takeWish(context, id)),
    );
  });
  const { spawn, control, remove } = local.teams;
  for (const [name, own] of Object.entries({ spawn, control, remove })) {
    calls!.handle(
      `teams.${name}`,
      (args) => (own as Method)(...args as unknown[]),
    );
  }
  calls!.handle(
    "emergency",
    (query) => emergency.peers.answer(query as EmergencyQuery),
  );
}

function askOthers(
  context: FleetContext,
  local: Fleet,
): Pick<Fleet, OfOneAgent> {
  const methods = OF_ONE_AGENT.map((method) => {
    const own = local[method] as Method;
    const ask: Method = async (...args) => {
      const id = args[0] as string;
      const hostId = hostElsewhere(context, id);
      if (hostId === null) {
        return await withoutHost(context, { id, method }, () => own(...args));
      }
      const answer = await context.calls!.call(hostId, { method, args });
      if (CHANGING.includes(method)) await learn(context, [id]);
      return answer;
    };
    return [method, ask];
  });
  return Object.fromEntries(methods) as Pick<Fleet, OfOneAgent>;
}

/**
 * Nobody runs it: what is stored answers, and a wish is stored for whoever takes
 * it. Who took it meanwhile read the record before the wish was there, so it is
 * told; who takes it later reads the wish.
 */
async function withoutHost(
  context: FleetContext,
  { id, method }: { id: string; method: string },
  own: () => Promise<unknown>,
): Promise<unknown> {
  const answer = await own();
  const isWish = CHANGING.includes(method) || method === "remove";
  if (!isWish || context.agents.find(id)?.isOwn === true) return answer;
  await tellOwner(context, [id]);
  return answer;
}

/** Has whoever owns these agents by now look at their records. */
async function tellOwner(
  { cluster, calls, onError }: FleetContext,
  ids: readonly string[],
): Promise<void> {
  try {
    const hostId = await cluster!.otherOwnerNow(ids[0]!);
    if (hostId === null) return;
    await calls!.call(hostId, { method: "wish", args: ids });
  } catch (error) {
    // It is stored; a restart of that host reads it.
    onError(`tell the new host of ${ids.join(", ")} what is wanted`, error);
  }
}

/** Reads what another host has just done, so that whoever asked for it sees it in the next answer. */
async function learn(
  context: FleetContext,
  ids: readonly string[],
): Promise<void> {
  await Promise.all(ids.map((id) => takeRemote(context, id, null)))
    .catch(() => {
      // It was done; the event that tells of it is on its way.
    });
}

/** The other host that runs an agent; null for this one, and for none. @throws {AppError} AGENT_NOT_FOUND */
function hostElsewhere(
  { agents, cluster }: FleetContext,
  agentId: string,
): string | null {
  if (agents.require(agentId).isOwn) return null;
  const hostId = cluster!.hostOf(agentId);
  return hostId === cluster!.id ? null : hostId;
}

function refuseElsewhere(context: FleetContext, agentId: string): void {
  const hostId = hostElsewhere(context, agentId);
  if (hostId === null) return;
  throw new AppError(
    "RECORDING_NOT_FOUND",
    `The recordings of this agent are on the disk of host "${hostId}"; fetch them there`,
    { status: 404 },
  );
}

async function askTeam(
  context: FleetContext,
  local: Fleet,
  { method, args }: { method: "control" | "remove"; args: unknown[] },
  // deno-lint-ignore no-explicit-any -- one of two methods, whose answer the caller knows
): Promise<any> {
  const [id] = args as [string];
  const own = local.teams[method] as Method;
  const first = local.teams.get(id).members[0];
  const hostId = first === undefined ? null : hostElsewhere(context, first.id);
  const members = local.teams.get(id).members.map((member) => member.id);
  if (hostId === null) {
    const answer = await own(...args);
    const isOwn = first === undefined ||
      context.agents.find(first.id)?.isOwn === true;
    if (!isOwn) await tellOwner(context, members);
    return answer;
  }
  const answer = await context.calls!.call(hostId, {
    method: `teams.${method}`,
    args,
  });
  await learn(context, members);
  return answer;
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

/** @throws {AppError} HOST_UNREACHABLE where no host may take it. */
function placeFor(
  context: FleetContext,
  drafts: readonly AgentRecord[],
): string {
  const hostId = context.cluster!.placeOf(drafts);
  if (hostId !== null) return hostId;
  throw new AppError(
    "HOST_UNREACHABLE",
    "No host can take this agent: none is up, has room and may reach its exchange, or those it belongs with are on several; look at the hosts",
    { status: 503 },
  );
}

async function spawn(
  context: FleetContext,
  local: Fleet,
  asked: { request: SpawnRequest; caller: Caller },
): Promise<Awaited<ReturnType<Fleet["spawn"]>>> {
  const { request, caller } = asked;
  const { config } = request;
  const hostId = placeFor(context, [
    draft(context, { id: "agt_new", config, caller }),
  ]);
  if (hostId === context.cluster!.id) return await local.spawn(request, caller);
  const view = await context.calls!.call(hostId, {
    method: "spawn",
    args: asked,
  }) as Awaited<ReturnType<Fleet["spawn"]>>;
  await learn(context, [view.id]);
  return view;
}

async function spawnTeam(
  context: FleetContext,
  local: Fleet,
  { request, caller }: { request: TeamSpawnRequest; caller: Caller },
): Promise<Awaited<ReturnType<Fleet["teams"]["spawn"]>>> {
  const checked = await local.teams.validate(request, caller);
  const drafts = checked.members.flatMap(({ config }, place) =>
    config === undefined || config === null
      ? []
      : [draft(context, { id: `agt_new${place}`, config, caller })]
  ).map((record) => ({ ...record, team: { id: "team_new" } } as AgentRecord));
  // Where it is wrong, any process says so.
  const hostId = drafts.length === 0
    ? context.cluster!.id
    : placeFor(context, drafts);
  if (hostId === context.cluster!.id) {
    return await local.teams.spawn(request, caller);
  }
  const team = await context.calls!.call(hostId, {
    method: "teams.spawn",
    args: [request, caller],
  }) as Awaited<ReturnType<Fleet["teams"]["spawn"]>>;
  await learn(context, team.members.map((member) => member.id));
  return team;
}
