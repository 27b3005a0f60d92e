/**
 * What the tasks that run servers of their own have alike: their command line, a
 * folder, and an end by Ctrl-C that leaves nothing behind.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- prints for people
import { parseArgs, type ParseArgsConfig } from "node:util";

/** What ends a task early. */
const INTERRUPTED = new Error("Interrupted");

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const EXIT_CODES = { failed: 1, usage: 2, interrupted: 130 } as const;

/** Findings of one kind that are printed; more are counted. */
const FINDINGS_SHOWN = 20;

/** Greatest seed. */
const SEED_MAX = 2_147_483_647;

/** Parsed options by name. */
export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** What a run works with. */
export interface BoundedRun {
  /** Removed at the end, unless `--keep` is an option and given. */
  folder: string;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

/** A command line that cannot be understood. */
class UsageError extends Error {}

/**
 * Reads the command line and runs something in a temporary folder.
 *
 * @returns The exit code: 2 for wrong usage, 130 for Ctrl-C, 1 for an error,
 * which is printed, else what `run` answers.
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
    return EXIT_CODES.usage;
  }
  if (values["help"] === true) {
    console.log(help);
    return 0;
  }
  const abort = new AbortController();
  const interrupt = () => abort.abort(INTERRUPTED);
  for (const signal of SIGNALS) Deno.addSignalListener(signal, interrupt);
  const folder = await Deno.makeTempDir({ prefix: "smc-fleet-" });
  try {
    return await run(values, { folder, signal: abort.signal });
  } catch (error) {
    return tellEnd(error);
  } finally {
    if (values["keep"] === true) console.error(`Kept ${folder}`);
    else await Deno.remove(folder, { recursive: true });
  }
}

function tellEnd(error: unknown): number {
  if (error === INTERRUPTED) {
    console.error("Interrupted; what was started has ended");
    return EXIT_CODES.interrupted;
  }
  if (error instanceof UsageError) {
    console.error(error.message);
    return EXIT_CODES.usage;
  }
  console.error(error);
  return EXIT_CODES.failed;
}

/** The seed that was given, or one by chance. */
export function readSeed(values: Values): number {
  return values["seed"] === undefined
    ? crypto.getRandomValues(new Uint16Array(1))[0]!
    : readWhole(values, "seed", { min: 0, max: SEED_MAX });
}

/** Prints figures as a table, or as one line of JSON. */
export function printFigures(
  figures: Readonly<Record<string, unknown>>,
  { json }: { json: boolean },
): void {
  if (json) return console.log(JSON.stringify(figures));
  for (const [name, value] of Object.entries(figures)) {
    console.log(`${name.padEnd(26)} ${value}`);
  }
}

/**
 * Prints what a campaign found, by kind, and how to have it again.
 *
 * @returns The exit code: 0 where nothing was found.
 */
export function printFindings(
  findings: Readonly<Record<string, readonly unknown[]>>,
  seed: number,
): number {
  if (Object.values(findings).every(({ length }) => length === 0)) return 0;
  for (const [word, list] of Object.entries(findings)) {
    for (const what of list.slice(0, FINDINGS_SHOWN)) {
      console.error(`${word}: ${what}`);
    }
    if (list.length > FINDINGS_SHOWN) {
      console.error(`${word}: and ${list.length - FINDINGS_SHOWN} more`);
    }
  }
  console.error(
    `Repeat it with --seed ${seed}; --keep leaves the folder to look at`,
  );
  return EXIT_CODES.failed;
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
