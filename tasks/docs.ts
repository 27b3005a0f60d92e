// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task docs`: writes the tables of README and docs that list what the
 * code says: settings, codes, states, layers. A test fails while they are stale.
 *
 * @module
 */
import { ENV_VARIABLES } from "../lib/core/env.ts";
import { CLIENT_VARIABLES } from "../lib/core/env_client.ts";
import { TELEMETRY_VARIABLES } from "../lib/core/env_telemetry.ts";
import { SECTIONS } from "./docs/sections.ts";

const ROOT = new URL("../", import.meta.url);

/** Files that hold generated sections. */
export const GENERATED_FILES = [
  "README.md",
  "docs/architecture.md",
  "docs/alerts.md",
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

/** Where every setting can be looked up and copied from. */
export const ENV_EXAMPLE = ".env.example";

/** The text of that file: every variable with what it means, none of them set. */
export function renderEnvExample(): string {
  const parts = [
    "# Every setting, as the server takes it where nothing is said. Copy this file to\n" +
    "# .env and change what you want; the environment goes before the file.\n",
    "# --- The server ---\n",
    ...Object.entries(ENV_VARIABLES).map(([name, { preset, help }]) =>
      `# ${help}\n#${name}=${preset}\n`
    ),
    "# --- The command line ---\n",
    ...Object.entries(CLIENT_VARIABLES).map(([name, { preset, help }]) =>
      `# ${help}\n#${name}=${preset}\n`
    ),
    "# --- OpenTelemetry: read by Deno itself, see docs/monitoring.md ---\n",
    ...Object.entries(TELEMETRY_VARIABLES).map(([name, help]) =>
      `# ${help}\n#${name}=\n`
    ),
  ];
  return parts.join("\n");
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL(ENV_EXAMPLE, ROOT), renderEnvExample());
  for (const file of GENERATED_FILES) {
    const url = new URL(file, ROOT);
    const before = await Deno.readTextFile(url);
    const after = renderGenerated(before);
    if (after === before) continue;
    await Deno.writeTextFile(url, after);
    console.log(`Wrote ${file}`);
  }
}
