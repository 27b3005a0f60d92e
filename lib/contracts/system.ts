/**
 * What an administrator sees of the process itself. Names of settings are in
 * it, their values never.
 *
 * @module
 */

/** `GET /api/system`. */
export interface SystemView {
  /** Version of the product. */
  version: string;
  /** Versions of what other programs meet: API, store and workers. */
  formats: { api: string; store: number; workers: number };
  /** Versions of what it runs on. */
  runtime: { deno: string; v8: string; system: string; processors: number };
  /** ISO 8601. */
  startedAt: string;
  uptimeMs: number;
  tradingMode: "paper" | "live";
  memory: { residentMiB: number; heapUsedMiB: number };
  storage: StorageView;
  agents: { running: number; all: number };
  /** Every setting that there is, and whether the environment sets it. */
  settings: readonly { name: string; isSet: boolean }[];
}

/** Where everything is kept. */
export interface StorageView {
  kind: "folder";
  path: string;
  /** All files below it; null where it could not be read, or has more files than are counted. */
  bytes: number | null;
  /** Left on its disk; null where the system does not tell. */
  freeBytes: number | null;
  ok: boolean;
  detail: string;
}
