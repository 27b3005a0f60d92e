/**
 * What the load task and the soak have alike: their command line, a folder of
 * their own, and an end by Ctrl-C that leaves nothing behind.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- prints for people
import { parseArgs, type ParseArgsConfig } from "node:util";

/** What ends a task early. */
export const INTERRUPTED = new Error("Interrupted");

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const USAGE = 2;

/** Parsed options by name. */
export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** What a run works with. */
export interface BoundedRun {
  /** Removed at the end. */
  folder: string;
  /** Aborted by Ctrl-C, with {@link INTERRUPTED}. */
  signal: AbortSignal;
}

/** A command line that cannot be understood. */
class UsageError extends Error {}

/**
 * Reads the command line and runs something in a temporary folder.
 *
 * @returns The exit code: 2 for wrong usage, else what `run` answers.
 */
export async function runBounded(
  { help, options }: {
    help: string;
    options: NonNullable<ParseArgsConfig["options"]>;
  },
  run: (values: Values, bounded: BoundedRun) => Promise<number>,
): Promise<number> {
  let values: Values;
  try {
    values = parseArgs({ args: Deno.args, options }).values as Values;
  } catch (error) {
    console.error(`${(error as Error).message.split(/\. |\n/)[0]}; see --help`);
    return USAGE;
  }
  if (values["help"] === true) {
    console.log(help);
    return 0;
  }
  const abort = new AbortController();
  const interrupt = () => abort.abort(INTERRUPTED);
  for (const signal of SIGNALS) Deno.addSignalListener(signal, interrupt);
  const folder = await Deno.makeTempDir({ prefix: "smc-fleet-load-" });
  try {
    return await run(values, { folder, signal: abort.signal });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    return USAGE;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A whole number within its bounds. */
export function readWhole(
  values: Values,
  name: string,
  { min, max }: { min: number; max: number },
): number {
  const text = String(values[name]);
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(
      `--${name} must be a whole number from ${min} to ${max}, was "${text}"`,
    );
  }
  return value;
}
