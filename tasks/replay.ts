/** `deno task replay`: see `--help`. */
import type { Behavior } from "../actors/behavior.ts";
import { patternDetector } from "../agents/mod.ts";
import { runReplayCommand } from "../lib/backtest/recording/command.ts";

const encoder = new TextEncoder();

/** Writes all of a text, also to a pipe that takes it in pieces. */
function write(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): void {
  let bytes = encoder.encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}

Deno.exit(
  await runReplayCommand(Deno.args, {
    behaviorOf: (name) =>
      name === patternDetector.name ? patternDetector as Behavior : null,
    // `deno task` changes into the project; paths are meant from where it was called.
    cwd: Deno.env.get("INIT_CWD") ?? Deno.cwd(),
    out: (text) => write(Deno.stdout, text),
    err: (text) => write(Deno.stderr, text),
  }),
);
