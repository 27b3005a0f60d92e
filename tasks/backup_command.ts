// deno-lint-ignore-file no-console -- prints for people
/**
 * What `deno task backup` and `deno task restore` share: options, the data
 * folder, exit codes.
 *
 * @module
 */
import { resolve } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { EnvError, parseEnv } from "../lib/core/env.ts";
import { onlyVariables } from "../lib/server/env_file.ts";
import { AppError } from "../lib/core/errors.ts";

const EXIT_FAILED = 1;
const EXIT_WRONG_INPUT = 2;

/** Failures that another command line would mend. */
const WRONG_INPUT = ["BACKUP_UNUSABLE", "BACKUP_REFUSED", "RESTORE_REFUSED"];

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Reads the command line and the data folder. */
export function readCommand<
  T extends NonNullable<ParseArgsConfig["options"]>,
>(options: T) {
  const { values } = readArgs(options);
  const env = parseEnv(onlyVariables(["DATA_DIR"]));
  return {
    values,
    dataDir: env.DATA_DIR,
    /** `deno task` changes into the project; paths are meant from where it was called. */
    pathOf(name: string, value: string): string {
      if (value === "") throw new UsageError(`Give --${name} a folder`);
      return resolve(Deno.env.get("INIT_CWD") ?? Deno.cwd(), value);
    },
  };
}

function readArgs<T extends NonNullable<ParseArgsConfig["options"]>>(
  options: T,
) {
  try {
    return parseArgs({ args: Deno.args, options, strict: true });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${detail}; --help shows the options`);
  }
}

/** Runs a command, prints its one sentence and answers with the exit code. */
export async function runCommand(
  run: () => Promise<string>,
  help: string,
): Promise<number> {
  if (Deno.args.includes("--help")) {
    console.log(help);
    return 0;
  }
  try {
    console.log(await run());
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    const isInput = error instanceof UsageError || error instanceof EnvError ||
      error instanceof AppError && WRONG_INPUT.includes(error.code);
    return isInput ? EXIT_WRONG_INPUT : EXIT_FAILED;
  }
}
