/**
 * Bundles every worker entry into one plain JavaScript file, so that a worker
 * starts fast, carries nothing it does not use and needs no import map.
 *
 * @module
 */
import * as esbuild from "esbuild";
import { WORKER_DIR, WORKER_ENTRIES, type WorkerName } from "./worker_urls.ts";

/** What one bundle holds, for the tests that keep bundles small. */
export interface WorkerBundle {
  name: WorkerName;
  bytes: number;
  /** Source files inside, relative to the project root. */
  inputs: readonly string[];
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
