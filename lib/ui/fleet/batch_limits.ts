/**
 * The same risk limits for several agents of one type: what was typed goes on
 * top of each one's own configuration, saved against the version that was seen.
 *
 * @module
 */
import type { AgentDetail } from "../../contracts/agent.ts";
import {
  applyTexts,
  RISK_FIELDS,
  type RiskKey,
  type RiskTexts,
  riskTexts,
} from "./limit_texts.ts";
import {
  type ApiClient,
  ApiProblem,
  explain,
  isProofNeeded,
} from "../client/api_client.ts";
import type { CommandResult } from "./batch_report.ts";

/** What was typed; an empty field leaves each agent's own limit. */
export type LimitTexts = RiskTexts;

/** Nothing typed. */
export const NO_LIMITS: LimitTexts = {
  maxDrawdownPct: "",
  dailyLossLimit: "",
  leverage: "",
  riskPerTradePct: "",
};

/** Requests that are under way at once. */
const PARALLEL = 4;

/** What all agents have, or null where they differ. */
export function commonLimit(
  agents: readonly AgentDetail[],
  key: RiskKey,
): string | null {
  const values = new Set(
    agents.map(({ config }) => riskTexts(config.risk)[key]),
  );
  const [only] = values;
  return values.size === 1 ? only ?? null : null;
}

/** What is wrong with what was typed, for any of the agents; by field. */
export function limitErrors(
  agents: readonly AgentDetail[],
  typed: LimitTexts,
): Readonly<Record<string, string>> {
  const errors: Record<string, string> = {};
  for (const agent of agents) {
    const result = applyTexts(agent.config, textsFor(agent, typed));
    if (!("errors" in result)) continue;
    for (const [key, detail] of Object.entries(result.errors)) {
      errors[key] ??= `${detail} (${agent.name})`;
    }
  }
  return errors;
}

/** Loads agents with their configurations, a few at a time; what cannot be read is told. */
export async function loadDetails(
  ids: readonly { id: string; name: string }[],
  api: Pick<ApiClient, "getAgent">,
): Promise<{ details: AgentDetail[]; failed: CommandResult[] }> {
  const details: AgentDetail[] = [];
  const failed: CommandResult[] = [];
  await inParts(ids, async ({ id, name }) => {
    try {
      details.push(await api.getAgent(id));
    } catch (error) {
      failed.push({ id, name, refusal: explain(error) });
    }
  });
  return { details, failed };
}

/** Saves the limits of each agent against the version that was seen; none keeps another from it. */
export async function saveLimits(
  agents: readonly AgentDetail[],
  typed: LimitTexts,
  api: Pick<ApiClient, "putConfig">,
): Promise<CommandResult[]> {
  const results = new Map<string, CommandResult>();
  await inParts(agents, async (agent) => {
    results.set(agent.id, await saveOne(agent, typed, api));
  });
  return agents.map(({ id }) => results.get(id)!);
}

async function saveOne(
  agent: AgentDetail,
  typed: LimitTexts,
  api: Pick<ApiClient, "putConfig">,
): Promise<CommandResult> {
  const { id, name, configVersion } = agent;
  const texts = textsFor(agent, typed);
  const result = applyTexts(agent.config, texts);
  if ("errors" in result) {
    return { id, name, refusal: Object.values(result.errors).join("; ") };
  }
  const now = riskTexts(agent.config.risk);
  if (RISK_FIELDS.every(({ key }) => texts[key] === now[key])) {
    return { id, name, refusal: "Has these limits already" };
  }
  try {
    await api.putConfig(id, result.config, configVersion);
    return { id, name, refusal: null };
  } catch (error) {
    const isStale = error instanceof ApiProblem && error.problem.status === 412;
    const refusal = isStale
      ? "Somebody has changed it meanwhile: nothing was saved; look at it and edit again"
      : explain(error);
    return isProofNeeded(error)
      ? { id, name, refusal, needsProof: true }
      : { id, name, refusal };
  }
}

function textsFor({ config }: AgentDetail, typed: LimitTexts): RiskTexts {
  const own = riskTexts(config.risk);
  const of = (key: RiskKey) =>
    typed[key].trim() === "" ? own[key] : typed[key].trim();
  return {
    maxDrawdownPct: of("maxDrawdownPct"),
    dailyLossLimit: of("dailyLossLimit"),
    leverage: of("leverage"),
    riskPerTradePct: of("riskPerTradePct"),
  };
}

async function inParts<T>(
  items: readonly T[],
  run: (item: T) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < items.length; from += PARALLEL) {
    // deno-lint-ignore no-await-in-loop -- a few at a time
    await Promise.all(items.slice(from, from + PARALLEL).map(run));
  }
}
