/**
 * `deno task ml`: what is done for the models of the decision engine outside of
 * running it.
 *
 * @module
 */
import { EXIT, runDatasetCommand } from "./dataset/command.ts";
import { runEvaluateCommand } from "./evaluation/command.ts";
import { runRuntimeCommand } from "./install/command.ts";
import {
  type LibraryContext,
  runAddCommand,
  runCheckCommand,
} from "./library/command.ts";

const ML_USAGE = `Data and figures for the models of the decision engine.

Usage: deno task ml COMMAND [options]

  dataset   writes features and labels of a file of candles, to train a model with
  evaluate  repeats the figures of a model's card from its files
  check     says whether a model can be used, and what keeps it from that
  add       checks a model and gives it to the server
  runtime   fetches what runs models, before anything needs it

deno task ml COMMAND --help tells more.
`;

const COMMANDS = {
  dataset: runDatasetCommand,
  evaluate: runEvaluateCommand,
  check: runCheckCommand,
  add: runAddCommand,
  runtime: runRuntimeCommand,
} as const;

/** Runs the command and answers with its exit code. */
export async function runMlCommand(
  args: readonly string[],
  context: LibraryContext,
): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h") {
    context.out(ML_USAGE);
    return EXIT.ok;
  }
  if (name !== undefined && Object.hasOwn(COMMANDS, name)) {
    return await COMMANDS[name as keyof typeof COMMANDS](rest, context);
  }
  const problem = name === undefined
    ? "A command is missing"
    : `There is no command ${JSON.stringify(name)}`;
  const names = Object.keys(COMMANDS).join(", ");
  context.err(`${problem}; choose from ${names}, or see --help\n`);
  return EXIT.usage;
}
