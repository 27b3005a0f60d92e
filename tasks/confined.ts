/**
 * Commands that start themselves again with exactly the permissions that they
 * need, where these are known only after a look at the settings.
 *
 * @module
 */

/** First argument of the process that does the work. */
export const CONFINED = "--confined";

/** What such a command is started again with. */
export interface ConfinedOptions {
  /** Its file. */
  entry: string;
  /** Flags of its permissions. */
  permissions: readonly string[];
  /** `piped`: it notices when this process has ended, however that ends. */
  stdin?: "piped" | "inherit";
}

/** Runs the command with its arguments, and answers with its exit code. It ends in order when this process is asked to. */
export async function runConfined(
  { entry, permissions, stdin = "inherit" }: ConfinedOptions,
): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--cached-only",
      "--no-prompt",
      ...permissions,
      entry,
      CONFINED,
      ...Deno.args,
    ],
    stdin,
  }).spawn();
  // On Ctrl-C the terminal signals the child too, which ends in order.
  Deno.addSignalListener("SIGINT", () => {});
  Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
  return (await child.status).code;
}
