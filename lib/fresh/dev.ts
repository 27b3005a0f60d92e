/**
 * `fresh/dev`: builds the project and serves it to a developer.
 *
 * ```ts
 * const builder = new Builder({ target: "es2022" });
 * if (Deno.args.includes("build")) await builder.build();
 * else await builder.listen(() => import("./main.ts"));
 * ```
 *
 * @module
 */
export { Builder, type BuildOptions } from "./build/builder.ts";
