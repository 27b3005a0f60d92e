// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task docs`: writes the tables of README and docs that list what the
 * code says: settings, codes, states, layers. A test fails while they are stale.
 *
 * @module
 */
import { renderLifecycleTable } from "../actors/mod.ts";
import { LAYERS } from "../lib/build/layers.ts";
import { DENIAL_CODES } from "../lib/contracts/order.ts";
import { PROBLEMS } from "../lib/contracts/problem.ts";
import { ENV_VARIABLES } from "../lib/core/env.ts";
import { POLICY } from "../lib/contracts/policy.ts";

const ROOT = new URL("../", import.meta.url);

/** Files that hold generated sections. */
export const GENERATED_FILES = [
  "README.md",
  "docs/architecture.md",
  "docs/api.md",
  "docs/trading-model.md",
] as const;

/** Every generated section by name, as Markdown. */
const SECTIONS: Readonly<Record<string, () => string>> = {
  environment: () =>
    table(["variable", "default", "meaning"], [
      ...Object.entries(ENV_VARIABLES).map(([name, { preset, help }]) => [
        `\`${name}\``,
        preset === "" ? "–" : `\`${preset}\``,
        help,
      ]),
    ]),
  lifecycle: renderLifecycleTable,
  layers: () =>
    table(["layer", "what", "may import", "types of"], [
      ...LAYERS.map((layer) => [
        `\`${layer.path}\``,
        layer.what,
        names(layer.imports),
        names(layer.types ?? []),
      ]),
    ]),
  problems: () =>
    table(["code", "status", "meaning"], [
      ...Object.entries(PROBLEMS).map(([code, { status, title }]) => [
        `\`${code}\``,
        String(status),
        title,
      ]),
    ]),
  denials: () =>
    table(["code", "meaning"], [
      ...Object.entries(DENIAL_CODES).map((
        [code, meaning],
      ) => [`\`${code}\``, meaning]),
    ]),
  policy: () =>
    table(["action", "least role"], [
      ...Object.entries(POLICY).map((
        [action, role],
      ) => [`\`${action}\``, role]),
    ]),
};

/** The text of a file with all its generated sections as they should be. */
export function renderGenerated(text: string): string {
  return text.replaceAll(
    /<!-- generated:(\w+) -->\n[\s\S]*?<!-- \/generated -->/g,
    (_, name: string) => {
      const render = SECTIONS[name];
      if (render === undefined) {
        throw new Error(`Unknown generated section "${name}"`);
      }
      return `<!-- generated:${name} -->\n\n${render()}\n\n<!-- /generated -->`;
    },
  );
}

function names(paths: readonly string[]): string {
  return paths.length === 0
    ? "–"
    : paths.map((path) => `\`${path}\``).join(", ");
}

/** A Markdown table, padded as `deno fmt` would. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]!.length))
  );
  const line = (cells: readonly string[]) =>
    `| ${
      cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")
    } |`;
  return [
    line(head),
    line(widths.map((width) => "-".repeat(width))),
    ...rows.map(line),
  ].join("\n");
}

if (import.meta.main) {
  for (const file of GENERATED_FILES) {
    const url = new URL(file, ROOT);
    const before = await Deno.readTextFile(url);
    const after = renderGenerated(before);
    if (after === before) continue;
    await Deno.writeTextFile(url, after);
    console.log(`Wrote ${file}`);
  }
}
