// deno-lint-ignore-file no-console -- prints for people
/** `deno task keys`: see `--help`. */
import { parseArgs } from "node:util";
import { systemClock } from "../actors/mod.ts";
import { EnvError, parseEnv } from "../lib/core/env.ts";
import { onlyVariables } from "../lib/server/env_file.ts";
import { AppError } from "../lib/core/errors.ts";
import { KEY_COMMANDS, runKeysCommand } from "../lib/server/keys_command.ts";

const HELP =
  `The keys that seal exchange keys, second factors and the server's own secrets.
The server must be stopped: a rotation takes about a second.

Usage: deno task keys <command> [NAME]

  list           Names of the keys, and how much each one seals; never a key
  rotate         Make a new key and seal everything with it. A rotation that was
                 cut short goes on. Keys in EXCHANGE_KEY_SECRET are changed by
                 you; this says how
  retire [NAME]  Take keys away with which nothing is sealed any more
  forget NAME    Remove what a lost key sealed, so that the server starts again

  --help         Show this

Environment:
  DATA_DIR             Data folder of the server (default: ./data)
  EXCHANGE_KEY_SECRET  The keys, where they are not in DATA_DIR/exchange-key-secret

Exit codes: 0 done, 1 failed, 2 wrong input or refused`;

const VARIABLES = ["DATA_DIR", "EXCHANGE_KEY_SECRET"];

async function run(): Promise<string> {
  const [command, id, ...more] = readArgs();
  const known = KEY_COMMANDS.find((name) => name === command);
  if (known === undefined || more.length > 0) {
    throw new AppError(
      "KEYS_REFUSED",
      `Say one of ${KEY_COMMANDS.join(", ")}; --help shows what they do`,
    );
  }
  const env = parseEnv(onlyVariables(VARIABLES));
  return await runKeysCommand(known, {
    env,
    time: systemClock,
    id: id ?? null,
  });
}

function readArgs(): string[] {
  try {
    return parseArgs({ args: Deno.args, allowPositionals: true, strict: true })
      .positionals;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new AppError("KEYS_REFUSED", `${detail}; --help shows what there is`);
  }
}

/** Answers with the exit code. */
async function main(): Promise<number> {
  if (Deno.args.includes("--help")) {
    console.log(HELP);
    return 0;
  }
  try {
    console.log(await run());
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    const isInput = error instanceof EnvError ||
      error instanceof AppError && error.code === "KEYS_REFUSED";
    return isInput ? 2 : 1;
  }
}

if (import.meta.main) Deno.exit(await main());
