/**
 * `deno task ml runtime`: the ONNX runtime before anybody asks for it.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import { type CommandContext, EXIT } from "../dataset/command.ts";
import type { RuntimeSource } from "./ensure_runtime.ts";
import { RUNTIME_DIR, RUNTIME_MB, RUNTIME_VERSION } from "./runtime_place.ts";

/** What commands know that run models, besides where they write to. */
export interface ModelContext extends CommandContext {
  runtime: RuntimeSource;
}

const USAGE = `Fetches the ONNX runtime, which runs models, if it is not there.

Usage: deno task ml runtime

  --help  this text

The server and the commands fetch it by themselves when they first need it: ${RUNTIME_MB} MB. This is for
an image, or for a machine that will have no network then. It is kept in ${RUNTIME_DIR}, which
deno task clean removes.

Exit codes: 0 it is there, 1 it could not be fetched, 2 wrong usage.
`;

/** Runs the command and answers with its exit code. */
export async function runRuntimeCommand(
  args: readonly string[],
  { runtime, out, err }: ModelContext,
): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    out(USAGE);
    return EXIT.ok;
  }
  if (args.length > 0) {
    err(`There is no option or argument ${args[0]}; see --help\n`);
    return EXIT.usage;
  }
  try {
    await runtime.ensure();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    err(`${error.message}\n`);
    return EXIT.failed;
  }
  out(`The ONNX runtime ${RUNTIME_VERSION} is installed.\n`);
  return EXIT.ok;
}
