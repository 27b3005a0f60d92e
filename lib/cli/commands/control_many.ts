/**
 * One command for several agents: asked for at once, told agent by agent.
 *
 * @module
 */
import type { AgentView, ControlAction } from "../../contracts/agent.ts";
import { BATCH_AGENTS_MAX } from "../../contracts/agent_batch.ts";
import { isDueToStart } from "../../contracts/lifecycle.ts";
import type { ApiClient } from "../api_client.ts";
import type { ManyResult } from "../control_calls.ts";
import { type CommandContext, resolveAgent } from "../command.ts";
import { CliError, EXIT, problemError, usageError } from "../errors.ts";
import { plain } from "../output.ts";
import { reportError } from "../report.ts";
import { withFreshProof } from "./fresh_proof.ts";

/** What is asked of each of them. */
export interface ManyRequest {
  action: ControlAction;
  reason: string;
  positions?: string;
}

/** Tells what became of them; one failure does not keep the others from it. */
export class Findings {
  readonly #context: CommandContext;
  /** That of the first failure. */
  exitCode: number = EXIT.ok;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** @throws What leaves no hope for the others: no server. */
  add(name: string, error: unknown): void {
    if (error instanceof CliError && error.exitCode === EXIT.unreachable) {
      throw error;
    }
    const { io } = this.#context;
    io.stderr(`${plain(name)}: `);
    const code = reportError(io, error);
    if (this.exitCode === EXIT.ok) this.exitCode = code;
  }
}

/** Whether several are meant. */
export function isMany({ operands, values }: CommandContext): boolean {
  return operands.length !== 1 || values["all"] === true;
}

/**
 * Commands the agents that were named, or with `--all` those that it makes
 * sense for. What cannot be done is told through `findings`.
 *
 * @returns Those that have taken the command, as they are now.
 */
export async function controlMany(
  context: CommandContext,
  { request, findings }: { request: ManyRequest; findings: Findings },
): Promise<readonly AgentView[]> {
  const client = await context.client();
  const ids = context.values["all"] === true
    ? await allFor(context, { client, action: request.action })
    : await namedIn(context, { client, findings });
  const results = await ask(context, { client, request, ids });
  return results.flatMap(({ result, problem }) => {
    if (result.agent !== null) return [result.agent];
    findings.add(result.name ?? result.id, problemError(problem!));
    return [];
  });
}

async function namedIn(
  { operands }: CommandContext,
  { client, findings }: { client: ApiClient; findings: Findings },
): Promise<readonly string[]> {
  if (operands.length === 0) {
    throw usageError("Name at least one agent, or give --all");
  }
  const ids: string[] = [];
  for (const operand of operands) {
    try {
      // deno-lint-ignore no-await-in-loop -- the failures come in the order of the names
      ids.push((await resolveAgent(client, operand)).id);
    } catch (error) {
      findings.add(operand, error);
    }
  }
  return [...new Set(ids)];
}

async function allFor(
  { operands }: CommandContext,
  { client, action }: { client: ApiClient; action: ControlAction },
): Promise<readonly string[]> {
  if (operands.length > 0) throw usageError("Name agents, or give --all");
  return (await client.listAgents({}))
    .filter((agent) => isMeant(agent, action)).map(({ id }) => id);
}

/** Whether `--all` means this agent, too; what the server latched is started by name only. */
function isMeant(agent: AgentView, action: ControlAction): boolean {
  const { desired, observed } = agent;
  if (desired === "retired") return false;
  const isUp = isDueToStart(agent) ||
    !["stopped", "killed", "quarantined", "stopping"].includes(observed);
  switch (action) {
    case "start":
      return !isUp && observed === "stopped";
    case "pause":
      return isUp && desired !== "paused";
    case "resume":
      return isUp && desired === "paused";
    default:
      return isUp;
  }
}

/** Asks for all, and once more for those that want a fresh proof, once there is one. */
async function ask(
  context: CommandContext,
  { client, request, ids }: {
    client: ApiClient;
    request: ManyRequest;
    ids: readonly string[];
  },
): Promise<readonly ManyResult[]> {
  const results = new Map<string, ManyResult>();
  const unproven = () =>
    [...results.values()].filter(({ problem }) =>
      problem?.code === "FRESH_PROOF_NEEDED"
    );
  let left = ids;
  const run = async () => {
    for (let from = 0; from < left.length; from += BATCH_AGENTS_MAX) {
      const part = left.slice(from, from + BATCH_AGENTS_MAX);
      // deno-lint-ignore no-await-in-loop -- a request takes so many
      for (const one of await client.controlMany({ ...request, ids: part })) {
        results.set(one.result.id, one);
      }
    }
    left = unproven().map(({ result }) => result.id);
    if (left.length > 0) throw problemError(unproven()[0]!.problem!);
  };
  try {
    await withFreshProof(context, run);
  } catch (error) {
    // Told agent by agent.
    const isSame = error instanceof CliError &&
      error.problem?.code === "FRESH_PROOF_NEEDED";
    if (!isSame) throw error;
  }
  return [...results.values()];
}
