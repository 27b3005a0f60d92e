import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

const PURE_FOLDERS = [
  "",
  "execution_plan/",
  "market/",
  "recording/",
  "signals/",
  "smc/",
  "smc/reference/",
  "sizing/",
  "strategies/",
  "templates/",
];

/** Relative and bare specifiers that a file loads at run time; type imports load nothing. */
function runtimeImports(source: string): string[] {
  const statement =
    /^(?:import|export)\s+(?!type\b)(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']/gm;
  return [...source.matchAll(statement)].map((match) => match[1]!);
}

Deno.test("agents/worker.ts loads no package: neither schemas, nor decimals, nor web code", async () => {
  const seen = new Set<string>();
  const waiting = [new URL("agents/worker.ts", ROOT)];
  const packages: string[] = [];
  while (waiting.length > 0) {
    const file = waiting.pop()!;
    if (seen.has(file.href)) continue;
    seen.add(file.href);
    // deno-lint-ignore no-await-in-loop -- the next files are only known from this one
    for (const specifier of runtimeImports(await Deno.readTextFile(file))) {
      if (specifier.startsWith(".")) waiting.push(new URL(specifier, file));
      // Part of Deno itself, so nothing is added to the bundle.
      else if (specifier === "node:process") continue;
      else packages.push(`${file.pathname}: ${specifier}`);
    }
  }
  assert.deepEqual(packages, []);
  assert.ok(seen.size > 20, `${seen.size} files`);
});

Deno.test("agents/ uses no clock, randomness, network, timer or console", async () => {
  const banned =
    /\b(?:Date|Math\.random|fetch|setTimeout|setInterval|Deno\.|console|crypto|performance)\b/;
  const found: string[] = [];
  for (const folder of PURE_FOLDERS) {
    const path = new URL(`agents/${folder}`, ROOT);
    // deno-lint-ignore no-await-in-loop -- a few small folders
    for await (const entry of Deno.readDir(path)) {
      if (!entry.name.endsWith(".ts")) continue;
      const text = await Deno.readTextFile(new URL(entry.name, path));
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      if (banned.test(code)) found.push(folder + entry.name);
    }
  }
  assert.deepEqual(found, []);
});
