/**
 * What is asked about an agent goes to the host that owns it. Where nobody owns
 * it the store answers, and takes what is wanted.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import type { FleetContext } from "../context.ts";
import type { Fleet } from "../port.ts";
import { askWhere } from "./ask_where.ts";
import { takeRemote } from "./followers.ts";
import {
  type Method,
  OF_ONE_AGENT,
  type OfOneAgent,
  WISHES,
} from "./methods.ts";

/** Methods about one agent, carried out wherever it is. */
export function askOthers(
  context: FleetContext,
  local: Fleet,
): Pick<Fleet, OfOneAgent> {
  const methods = OF_ONE_AGENT.map((method) => {
    const own = local[method] as Method;
    const ask: Method = (...args) => {
      const ids = [args[0] as string];
      const isWish = WISHES.includes(method);
      return askOwner(context, {
        ids,
        isWish,
        question: { method, args },
        here: () => own(...args),
      });
    };
    return [method, ask];
  });
  return Object.fromEntries(methods) as Pick<Fleet, OfOneAgent>;
}

/** A command to a team, carried out where its members are. */
export async function askTeam(
  context: FleetContext,
  local: Fleet,
  { method, args }: { method: "control" | "remove"; args: unknown[] },
  // deno-lint-ignore no-explicit-any -- one of two methods, whose answer the caller knows
): Promise<any> {
  const own = local.teams[method] as Method;
  const { members } = local.teams.get(args[0] as string);
  return await askOwner(context, {
    ids: members.map(({ id }) => id),
    isWish: true,
    question: { method: `teams.${method}`, args },
    here: () => own(...args),
  });
}

/** What is on the disk of another host is not fetched from here. @throws {AppError} RECORDING_NOT_FOUND */
export function refuseElsewhere(context: FleetContext, agentId: string): void {
  const hostId = hostElsewhere(context, agentId);
  if (hostId === null) return;
  throw new AppError(
    "RECORDING_NOT_FOUND",
    `The recordings of this agent are on the disk of host "${hostId}"; fetch them there`,
    { status: 404 },
  );
}

/** Reads what another host has just done, so that whoever asked for it sees it in the next answer. */
export async function learn(
  context: FleetContext,
  ids: readonly string[],
): Promise<void> {
  const others = ids.filter((id) => context.agents.find(id)?.isOwn !== true);
  await Promise.all(others.map((id) => takeRemote(context, id, null)))
    .catch(() => {
      // It was done; the event that tells of it is on its way.
    });
}

/** Something about agents that are in one place. */
interface OwnerTask {
  ids: readonly string[];
  /** Whether it stores what is wanted of them. */
  isWish: boolean;
  question: { method: string; args: unknown };
  here(): Promise<unknown>;
}

async function askOwner(
  context: FleetContext,
  { ids, isWish, question, here }: OwnerTask,
): Promise<unknown> {
  const [first] = ids;
  let isHere = false;
  const answer = await askWhere(context, {
    find: () => first === undefined ? null : hostElsewhere(context, first),
    question,
    here: () => {
      isHere = true;
      return here();
    },
  });
  if (!isWish) return answer;
  if (!isHere) await learn(context, ids);
  else if (first !== undefined) await tellOwner(context, ids);
  return answer;
}

/**
 * A wish was stored here of agents that are not here: who took them meanwhile
 * read the records before it was there, so it is told; who takes them later
 * reads it. A host that does not hear of it finds it by looking (WishLook).
 */
async function tellOwner(
  { agents, cluster, calls, onError }: FleetContext,
  ids: readonly string[],
): Promise<void> {
  if (agents.find(ids[0]!)?.isOwn === true) return;
  try {
    const hostId = await cluster!.otherOwnerNow(ids[0]!);
    if (hostId === null) return;
    await calls!.call(hostId, { method: "wish", args: ids });
  } catch (error) {
    onError(`tell the new host of ${ids.join(", ")} what is wanted`, error);
  }
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
