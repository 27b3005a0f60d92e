import type { TemplateComparison } from "../contracts/bundle.ts";
import type { AgentTemplate } from "../contracts/template.ts";

/**
 * Templates side by side: the settings that are not the same in all of them, in
 * the order in which the first one has them. Lists are compared as a whole.
 */
export function compareTemplates(
  templates: readonly AgentTemplate[],
): TemplateComparison {
  const flat = templates.map(({ config }) => flatten(config));
  const pointers = new Set(flat.flatMap((settings) => [...settings.keys()]));
  return {
    templates,
    settings: [...pointers].flatMap((pointer) => {
      const values = flat.map((settings) => settings.get(pointer) ?? null);
      const [first, ...rest] = values.map((value) => JSON.stringify(value));
      return rest.every((text) => text === first) ? [] : [{ pointer, values }];
    }),
  };
}

/** Every value of a configuration by its JSON pointer. */
function flatten(
  value: unknown,
  pointer = "",
  into = new Map<string, unknown>(),
): Map<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    into.set(pointer, value);
    return into;
  }
  for (const [name, part] of Object.entries(value)) {
    if (part === undefined) continue;
    const escaped = name.replaceAll("~", "~0").replaceAll("/", "~1");
    flatten(part, `${pointer}/${escaped}`, into);
  }
  return into;
}
