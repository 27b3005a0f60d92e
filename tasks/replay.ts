/** `deno task replay`: see `--help`. */
import { behaviorNamed } from "../agents/mod.ts";
import { withCompleteConfig } from "../lib/backtest/recording/complete_config.ts";
import { runReplayCommand } from "../lib/backtest/recording/command.ts";
import { writeTo } from "./output.ts";

Deno.exit(
  await runReplayCommand(Deno.args, {
    behaviorOf: (name) => {
      const behavior = behaviorNamed(name);
      return behavior === null ? null : withCompleteConfig(behavior);
    },
    // `deno task` changes into the project; paths are meant from where it was called.
    cwd: Deno.env.get("INIT_CWD") ?? Deno.cwd(),
    out: writeTo(Deno.stdout),
    err: writeTo(Deno.stderr),
  }),
);
