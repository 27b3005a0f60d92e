import { LEVERS, type StopScope } from "../../../contracts/emergency.ts";
import type { ApiClient } from "../../api_client.ts";
import {
  type CommandContext,
  type OptionSpecs,
  resolveAgent,
  textOption,
} from "../../command.ts";
import { usageError } from "../../errors.ts";

/** Options that say what is stopped, and how. */
export const HALT_OPTIONS: OptionSpecs = {
  agent: { type: "string" },
  user: { type: "string" },
  account: { type: "string" },
  all: { type: "boolean" },
  lever: { type: "string" },
  reason: { type: "string" },
  "withdraw-all": { type: "boolean" },
  collar: { type: "string" },
  deadline: { type: "string" },
};

/** What goes to the server, or into a request file. */
export interface HaltRequest {
  scope: StopScope;
  lever: string;
  reason: string;
  withdrawAll: boolean;
  collarPct?: number;
  deadlineMs?: number;
}

/**
 * Reads the options. Names of agents are looked up with a client; without one,
 * only ids will do.
 *
 * @throws {CliError} For options that cannot be understood.
 */
export async function haltRequest(
  { values }: CommandContext,
  client: ApiClient | null,
): Promise<HaltRequest> {
  const lever = textOption(values, "lever") ?? "cancel";
  if (!(LEVERS as readonly string[]).includes(lever)) {
    throw usageError(`--lever is "${lever}"; give ${LEVERS.join(", ")}`);
  }
  const collarPct = numberOption(values["collar"], {
    name: "collar",
    min: 0.1,
    max: 50,
  });
  const seconds = numberOption(values["deadline"], {
    name: "deadline",
    min: 1,
    max: 60,
  });
  return {
    scope: await scopeOf(values, client),
    lever,
    reason: (textOption(values, "reason") ?? "").slice(0, 200),
    withdrawAll: values["withdraw-all"] === true,
    ...(collarPct === null ? {} : { collarPct }),
    ...(seconds === null ? {} : { deadlineMs: seconds * 1_000 }),
  };
}

async function scopeOf(
  values: CommandContext["values"],
  client: ApiClient | null,
): Promise<StopScope> {
  const given = (["agent", "user", "account"] as const).flatMap((kind) => {
    const id = textOption(values, kind)?.trim();
    return id === undefined ? [] : [{ kind, id }];
  });
  if (given.length + (values["all"] === true ? 1 : 0) > 1) {
    throw usageError("Give one of --agent, --user, --account and --all");
  }
  const [one] = given;
  if (one === undefined) return { kind: "all" };
  if (client !== null) {
    return one.kind === "agent"
      ? { kind: "agent", id: (await resolveAgent(client, one.id)).id }
      : one;
  }
  const isId = one.kind === "account" ||
    /^(agt|usr)_[0-9A-Z]{26}$/.test(one.id);
  if (isId) return one;
  throw usageError(
    `--local cannot look up the ${one.kind} "${one.id}"; give its id, or stop everything with --all`,
  );
}

function numberOption(
  value: unknown,
  { name, min, max }: { name: string; min: number; max: number },
): number | null {
  if (value === undefined) return null;
  const number = Number(value);
  if (number >= min && number <= max) return number;
  throw usageError(`--${name} is "${value}"; give ${min} to ${max}`);
}
