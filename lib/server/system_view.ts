import { statfs } from "node:fs/promises";
import type { Clock } from "../../actors/mod.ts";
import { PROTOCOL_VERSION } from "../../actors/protocol.ts";
import { API_VERSION } from "../api/openapi/document.ts";
import type { StorageView, SystemView } from "../contracts/system.ts";
import { type Env, ENV_VARIABLES } from "../core/env.ts";
import { PRODUCT_VERSION } from "../core/version.ts";
import type { Fleet } from "../fleet/port.ts";
import { STORE_FORMAT } from "../store/migrate.ts";
import type { Store } from "../store/port.ts";
import { MAX_COUNTED_FILES } from "./limits.ts";

const MIB = 1024 ** 2;

/** What a view of the process is made of. */
export interface SystemOptions {
  env: Pick<Env, "DATA_DIR" | "TRADING_MODE">;
  clock: Clock;
  fleet: Pick<Fleet, "list">;
  store: Pick<Store, "health">;
}

/** Makes what tells of this process. */
export function createSystemView(
  { env, clock, fleet, store }: SystemOptions,
): () => Promise<SystemView> {
  const startedAt = clock.nowMs();
  const startedMonotonic = clock.monotonicMs();
  return async () => {
    const memory = Deno.memoryUsage();
    const agents = fleet.list();
    return {
      version: PRODUCT_VERSION,
      formats: {
        api: API_VERSION,
        store: STORE_FORMAT,
        workers: PROTOCOL_VERSION,
      },
      runtime: {
        deno: Deno.version.deno,
        v8: Deno.version.v8,
        system: `${Deno.build.os} ${Deno.build.arch}`,
        processors: navigator.hardwareConcurrency,
      },
      startedAt: new Date(startedAt).toISOString(),
      uptimeMs: Math.round(clock.monotonicMs() - startedMonotonic),
      tradingMode: env.TRADING_MODE,
      memory: {
        residentMiB: Math.round(memory.rss / MIB),
        heapUsedMiB: Math.round(memory.heapUsed / MIB),
      },
      storage: await storageOf(env.DATA_DIR, store),
      agents: {
        running: agents.filter(({ observed }) => observed === "running").length,
        all: agents.length,
      },
      settings: Object.keys(ENV_VARIABLES).map((name) => ({
        name,
        isSet: Deno.env.has(name),
      })),
    };
  };
}

async function storageOf(
  folder: string,
  store: SystemOptions["store"],
): Promise<StorageView> {
  const { ok, detail } = store.health();
  const [bytes, freeBytes] = await Promise.all([
    sizeOf(folder).catch(() => null),
    freeOf(folder),
  ]);
  return { kind: "folder", path: folder, bytes, freeBytes, ok, detail };
}

/** All files below a folder together; null where there are too many to count. */
async function sizeOf(folder: string): Promise<number | null> {
  let bytes = 0;
  let files = 0;
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    // deno-lint-ignore no-await-in-loop -- one folder after the other spares the disk
    for await (const entry of Deno.readDir(next)) {
      const path = `${next}/${entry.name}`;
      if (entry.isDirectory) folders.push(path);
      if (!entry.isFile) continue;
      if (++files > MAX_COUNTED_FILES) return null;
      // What goes away meanwhile takes no place.
      const found = await Deno.lstat(path).catch(() => null);
      bytes += found?.size ?? 0;
    }
  }
  return bytes;
}

/** What the disk has left; null where the system or its permissions do not tell. */
export async function freeOf(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
