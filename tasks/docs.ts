// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task docs`: writes the tables of README and docs that list what the
 * code says: settings, codes, states, layers. A test fails while they are stale.
 *
 * @module
 */
import { SECTIONS } from "./docs/sections.ts";

const ROOT = new URL("../", import.meta.url);

/** Files that hold generated sections. */
export const GENERATED_FILES = [
  "README.md",
  "docs/architecture.md",
  "docs/api.md",
  "docs/decision-features.md",
  "docs/exchanges.md",
  "docs/decision-engine.md",
  "docs/executor.md",
  "docs/models.md",
  "docs/monitoring.md",
  "docs/operations.md",
  "docs/packages.md",
  "docs/panel.md",
  "docs/portfolio-risk.md",
  "docs/runtime-semantics.md",
  "docs/security.md",
  "docs/trading-model.md",
] as const;

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
