/** `deno task smc`: see `--help`. */
import { runSmcCommand } from "../lib/patterns/command.ts";
import { writeTo } from "./output.ts";

Deno.exit(
  await runSmcCommand(Deno.args, {
    // `deno task` changes into the project; paths are meant from where it was called.
    cwd: Deno.env.get("INIT_CWD") ?? Deno.cwd(),
    out: writeTo(Deno.stdout),
    err: writeTo(Deno.stderr),
  }),
);
