/** Worker entries by the name of their bundle, relative to the project root. */
export const WORKER_ENTRIES = {
  agent: "agents/worker.ts",
  alerts: "lib/alerts/worker.ts",
  backtest: "lib/backtest/worker.ts",
  desk: "lib/desk/worker.ts",
  guard: "agents/guard_worker.ts",
  feed: "lib/exchange/worker.ts",
  inference: "lib/inference/worker.ts",
  password: "lib/auth/password_worker.ts",
} as const;
export type WorkerName = keyof typeof WORKER_ENTRIES;

/** Folder of the bundles, relative to the project root. */
export const WORKER_DIR = ".build/workers";

/** Address of a bundle. */
export function workerUrl(root: URL, name: WorkerName): URL {
  return new URL(`${WORKER_DIR}/${name}.js`, root);
}
