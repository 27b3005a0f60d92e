import { AppError } from "../../core/errors.ts";
import type { ValidationResponse } from "../../contracts/agent.ts";
import { quotaExceeded } from "../../contracts/quota.ts";
import type { FleetContext } from "../context.ts";
import type { KnownFiles } from "../library.ts";
import type { Caller } from "../port.ts";
import type { AgentEntry } from "../registry.ts";
import { listCandidates, toCandidate } from "../sources/wiring.ts";
import { validateConfig, type ValidationContext } from "../validation.ts";
import { spawnsUnderWay } from "./under_way.ts";

/** Who commands, and which candle files and models exist now. */
export interface CommandOptions extends KnownFiles {
  caller: Caller;
}

/** Checks a configuration for a new agent, or for the change of an existing one. */
export function validateFor(
  context: FleetContext,
  input: unknown,
  options: CommandOptions & { changedId?: string },
): ValidationResponse {
  return validateConfig(input, checksOf(context, options));
}

/**
 * What a configuration is checked against.
 *
 * @param options.mates Agents that are to be stored together with this one.
 */
export function checksOf(
  context: FleetContext,
  options: CommandOptions & {
    changedId?: string;
    mates?: readonly AgentEntry[];
    /** Id that a new agent will have, where it is known. */
    selfId?: string;
  },
): ValidationContext {
  const { candleFiles, changedId, mates = [] } = options;
  // Who changes another person's agent does so within what that person has.
  const userId =
    (changedId === undefined
      ? undefined
      : context.agents.find(changedId)?.record.ownerId) ??
      options.caller.userId;
  const isOther = ({ record }: AgentEntry) => record.id !== changedId;
  const underWay = spawnsUnderWay(context);
  return {
    siblings: [
      ...context.agents.ownedBy(userId).filter(isOther),
      ...underWay.filter(({ record }) => record.ownerId === userId),
      ...mates,
    ],
    agentsAllowed: context.settings.maxAgentsPerUser,
    candleFiles,
    models: options.models,
    candlesDir: context.settings.candlesDir,
    access: context.settings,
    simulationSpeed: context.settings.simulationSpeed,
    isNew: changedId === undefined,
    listening: {
      selfId: options.selfId ?? changedId ?? null,
      ownerId: userId,
      agents: [...listCandidates(context), ...mates.map(toCandidate)],
    },
    changedId: options.selfId ?? changedId ?? null,
    live: {
      ownerId: userId,
      others: [
        ...context.agents.all().filter(isOther),
        ...underWay,
        ...mates,
      ],
      isLiveArmed: context.settings.isLiveArmed,
      findExchangeKey: (id) => context.findExchangeKey(id),
    },
  };
}

/**
 * Refuses a configuration that has errors.
 *
 * @throws {AppError} `AGENT_NAME_TAKEN` or `QUOTA_EXCEEDED` if that is all that is wrong, else `CONFIG_INVALID`.
 */
export function refuseInvalid(checked: ValidationResponse): void {
  if (checked.valid) return;
  const taken = checked.errors.find((error) => error.code === "NAME_TAKEN");
  const { errors, estimate } = checked;
  const only = errors.length === 1;
  if (only && errors[0]!.code === "QUOTA_EXCEEDED" && estimate !== null) {
    const { agentsUsed: used, agentsAllowed: limit } = estimate;
    throw quotaExceeded({ quota: "agents", used, limit }, { errors });
  }
  const [code, status] = only && taken !== undefined
    ? ["AGENT_NAME_TAKEN", 409] as const
    : ["CONFIG_INVALID", 422] as const;
  throw new AppError(
    code,
    checked.errors.map((error) => error.detail).join(". "),
    {
      status,
      errors: checked.errors,
    },
  );
}
