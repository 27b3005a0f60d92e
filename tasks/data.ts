/**
 * `deno task data`: see `--help`. The command runs in a process of its own that
 * may write the candle folder only, and reach other hosts only to download;
 * which hosts an exchange answers from is known to ccxt alone, so then it may
 * reach any.
 *
 * @module
 */
import { withRealPath } from "../lib/build/permissions.ts";
import { EnvError, parseEnv } from "../lib/core/env.ts";
import { onlyVariables } from "../lib/server/env_file.ts";
import { runDataCommand } from "../lib/candles/command.ts";
import { type DataContext, EXIT } from "../lib/candles/context.ts";
import { CONFINED, runConfined } from "./confined.ts";
import { writeTo } from "./output.ts";

const INTERRUPTED = 130;

/** Variables that ws, a part of ccxt, looks at; refusing them would end the process. */
const CCXT_VARIABLES = ["WS_NO_BUFFER_UTIL", "WS_NO_UTF_8_VALIDATE"];

const err = writeTo(Deno.stderr);

/** Folder of the candle files; null, with the sentence told, if a variable is wrong. */
function candleFolder(): string | null {
  try {
    const env = parseEnv(onlyVariables(["CANDLES_DIR", "DATA_DIR"]));
    return env.CANDLES_DIR || `${env.DATA_DIR}/candles`;
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    err(`${error.message}\n`);
    return null;
  }
}

/** Nothing but a download reaches other hosts; with --base-url it reaches that one. */
function netPermission(args: readonly string[]): string[] {
  if (args[0] !== "download") return [];
  const name = "--base-url";
  const joined = args.find((text) => text.startsWith(`${name}=`));
  const baseUrl = joined === undefined
    ? args[args.indexOf(name) + 1]
    : joined.slice(name.length + 1);
  const isNamed = joined !== undefined || args.includes(name);
  if (!isNamed) return ["--allow-net"];
  return baseUrl !== undefined && URL.canParse(baseUrl)
    ? [`--allow-net=${new URL(baseUrl).host}`]
    : [];
}

/** Starts this file again with exactly the permissions that the command needs. */
async function launch(folder: string): Promise<number> {
  return await runConfined({
    entry: import.meta.url,
    permissions: [
      "--allow-read",
      `--allow-write=${withRealPath(folder).join(",")}`,
      `--allow-env=${
        ["CANDLES_DIR", "DATA_DIR", "INIT_CWD", ...CCXT_VARIABLES].join(",")
      }`,
      ...netPermission(Deno.args),
    ],
    stdin: "piped",
  });
}

async function run(folder: string): Promise<number> {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      // The first one lets a page be finished, the second one ends at once.
      if (interrupt.signal.aborted) Deno.exit(INTERRUPTED);
      interrupt.abort();
    });
  }
  void untilParentEnds().then(() => interrupt.abort());
  const context: DataContext = {
    folder,
    // `deno task` changes into the project; paths are meant from where it was called.
    cwd: Deno.env.get("INIT_CWD") ?? Deno.cwd(),
    out: writeTo(Deno.stdout),
    err,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        }, { once: true });
      }),
    random: Math.random,
    signal: interrupt.signal,
  };
  return await runDataCommand(Deno.args.slice(1), context);
}

async function untilParentEnds(): Promise<void> {
  for await (const _ of Deno.stdin.readable);
}

if (import.meta.main) {
  const folder = candleFolder();
  if (folder === null) Deno.exit(EXIT.usage);
  Deno.exit(await (Deno.args[0] === CONFINED ? run : launch)(folder));
}
