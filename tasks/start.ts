// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task start`: builds what is stale, then runs the server in a process
 * of its own that has exactly the permissions it needs. Signals are handed on,
 * so that Ctrl-C drains the server; its exit code becomes ours.
 *
 * @module
 */
import { ENV_VARIABLES, EnvError, parseEnv } from "../lib/core/env.ts";
import { serverPermissions } from "../lib/build/permissions.ts";
import { build } from "./build.ts";

const ROOT = new URL("../", import.meta.url);

/** Exit code of a wrong configuration (sysexits.h, EX_CONFIG). */
const EXIT_CONFIG = 78;

const HELP = `Starts the panel and the API.

Usage: deno task start

Environment:
${
  Object.entries(ENV_VARIABLES).map(([name, variable]) =>
    `  ${name.padEnd(22)} ${variable.help} (default: ${
      variable.preset || "empty"
    })`
  ).join("\n")
}`;

async function start(): Promise<number> {
  if (Deno.args.includes("--help")) {
    console.log(HELP);
    return 0;
  }
  const env = readEnv();
  if (env === null) return EXIT_CONFIG;
  await build({ onlyIfStale: true });
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--cached-only",
      ...serverPermissions({ env, root: ROOT }),
      new URL("main.ts", ROOT).href,
    ],
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  const hand = (signal: Deno.Signal) => () => {
    try {
      child.kill(signal);
    } catch {
      // It has ended already; its status is on its way.
    }
  };
  // On Ctrl-C the terminal signals the child too; the server counts both as one wish.
  Deno.addSignalListener("SIGINT", hand("SIGTERM"));
  Deno.addSignalListener("SIGTERM", hand("SIGTERM"));
  Deno.addSignalListener("SIGHUP", hand("SIGTERM"));
  const status = await child.status;
  return status.code;
}

function readEnv() {
  try {
    return parseEnv((name) => Deno.env.get(name));
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    console.error(error.message);
    return null;
  }
}

if (import.meta.main) Deno.exit(await start());
