/** `deno task smc`: see `--help`. */
import { EXIT, runSmcCommand } from "../lib/patterns/command.ts";

const encoder = new TextEncoder();

/** Writes all of a text, also to a pipe that takes it in pieces. */
function write(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): void {
  let bytes = encoder.encode(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
  } catch (error) {
    // `… | head` closes the pipe when it has enough: that is no failure.
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(EXIT.ok);
    throw error;
  }
}

Deno.exit(
  await runSmcCommand(Deno.args, {
    // `deno task` changes into the project; paths are meant from where it was called.
    cwd: Deno.env.get("INIT_CWD") ?? Deno.cwd(),
    out: (text) => write(Deno.stdout, text),
    err: (text) => write(Deno.stderr, text),
  }),
);
