/**
 * `deno task dev`: serves the panel with reload on edit. `deno task build`
 * imports the builder to write the production build.
 *
 * @module
 */
import { Builder } from "fresh/dev";
import { buildWorkers } from "./lib/build/workers.ts";
import { buildConfig } from "./fresh.config.ts";

export const builder = new Builder(buildConfig);

if (import.meta.main) {
  await buildWorkers(new URL("./", import.meta.url));
  await builder.listen(() => import("./main.ts"), {
    hostname: "127.0.0.1",
    port: Number(Deno.env.get("PORT") ?? 3001),
  });
}
