// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task build`: the panel's scripts (by Fresh's Builder) and the workers.
 * With `--if-stale` it does nothing when no source changed since the last build.
 *
 * @module
 */
import { isBuildStale, markBuilt, readSources } from "../lib/build/stale.ts";

const ROOT = new URL("../", import.meta.url);

/** Builds everything that is stale. */
export async function build(options: { onlyIfStale: boolean }): Promise<void> {
  if (options.onlyIfStale && !await isBuildStale(ROOT)) return;
  await Deno.mkdir(new URL(".build/", ROOT), { recursive: true });
  using lock = await Deno.open(new URL(".build/lock", ROOT), {
    create: true,
    write: true,
  });
  // Several servers that are started at once build into the same folders.
  await lock.lock(true);
  if (options.onlyIfStale && !await isBuildStale(ROOT)) return;
  const startedMs = performance.now();
  const sources = await readSources(ROOT);
  // Not before: the bundler takes half a second to load, and mostly nothing is stale.
  const { buildWorkers, stopBundler } = await import("../lib/build/workers.ts");
  try {
    const { builder } = await import("../dev.ts");
    await builder.build();
    await buildWorkers(ROOT);
  } finally {
    await stopBundler();
  }
  await markBuilt(ROOT, sources);
  console.error(
    `Built panel and workers in ${
      Math.round(performance.now() - startedMs)
    } ms`,
  );
}

if (import.meta.main) {
  await build({ onlyIfStale: Deno.args.includes("--if-stale") });
}
