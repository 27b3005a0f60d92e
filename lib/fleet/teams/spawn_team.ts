import { AppError } from "../../core/errors.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import type {
  TeamPlace,
  TeamSpawnRequest,
  TeamValidationResponse,
  TeamView,
} from "../../contracts/team.ts";
import { quotaExceeded } from "../../contracts/quota.ts";
import type { AgentRecord } from "../../contracts/agent.ts";
import { addAgent } from "../commands/add_agent.ts";
import type { CommandOptions } from "../commands/checks.ts";
import { saveAndSettle } from "../commands/doubt.ts";
import {
  type NewAgent,
  newRecord,
  openMarket,
} from "../commands/new_record.ts";
import { auditOf } from "../commands/records.ts";
import { refuseFullHost } from "../commands/spawn.ts";
import { countedWhile } from "../commands/under_way.ts";
import type { FleetContext } from "../context.ts";
import { ownUse } from "../quotas.ts";
import { closeOwnStream, streamOf } from "../wiring.ts";
import { checkTeam } from "./team_checks.ts";
import { planTeam, type TeamPlan } from "./team_plan.ts";
import { toTeamView } from "./team_view.ts";

/**
 * Stores all agents of a team in one commit and lets them start. Whatever is
 * refused or fails before leaves nothing behind.
 */
export async function spawnTeam(
  context: FleetContext,
  request: TeamSpawnRequest,
  options: CommandOptions,
): Promise<TeamView> {
  const plan = planTeam(request, () => context.ids("agt"));
  const team = placeOf(context, plan);
  const checked = checkTeam(context, plan, { ...options, team });
  refuseUnsound(context, checked, { plan, userId: options.caller.userId });
  refuseUnread(checked, request);
  refuseUnconfirmed(checked, request);
  refuseFullHost(context, plan.members.length);
  context.storage.refuseNewRisk(`spawn "${request.name}"`);
  const agents = plan.members.map(({ id, role }, place): NewAgent => ({
    id,
    config: checked.members[place]!.config!,
    templateName: plan.templateName,
    estimate: checked.members[place]!.estimate,
    team: { ...team, role },
  }));
  return await countedWhile(
    { context, caller: options.caller },
    agents,
    () => storeNew(context, agents, { team, options }),
  );
}

/** Opens the markets of checked agents, stores them as one and lets them start. */
async function storeNew(
  context: FleetContext,
  agents: readonly NewAgent[],
  { team, options }: { team: TeamPlace; options: CommandOptions },
): Promise<TeamView> {
  const records = await openAll(context, agents, options);
  try {
    for (const record of records) {
      context.emergency.refuseLatched(`spawn "${team.name}"`, { record });
    }
    await storeAll(context, records, { team, options });
  } catch (error) {
    await closeAll(context, agents);
    throw error;
  }
  return toTeamView(records.map((record) => addAgent(context, record)));
}

/** Where the agents of a planned team belong; each puts in its own role. */
export function placeOf(
  context: FleetContext,
  { name, members }: TeamPlan,
): TeamPlace {
  return { id: context.ids("team"), name, role: "", size: members.length };
}

function refuseUnsound(
  context: FleetContext,
  { valid, errors }: TeamValidationResponse,
  { plan, userId }: { plan: TeamPlan; userId: string },
): void {
  if (valid) return;
  const [first] = errors;
  const only = errors.length === 1 ? first!.code : null;
  if (only === "QUOTA_EXCEEDED") {
    const more = plan.members.length;
    throw quotaExceeded(ownUse(context, userId), { more, errors });
  }
  const code = only === "NAME_TAKEN" ? "TEAM_NAME_TAKEN" : "CONFIG_INVALID";
  throw new AppError(
    code,
    errors.map(({ detail }) => detail).join(". "),
    { status: code === "CONFIG_INVALID" ? 422 : 409, errors },
  );
}

function refuseUnread(
  { warnings }: TeamValidationResponse,
  { acknowledgeWarnings }: TeamSpawnRequest,
): void {
  if (warnings.length === 0 || acknowledgeWarnings) return;
  throw new AppError(
    "WARNINGS_UNREAD",
    "The team has warnings: read them and send acknowledgeWarnings = true",
    { status: 422, errors: warnings },
  );
}

/** Money is at stake: nobody spawns a live team by a slip of the hand. */
function refuseUnconfirmed(
  { members }: TeamValidationResponse,
  { name, confirmName }: TeamSpawnRequest,
): void {
  if (!isLiveTeam(members) || confirmName === name) return;
  const detail =
    `"${name}" trades with money: type the team's name once more as confirmName`;
  throw new AppError("CONFIG_INVALID", detail, {
    status: 422,
    errors: [{ pointer: "/confirmName", code: "LIVE_UNCONFIRMED", detail }],
  });
}

/** Whether one of the members trades with money. */
export function isLiveTeam(
  members: readonly { config: AgentConfig | null }[],
): boolean {
  return members.some(({ config }) => config?.mode === "live");
}

/** Opens the markets of all agents; those of one market begin with the same candle. */
async function openAll(
  context: FleetContext,
  agents: readonly NewAgent[],
  { caller }: CommandOptions,
): Promise<readonly AgentRecord[]> {
  const heads = new Map<string, number>();
  try {
    for (const [place, agent] of agents.entries()) {
      const market = marketOf(agent.config);
      // deno-lint-ignore no-await-in-loop -- the first that cannot be opened ends it
      const headSeq = await inMember(place, () => openMarket(context, agent));
      heads.set(market, Math.max(headSeq, heads.get(market) ?? -1));
    }
  } catch (error) {
    await closeAll(context, agents);
    throw error;
  }
  const commandId = context.ids("cmd");
  return agents.map((agent) =>
    newRecord(context, agent, {
      headSeq: heads.get(marketOf(agent.config))!,
      caller,
      commandId,
    })
  );
}

/** What makes candles the same candles, whoever is given them. */
function marketOf({ type, feed, symbol, timeframe }: AgentConfig): string {
  return JSON.stringify([hasAccount(type), feed, symbol, timeframe]);
}

async function inMember<T>(
  place: number,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, error.message, {
      status: error.status,
      cause: error.cause,
      errors: error.errors.map((field) => ({
        ...field,
        pointer: `/members/${place}${field.pointer}`,
      })),
    });
  }
}

/** Closes what a refused spawn has opened; a team that is stored after all opens it again when it starts. */
async function closeAll(
  context: FleetContext,
  agents: readonly NewAgent[],
): Promise<void> {
  const work = agents.map((agent) => closeOwnStream(context, streamOf(agent)));
  // A feed that does not answer is starting again, and then knows nothing of them.
  await Promise.allSettled(work);
}

async function storeAll(
  context: FleetContext,
  records: readonly AgentRecord[],
  { team, options }: { team: TeamPlace; options: CommandOptions },
): Promise<void> {
  const audit = auditOf(context, options.caller, {
    action: "team.spawn",
    target: team.id,
    reason: "",
    detail: {
      name: team.name,
      template: records[0]!.templateName,
      members: records.map(({ id, config }) => ({ id, config })),
    },
  });
  const changes = records.map((record) => ({ record, expected: null }));
  await context.cluster?.reserve(records.map(({ id }) => id));
  const stored = await saveAndSettle(context, changes, { audit });
  const { commandId } = records[0]!;
  if (stored.every((record) => record?.commandId === commandId)) return;
  throw new AppError(
    "TEAM_NAME_TAKEN",
    `The name "${team.name}" was just taken`,
    { status: 409 },
  );
}
