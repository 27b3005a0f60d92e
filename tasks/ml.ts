/** `deno task ml`: see `--help`. */
import { runMlCommand } from "../lib/inference/command.ts";
import { writeTo } from "./output.ts";

Deno.exit(
  await runMlCommand(Deno.args, {
    // `deno task` changes into the project; paths are meant from where it was called.
    cwd: Deno.env.get("INIT_CWD") ?? Deno.cwd(),
    out: writeTo(Deno.stdout),
    err: writeTo(Deno.stderr),
  }),
);
