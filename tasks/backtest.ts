/** `deno task backtest`: see `--help`. */
import { patternDetector, TEMPLATES } from "../agents/mod.ts";
import { runBacktestCommand } from "../lib/backtest/command.ts";

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
  await runBacktestCommand(Deno.args, {
    templates: TEMPLATES,
    behaviorOf: (type) => type === "pattern_detector" ? patternDetector : null,
    // `deno task` changes into the project; paths are meant from where it was called.
    cwd: Deno.env.get("INIT_CWD") ?? Deno.cwd(),
    out: (text) => write(Deno.stdout, text),
    err: (text) => write(Deno.stderr, text),
  }),
);
