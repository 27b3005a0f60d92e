import { AppError } from "../../core/errors.ts";
import type { AgentView, SpawnRequest } from "../../contracts/agent.ts";
import { refuseBeyond } from "../../contracts/quota.ts";
import type { FleetContext } from "../context.ts";
import { hostUse } from "../quotas.ts";
import { toView } from "../view.ts";
import { addAgent } from "./add_agent.ts";
import { type CommandOptions, refuseInvalid, validateFor } from "./checks.ts";
import { saveAndSettle } from "./doubt.ts";
import { type NewAgent, newRecord, openMarket } from "./new_record.ts";
import { auditOf } from "./records.ts";
import { countedWhile } from "./under_way.ts";

/** Stores a new agent and lets it start. */
export async function spawnAgent(
  context: FleetContext,
  asked: SpawnRequest,
  options: CommandOptions,
): Promise<AgentView> {
  const checked = validateFor(context, asked.config, options);
  refuseInvalid(checked);
  const request = { ...asked, config: checked.config ?? asked.config };
  if (checked.warnings.length > 0 && !request.acknowledgeWarnings) {
    throw new AppError(
      "WARNINGS_UNREAD",
      "The configuration has warnings: read them and send acknowledgeWarnings = true",
      { status: 422, errors: checked.warnings },
    );
  }
  refuseUnconfirmed(request);
  refuseFullHost(context, 1);
  context.storage.refuseNewRisk(`spawn "${request.config.name}"`);
  const agent = {
    id: context.ids("agt"),
    config: request.config,
    templateName: request.template ?? null,
    estimate: checked.estimate,
  };
  return await countedWhile(
    { context, caller: options.caller },
    [agent],
    () => storeNew(context, agent, options),
  );
}

/** Opens the market of a checked agent, stores it and lets it start. */
async function storeNew(
  context: FleetContext,
  agent: NewAgent,
  options: CommandOptions,
): Promise<AgentView> {
  const record = newRecord(context, agent, {
    headSeq: await openMarket(context, agent),
    caller: options.caller,
    commandId: context.ids("cmd"),
  });
  context.emergency.refuseLatched(`spawn "${agent.config.name}"`, {
    record,
  });
  await context.cluster?.reserve([record.id]);
  const audit = auditOf(context, options.caller, {
    action: "agent.spawn",
    target: record.id,
    reason: "",
    detail: { config: record.config, template: record.templateName },
  });
  const [stored] = await saveAndSettle(context, [{ record, expected: null }], {
    audit,
  });
  if (stored?.commandId !== record.commandId) {
    throw new AppError(
      "AGENT_NAME_TAKEN",
      `The name "${record.config.name}" was just taken`,
      {
        status: 409,
      },
    );
  }
  return toView(addAgent(context, record));
}

/** Money is at stake: nobody spawns a live agent by a slip of the hand. */
function refuseUnconfirmed({ config, confirmName }: SpawnRequest): void {
  if (config.mode === "paper" || confirmName === config.name) return;
  const detail =
    `"${config.name}" trades with money: type its name once more as confirmName`;
  throw new AppError("CONFIG_INVALID", detail, {
    status: 422,
    errors: [{ pointer: "/confirmName", code: "LIVE_UNCONFIRMED", detail }],
  });
}

/** Refuses new agents that this host has no room for. */
export function refuseFullHost(context: FleetContext, more: number): void {
  refuseBeyond(hostUse(context), more);
}
