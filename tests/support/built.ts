import { build } from "../../tasks/build.ts";

let isBuilt: Promise<void> | null = null;

/**
 * What a server and its panel are started from. `deno task test` has built it
 * before and says so: to look at all sources again for every server would take a
 * tenth of its start.
 */
export function ensureBuilt(): Promise<void> {
  return isBuilt ??= Deno.env.get("TESTS_BUILT") === "1"
    ? Promise.resolve()
    : build({ onlyIfStale: true });
}
