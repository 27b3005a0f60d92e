import { AppError } from "../../core/errors.ts";
import type { ValidationResponse } from "../../contracts/agent.ts";
import type { FleetContext } from "../context.ts";
import type { KnownFiles } from "../library.ts";
import type { Caller } from "../port.ts";
import { validateConfig } from "../validation.ts";

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
  return validateConfig(input, {
    siblings: context.agents.ownedBy(options.caller.userId).filter((entry) =>
      entry.record.id !== options.changedId
    ),
    agentsAllowed: context.settings.maxAgentsPerUser,
    candleFiles: options.candleFiles,
    models: options.models,
    candlesDir: context.settings.candlesDir,
    access: context.settings,
    simulationSpeed: context.settings.simulationSpeed,
    isNew: options.changedId === undefined,
    live: {
      ownerId: options.caller.userId,
      others: context.agents.all().filter(({ record }) =>
        record.id !== options.changedId
      ),
      isLiveArmed: context.settings.isLiveArmed,
      findExchangeKey: (id) => context.findExchangeKey(id),
    },
  });
}

/**
 * Refuses a configuration that has errors.
 *
 * @throws {AppError} `AGENT_NAME_TAKEN` or `AGENT_QUOTA_REACHED` if that is all that is wrong, else `CONFIG_INVALID`.
 */
export function refuseInvalid(checked: ValidationResponse): void {
  if (checked.valid) return;
  const taken = checked.errors.find((error) => error.code === "NAME_TAKEN");
  const quota = checked.errors.find((error) => error.code === "QUOTA_REACHED");
  const only = checked.errors.length === 1;
  const [code, status] = only && taken !== undefined
    ? ["AGENT_NAME_TAKEN", 409] as const
    : only && quota !== undefined
    ? ["AGENT_QUOTA_REACHED", 409] as const
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
