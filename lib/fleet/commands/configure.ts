import { AppError } from "../../core/errors.ts";
import type {
  AgentRecord,
  ConfigResponse,
  ConfigWarning,
} from "../../contracts/agent.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import { hedgeSourceOf } from "../../contracts/hedge.ts";
import type { FleetContext } from "../context.ts";
import { refuseJoining } from "../cluster/apart.ts";
import { applyConfigSoon } from "../applied_config.ts";
import { publish } from "../publish.ts";
import type { AgentEntry } from "../registry.ts";
import { type CommandOptions, refuseInvalid, validateFor } from "./checks.ts";
import { overtakenOrDone } from "./meanwhile.ts";
import { auditOf, saveRecords } from "./records.ts";

/** A new configuration, made of the version that is expected to be in force. */
type ConfigChange = CommandOptions & {
  config: AgentConfig;
  expectedVersion: number;
};

/** Stores a new configuration and applies it where it holds without a restart. */
export function changeConfig(
  context: FleetContext,
  entry: AgentEntry,
  change: ConfigChange,
): Promise<ConfigResponse> {
  // Overtaken by another configuration it is refused by its version.
  return overtakenOrDone(() => changeNow(context, entry, change));
}

async function changeNow(
  context: FleetContext,
  entry: AgentEntry,
  change: ConfigChange,
): Promise<ConfigResponse> {
  const { record } = entry;
  if (change.expectedVersion !== record.configVersion) {
    throw new AppError(
      "CONFIG_STALE",
      `The configuration is at version ${record.configVersion}, you changed version ${change.expectedVersion}; fetch it again and repeat your change`,
      { status: 412 },
    );
  }
  context.storage.refuseNewRisk(`change "${record.config.name}"`);
  const checked = validateFor(context, change.config, {
    ...change,
    changedId: record.id,
  });
  refuseInvalid(checked);
  const config = checked.config ?? change.config;
  refuseFixedFields(record, config);
  refuseJoining(context, record, config);
  const before = record.config;
  const parts = [{
    entry,
    change: { config, configVersion: record.configVersion + 1 },
  }];
  await saveRecords(context, parts, {
    audit: auditOf(context, change.caller, {
      action: "agent.config",
      target: record.id,
      reason: "",
      detail: { before, after: config },
    }),
  });
  const effect = await applyConfigSoon(context, entry);
  publish(context, entry);
  return {
    configVersion: entry.record.configVersion,
    effect,
    config: entry.record.config,
  };
}

/** What cannot change: what makes an agent's books, and what its team-mates rely on. */
export function findFixedFields(
  record: AgentRecord,
  after: AgentConfig,
): ConfigWarning[] {
  const { config: before, team } = record;
  const fixed = [
    "type",
    "symbol",
    "timeframe",
    "feed",
    "mode",
    "exchangeKeyId",
    "seed",
  ] as const;
  const why = team === undefined
    ? "because its books belong to it; spawn another agent"
    : `because its books belong to it and its team "${team.name}" works on it together; spawn another team`;
  const errors = fixed.filter((key) =>
    JSON.stringify(before[key]) !== JSON.stringify(after[key])
  )
    .map((key) => ({
      pointer: `/${key}`,
      code: "FIELD_FIXED",
      detail: `The ${key} of an agent cannot change, ${why}`,
    }));
  errors.push(...findTeamErrors(record, after));
  if (
    JSON.stringify(hedgeSourceOf(before)) !==
      JSON.stringify(hedgeSourceOf(after))
  ) {
    errors.push({
      pointer: "/strategies/pairs/enabled",
      code: "FIELD_FIXED",
      detail:
        "The second market of an agent cannot change, because its candles are counted with it; spawn another agent",
    });
  }
  if (before.risk.initialCapital !== after.risk.initialCapital) {
    errors.push({
      pointer: "/risk/initialCapital",
      code: "FIELD_FIXED",
      detail:
        "The initial capital of an agent cannot change, because its books start with it",
    });
  }
  return errors;
}

function refuseFixedFields(record: AgentRecord, after: AgentConfig): void {
  const errors = findFixedFields(record, after);
  if (errors.length === 0) return;
  throw new AppError(
    "CONFIG_INVALID",
    errors.map((error) => error.detail).join(". "),
    {
      status: 422,
      errors,
    },
  );
}

/** Of a team one agent trades what the others report. */
function findTeamErrors(
  { config: before, team }: AgentRecord,
  after: AgentConfig,
): ConfigWarning[] {
  if (team === undefined || !before.signalsOnly || after.signalsOnly) return [];
  return [{
    pointer: "/signalsOnly",
    code: "FIELD_FIXED",
    detail:
      `The ${team.role} of the team "${team.name}" only reports what others trade; spawn an agent of its own to trade it as well`,
  }];
}
