import type { AgentTemplate } from "../../contracts/template.ts";
import { suggest } from "../../core/nearest.ts";
import { CliError, EXIT } from "../errors.ts";

/**
 * The template of a name.
 *
 * @throws {CliError} Not found (3), with the nearest name.
 */
export function findTemplate(
  templates: readonly AgentTemplate[],
  name: string,
): AgentTemplate {
  const found = templates.find((template) => template.name === name);
  if (found !== undefined) return found;
  const names = templates.map((template) => template.name);
  throw new CliError(
    `There is no template "${name}".${suggest(name, names)}`,
    {
      exitCode: EXIT.notFound,
      next: "List the templates: deno task agent templates",
    },
  );
}
