/**
 * One command for many agents. Each is commanded by itself, so that one that
 * refuses keeps no other from it.
 *
 * @module
 */
import {
  type AgentView,
  type ControlRequest,
  reducesRisk,
} from "../contracts/agent.ts";
import type {
  BatchControlRequest,
  BatchControlResponse,
  BatchFilter,
  BatchResult,
} from "../contracts/agent_batch.ts";
import { BATCH_AGENTS_MAX } from "../contracts/agent_batch.ts";
import { hasAccount } from "../contracts/agent_types.ts";
import type { Caller } from "../contracts/audit.ts";
import { controlAction } from "../contracts/policy.ts";
import { AppError } from "../core/errors.ts";
import type { Authorizer } from "./authorizer.ts";
import { type ApiContext, type ApiOptions } from "./context.ts";
import { BATCH_PARALLEL } from "./limits.ts";
import { errorEntry, toProblem } from "./problem.ts";
import { agentSubject } from "./subjects.ts";

/**
 * The ids that a batch is about.
 *
 * @throws {AppError} REQUEST_INVALID where a filter matches more than a batch takes.
 */
export function agentsOfBatch(
  { ids, filter }: Pick<BatchControlRequest, "ids" | "filter">,
  all: readonly AgentView[],
): readonly string[] {
  if (filter === undefined) return [...new Set(ids ?? [])];
  const found = all.filter((agent) => fits(agent, filter));
  if (found.length <= BATCH_AGENTS_MAX) return found.map(({ id }) => id);
  const detail =
    `${found.length} agents match, and a batch takes ${BATCH_AGENTS_MAX}; narrow the filter`;
  throw new AppError("REQUEST_INVALID", `/filter: ${detail}`, {
    errors: [{ pointer: "/filter", code: "FIELD_INVALID", detail }],
  });
}

/** Who commands, and by what. */
export interface Commander {
  c: ApiContext;
  options: Pick<ApiOptions, "fleet" | "logError">;
  caller: Caller;
  judge: Authorizer["judge"];
}

/** Commands agents, the safest order first, and tells what became of each. */
export async function controlBatch(
  commander: Commander,
  request: BatchControlRequest,
): Promise<BatchControlResponse> {
  const { action, reason, positions } = request;
  const all = new Map(
    commander.options.fleet.list().map((agent) => [agent.id, agent]),
  );
  const command = (id: string) =>
    commandOne(commander, {
      id,
      name: all.get(id)?.name ?? null,
      request: { action, reason, positions },
    });
  const results: BatchResult[] = [];
  for (
    const rank of inOrder(agentsOfBatch(request, [...all.values()]), {
      action,
      all,
    })
  ) {
    for (let from = 0; from < rank.length; from += BATCH_PARALLEL) {
      const part = rank.slice(from, from + BATCH_PARALLEL);
      // deno-lint-ignore no-await-in-loop -- what is safer comes first, and not all at once
      results.push(...await Promise.all(part.map(command)));
    }
  }
  const accepted = results.filter(({ outcome }) => outcome === "accepted");
  return {
    action,
    accepted: accepted.length,
    failed: results.length - accepted.length,
    results,
  };
}

/** Commands one of them, if who asks may. */
async function commandOne(
  { c, options, caller, judge }: Commander,
  { id, name, request }: {
    id: string;
    name: string | null;
    request: ControlRequest;
  },
): Promise<BatchResult> {
  const { fleet, logError } = options;
  try {
    const subject = agentSubject(fleet, id);
    const refusal = await judge(c, controlAction(request.action), subject);
    if (refusal !== null) throw refusal;
    const agent = await fleet.control(id, request, caller);
    return { id, name, outcome: "accepted", agent, ...NO_PROBLEM };
  } catch (error) {
    const { problem, isUnexpected } = toProblem(error, c.env.requestId);
    if (isUnexpected) logError(errorEntry(c, error));
    const { code, status, detail } = problem;
    return { id, name, outcome: "failed", agent: null, code, status, detail };
  }
}

const NO_PROBLEM = { code: null, status: null, detail: null } as const;

/**
 * Risk goes down in the order in which it is taken away soonest: real money,
 * then paper, then those who only report, and who watches over them last. It
 * goes up the other way round, so that the guard is there first.
 */
function inOrder(
  ids: readonly string[],
  { action, all }: {
    action: BatchControlRequest["action"];
    all: ReadonlyMap<string, AgentView>;
  },
): readonly (readonly string[])[] {
  const ranks: string[][] = [[], [], [], []];
  for (const id of ids) ranks[rankOf(all.get(id))]!.push(id);
  return reducesRisk(action) ? ranks : ranks.reverse();
}

function rankOf(agent: AgentView | undefined): number {
  if (agent === undefined || !hasAccount(agent.type)) return 3;
  if (agent.signalsOnly === true) return 2;
  return agent.mode === "live" ? 0 : 1;
}

function fits(agent: AgentView, filter: BatchFilter): boolean {
  const { state, mode, symbol, type } = filter;
  return (state === undefined || state.includes(agent.observed)) &&
    (mode === undefined || agent.mode === mode) &&
    (symbol === undefined || agent.symbol.replace("/", "") === symbol) &&
    (type === undefined || agent.type === type);
}
