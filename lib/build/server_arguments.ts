/** Lets workers collect their garbage at a moment of their own; see `actors/garbage.ts`. */
const ENGINE_FLAGS = "--expose-gc";

/**
 * Arguments of Deno for a server in a process of its own.
 *
 * @param options.permissions From `serverPermissions`.
 * @param options.root The project's folder.
 */
export function serverArguments(
  { permissions, root }: { permissions: readonly string[]; root: URL },
): string[] {
  return [
    "run",
    "--frozen",
    "--cached-only",
    // What is there was checked when the starting process did: 0.2 s of every start.
    "--node-modules-dir=manual",
    `--v8-flags=${ENGINE_FLAGS}`,
    ...permissions,
    new URL("main.ts", root).href,
  ];
}
