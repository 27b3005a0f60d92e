/** The import graph of our own files, read by Deno itself. */
export interface SourceGraph {
  /** Paths relative to the project root. */
  files: readonly string[];
  edges: readonly { from: string; target: string; typeOnly: boolean }[];
  /** Names of packages that a file imports values of. */
  packages: ReadonlyMap<string, readonly string[]>;
}

/** Files that are started, not imported. */
export const SOURCE_ROOTS = [
  "tasks/agent.ts",
  "tasks/audit.ts",
  "tasks/backup.ts",
  "tasks/keys.ts",
  "tasks/probe.ts",
  "tasks/backtest.ts",
  "tasks/replay.ts",
  "tasks/templates.ts",
  "tasks/bench.ts",
  "tasks/build.ts",
  "tasks/chaos.ts",
  "tasks/cluster.ts",
  "tasks/data.ts",
  "tasks/docs.ts",
  "tasks/load.ts",
  "tasks/ml.ts",
  "tasks/restore.ts",
  "tasks/screenshots.ts",
  "tasks/sim.ts",
  "tasks/smc.ts",
  "tasks/soak.ts",
  "tasks/start.ts",
  "tasks/test.ts",
  "main.ts",
  "dev.ts",
  "agents/worker.ts",
  "agents/guard_worker.ts",
  "lib/backtest/worker.ts",
  "lib/desk/worker.ts",
  "lib/exchange/worker.ts",
  "lib/inference/worker.ts",
  "lib/auth/password_worker.ts",
  "lib/alerts/worker.ts",
  "lib/build/lint_plugin.ts",
  "lib/fresh/render/start.ts",
];

const ROOT = new URL("../../", import.meta.url);
const FOLDERS = ["actors", "agents", "islands", "lib", "routes", "tasks"];

interface InfoModule {
  specifier: string;
  dependencies?: readonly {
    specifier: string;
    code?: { specifier?: string };
    type?: { specifier?: string };
  }[];
}

/** Reads the graph of all sources by `deno info --json`. */
export async function readGraph(): Promise<SourceGraph> {
  const files = ["main.ts", "dev.ts", "fresh.config.ts"];
  for (const folder of FOLDERS) {
    await collect(new URL(`${folder}/`, ROOT), files);
  }
  const modules = new Map<string, InfoModule>();
  // One process that imports everything, so that each file is read once.
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = files.map((file) => `import "${new URL(file, ROOT).href}";`);
    await Deno.writeTextFile(entry, lines.join("\n"));
    for (const module of await denoInfo(entry)) {
      modules.set(module.specifier, module);
    }
  } finally {
    await Deno.remove(entry);
  }
  const edges: { from: string; target: string; typeOnly: boolean }[] = [];
  const packages = new Map<string, string[]>();
  for (const module of modules.values()) {
    const from = toPath(module.specifier);
    // Campaigns live among the tests: what they start counts as started.
    if (from === null) continue;
    for (const dependency of module.dependencies ?? []) {
      const code = dependency.code?.specifier;
      const resolved = code ?? dependency.type?.specifier;
      if (resolved === undefined) continue;
      const target = toPath(resolved);
      if (target !== null) {
        edges.push({ from, target, typeOnly: code === undefined });
      } else if (code !== undefined && code.startsWith("npm:")) {
        packages.set(from, [
          ...packages.get(from) ?? [],
          code.replace(/^npm:\/?/, ""),
        ]);
      }
    }
  }
  return { files, edges, packages };
}

async function denoInfo(entry: string): Promise<readonly InfoModule[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "info",
      "--json",
      "--config",
      new URL("deno.json", ROOT).pathname,
      entry,
    ],
    stderr: "inherit",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).modules;
}

async function collect(folder: URL, files: string[]): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    const url = new URL(entry.name + (entry.isDirectory ? "/" : ""), folder);
    if (entry.isDirectory) await collect(url, files);
    else if (/\.tsx?$/.test(entry.name)) files.push(toPath(url.href)!);
  }
}

/** Path relative to the root of a file of ours, or null. */
function toPath(specifier: string): string | null {
  if (!specifier.startsWith(ROOT.href)) return null;
  const path = decodeURIComponent(specifier.slice(ROOT.href.length));
  return path.startsWith("node_modules/") ? null : path;
}
