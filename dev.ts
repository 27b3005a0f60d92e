/**
 * `deno task dev`: serves the panel with reload on edit. `deno task build`
 * imports the builder to write the production build.
 *
 * @module
 */
import { Builder } from "fresh/dev";
import { systemClock } from "./actors/system_clock.ts";
import { ENV_VARIABLES } from "./lib/core/env.ts";
import { buildWorkers } from "./lib/build/workers.ts";
import { keepRuntime } from "./lib/inference/install/keep_runtime.ts";
import { buildConfig } from "./fresh.config.ts";

export const builder = new Builder(buildConfig);

if (import.meta.main) {
  const root = new URL("./", import.meta.url);
  await buildWorkers(root);
  // The server of this process asks for it as any other does.
  keepRuntime({
    root,
    dataDir: Deno.env.get("DATA_DIR") || ENV_VARIABLES.DATA_DIR.preset,
    clock: systemClock,
    hostPid: () => Deno.pid,
    // deno-lint-ignore no-console -- prints for people
    say: (line) => console.error(line),
  });
  await builder.listen(() => import("./main.ts"), {
    hostname: "127.0.0.1",
    port: Number(Deno.env.get("PORT") ?? 3001),
  });
}
