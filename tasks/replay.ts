/** `deno task replay`: see `--help`. */
import type { Behavior } from "../actors/behavior.ts";
import { patternDetector } from "../agents/mod.ts";
import { withCompleteConfig } from "../lib/backtest/recording/complete_config.ts";
import { runReplayCommand } from "../lib/backtest/recording/command.ts";
import { writeTo } from "./output.ts";

Deno.exit(
  await runReplayCommand(Deno.args, {
    behaviorOf: (name) =>
      name === patternDetector.name
        ? withCompleteConfig(patternDetector as Behavior)
        : null,
    // `deno task` changes into the project; paths are meant from where it was called.
    cwd: Deno.env.get("INIT_CWD") ?? Deno.cwd(),
    out: writeTo(Deno.stdout),
    err: writeTo(Deno.stderr),
  }),
);
