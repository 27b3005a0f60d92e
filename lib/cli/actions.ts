import { suggest } from "../core/nearest.ts";
import { type CliError, usageError } from "./errors.ts";

/**
 * What to say to whoever asks a command for an action that it does not have, or
 * for none: what was meant perhaps, else what it can do.
 */
export function noSuchAction(
  command: string,
  action: string | undefined,
  actions: readonly string[],
): CliError {
  const next = `Read the usage: deno task agent ${command} --help`;
  const known = [actions.slice(0, -1).join(", "), actions.at(-1)];
  if (action === undefined || action === "") {
    return usageError(
      `"${command}" needs an action: ${known.join(" or ")}`,
      next,
    );
  }
  const meant = suggest(action, actions);
  return usageError(
    meant === ""
      ? `"${command}" cannot ${action}; it can ${known.join(" and ")}`
      : `"${command}" cannot ${action}.${meant}`,
    next,
  );
}
