/**
 * Bundles every worker entry into one plain JavaScript file, so that a worker
 * starts fast, carries nothing it does not use and needs no import map.
 *
 * @module
 */
import * as esbuild from "esbuild";

/** Worker entries by the name of their bundle, relative to the project root. */
export const WORKER_ENTRIES = {
  agent: "agents/worker.ts",
  desk: "lib/desk/worker.ts",
  feed: "lib/exchange/worker.ts",
  password: "lib/auth/password_worker.ts",
} as const;
export type WorkerName = keyof typeof WORKER_ENTRIES;

/** Folder of the bundles, relative to the project root. */
export const WORKER_DIR = ".build/workers";

/** What one bundle holds, for the tests that keep bundles small. */
export interface WorkerBundle {
  name: WorkerName;
  bytes: number;
  /** Source files inside, relative to the project root. */
  inputs: readonly string[];
}

/** Address of a bundle. */
export function workerUrl(root: URL, name: WorkerName): URL {
  return new URL(`${WORKER_DIR}/${name}.js`, root);
}

/** Builds all bundles. The caller ends esbuild by {@link stopBundler} when it is done with it. */
export async function buildWorkers(root: URL): Promise<WorkerBundle[]> {
  const result = await esbuild.build({
    absWorkingDir: decodeURIComponent(root.pathname),
    entryPoints: { ...WORKER_ENTRIES },
    outdir: WORKER_DIR,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["deno", "worker", "import"],
    external: ["node:*"],
    target: "esnext",
    sourcemap: "linked",
    metafile: true,
    logLevel: "warning",
  });
  return Object.entries(result.metafile.outputs).flatMap(([file, output]) => {
    const name = /([a-z]+)\.js$/.exec(file)?.[1] as WorkerName | undefined;
    if (name === undefined) return [];
    return [{ name, bytes: output.bytes, inputs: Object.keys(output.inputs) }];
  });
}

/** Ends esbuild's helper process. */
export async function stopBundler(): Promise<void> {
  await esbuild.stop();
}
