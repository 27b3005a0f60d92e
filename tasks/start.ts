// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task start`: builds what is stale, then keeps the server running in a
 * process of its own that has exactly the permissions it needs. It starts the
 * server again when it dies, and drains it on Ctrl-C; see lib/parent.
 *
 * @module
 */
import { systemClock } from "../actors/system_clock.ts";
import { AppError } from "../lib/core/errors.ts";
import { serverPermissions } from "../lib/build/permissions.ts";
import { serverArguments } from "../lib/build/server_arguments.ts";
import { isBuildStale } from "../lib/build/stale.ts";
import {
  accessOf,
  allHosts,
  readExchangeHosts,
} from "../lib/fleet/market_access.ts";
import {
  type Env,
  ENV_VARIABLES,
  EnvError,
  parseEnv,
} from "../lib/core/env.ts";
import { TELEMETRY_VARIABLES, telemetryOf } from "../lib/core/env_telemetry.ts";
import { EXIT_CODES } from "../lib/core/exit_codes.ts";
import { PRODUCT_VERSION } from "../lib/core/version.ts";
import { keepRuntime } from "../lib/inference/install/keep_runtime.ts";
import { createConsole } from "../lib/server/console.ts";
import { withEnvFile } from "../lib/server/env_file.ts";
import { type HostProcess, Parent } from "../lib/parent/parent.ts";
import { createProbe } from "../lib/parent/probe.ts";

const ROOT = new URL("../", import.meta.url);

const HELP = `Starts the panel and the API, and keeps them running.

Usage: deno task start [--help | --version]

If the server process dies, it is started again: at first at once, then
after longer and longer pauses. It is not started again when the configuration
is wrong, when its port or data folder is taken at the first start, or when it
dies again and again (HOST_RESTARTS_MAX). Ctrl-C drains it: agents stop and go
on at the next start.

Exit codes: 0 drained, 1 the server died again and again, ${EXIT_CODES.cannotStart} port or data
folder cannot be used, ${EXIT_CODES.config} wrong configuration.

Environment:
${
  Object.entries(ENV_VARIABLES).map(([name, variable]) =>
    `  ${name.padEnd(22)} ${variable.help} (default: ${
      variable.preset || "empty"
    })`
  ).join("\n")
}

OpenTelemetry, off unless OTEL_DENO is true; Deno itself reads these:
${
  Object.entries(TELEMETRY_VARIABLES).map(([name, help]) =>
    `  ${name.padEnd(22)} ${help}`
  ).join("\n")
}`;

async function start(): Promise<number> {
  if (Deno.args.includes("--help")) {
    console.log(HELP);
    return EXIT_CODES.ok;
  }
  if (Deno.args.includes("--version")) {
    console.log(PRODUCT_VERSION);
    return EXIT_CODES.ok;
  }
  const env = readEnv();
  if (env === null) return EXIT_CODES.config;
  const exchangeHosts = await hostsOf(env);
  if (exchangeHosts === null) return EXIT_CODES.config;
  if (!await buildIfStale()) return EXIT_CODES.failed;
  let host: HostProcess | null = null;
  const lines = createConsole("info", env.LOG_FORMAT).with({
    component: "parent",
  });
  const say = (line: string) => lines.notice(line);
  // The server may start no process: what it needs later is fetched here.
  const keeper = keepRuntime({
    root: ROOT,
    dataDir: env.DATA_DIR,
    clock: systemClock,
    hostPid: () => host?.pid ?? null,
    say,
  });
  const parent = new Parent({
    clock: systemClock,
    random: Math.random,
    restartsMax: env.HOST_RESTARTS_MAX,
    launch: () => host = launch(env, exchangeHosts),
    probe: createProbe(env),
    say,
  });
  // On Ctrl-C the terminal signals the host too; it counts both as one wish.
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) {
    Deno.addSignalListener(signal, () => parent.stop());
  }
  // An emergency stop is the host's affair; without a listener it would end this process.
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGUSR2", () => host?.signal("SIGUSR2"));
  }
  try {
    return await parent.run();
  } finally {
    keeper.close();
  }
}

/** In a process of its own: a bundler needs more permissions than what keeps a server running. */
async function buildIfStale(): Promise<boolean> {
  if (!await isBuildStale(ROOT)) return true;
  const config = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", ROOT)),
  );
  const [, ...args] = config.tasks.build.command.split(" ");
  const { success } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  return success;
}

/** Hosts of the exchanges that may be reached, or null, with a sentence on standard error. */
async function hostsOf(env: Env): Promise<readonly string[] | null> {
  try {
    return allHosts(await readExchangeHosts(accessOf(env), ROOT));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.error(`Cannot start: EXCHANGES is wrong. ${error.message}`);
    return null;
  }
}

/** Starts the server. Its standard input ends with this process, however that ends; then it drains itself. */
function launch(env: Env, exchangeHosts: readonly string[]): HostProcess {
  const permissions = serverPermissions({ env, root: ROOT, exchangeHosts });
  const child = new Deno.Command(Deno.execPath(), {
    args: [...serverArguments({ permissions, root: ROOT }), "--supervised"],
    stdin: "piped",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  return {
    pid: child.pid,
    ended: child.status,
    signal(name) {
      try {
        child.kill(name);
      } catch {
        // It has ended already; its status is on its way.
      }
    },
  };
}

function readEnv(): Env | null {
  try {
    const lookUp = withEnvFile((name) => Deno.env.get(name));
    const env = parseEnv(lookUp);
    // The server is a process of its own and reads its environment.
    for (const name of Object.keys(ENV_VARIABLES)) {
      const value = lookUp(name);
      if (value !== undefined) Deno.env.set(name, value);
    }
    for (const [name, value] of Object.entries(telemetryOf(lookUp))) {
      Deno.env.set(name, value);
    }
    return env;
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    console.error(error.message);
    return null;
  }
}

if (import.meta.main) Deno.exit(await start());
