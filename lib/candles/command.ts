/**
 * `deno task data`: imports, downloads, reports on and resamples candle files.
 * Data goes to standard output, words about it to standard error.
 *
 * @module
 */
import { AppError } from "../core/errors.ts";
import { suggest } from "../core/nearest.ts";
import { runDownload } from "./commands/download.ts";
import {
  runExport,
  runList,
  runRepair,
  runResample,
  runShow,
} from "./commands/files.ts";
import { runImport } from "./commands/import.ts";
import { type DataContext, EXIT, UsageError } from "./context.ts";
import { DATA_USAGE } from "./usage.ts";

const COMMANDS = {
  import: runImport,
  list: runList,
  show: runShow,
  resample: runResample,
  export: runExport,
  download: runDownload,
  repair: runRepair,
} as const;

/** Runs the command and answers with its exit code. */
export async function runDataCommand(
  args: readonly string[],
  context: DataContext,
): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    context.out(DATA_USAGE);
    return EXIT.ok;
  }
  try {
    const [name, ...rest] = args;
    return await commandOf(name)(rest, context);
  } catch (error) {
    if (error instanceof UsageError) {
      for (const problem of error.problems) context.err(`${problem}\n`);
      return EXIT.usage;
    }
    if (error instanceof AppError) {
      context.err(`${error.message}\n`);
      return error.status < 500 ? EXIT.usage : EXIT.failed;
    }
    context.err(`The command failed: ${String(error)}\n`);
    return EXIT.failed;
  }
}

function commandOf(name: string | undefined) {
  const names = Object.keys(COMMANDS);
  if (name !== undefined && Object.hasOwn(COMMANDS, name)) {
    return COMMANDS[name as keyof typeof COMMANDS];
  }
  throw new UsageError(
    name === undefined
      ? `Name a command: ${names.join(", ")}; see --help`
      : `There is no command ${JSON.stringify(name)}.${
        suggest(name, names) || ` Choose ${names.join(", ")}`
      }`,
  );
}
