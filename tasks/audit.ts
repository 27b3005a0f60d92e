// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task audit`: see `--help`. The command runs in a process of its own that
 * may write `DATA_DIR/audit` only: where that is may be told by `.env` alone.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { resolve } from "node:path";
import { withRealPath } from "../lib/build/permissions.ts";
import { EnvError, parseEnv } from "../lib/core/env.ts";
import { onlyVariables } from "../lib/server/env_file.ts";
import { AppError } from "../lib/core/errors.ts";
import { exportLines } from "../lib/store/audit/export_lines.ts";
import { CONFINED, runConfined } from "./confined.ts";
import { writeTo } from "./output.ts";
import { UsageError } from "./backup_command.ts";
import {
  describeVerdict,
  type Target,
  targetOf,
  verifyTarget,
  withTargetReader,
} from "./audit_targets.ts";

const HELP = `Checks and exports the audit trail, also while the server runs.

Usage: deno task audit verify [PATH] [--checkpoints FILE]... [--key KEY]
       deno task audit export [PATH] > FILE

  verify              Walk the whole chain, name the first bad entry of each stream
  export              Write every entry up to the last signed checkpoint, with its hashes,
                      and the checkpoints: one JSON document a line
  PATH                A data folder, a backup, a store file or an export
                      (default: DATA_DIR)
  --checkpoints FILE  Checkpoints that were kept elsewhere; may be repeated. Those in
                      DATA_DIR/audit are looked at, too, where PATH is a data folder
  --key KEY           Public key that must have signed; without it the one that
                      the checkpoints name is shown, to be pinned
  --help              Show this

Environment:
  DATA_DIR            Data folder of the server (default: ./data). Copies of a store
                      that is verified are made below its folder audit and removed

Exit codes: 0 whole, 1 broken, 2 wrong input or not readable`;

const EXIT = { whole: 0, broken: 1, input: 2 } as const;

/** Starts this file again with exactly the permissions that the command needs. */
async function launch(): Promise<number> {
  const folder = `${readDataDir()}/audit`;
  return await runConfined({
    entry: import.meta.url,
    permissions: [
      "--allow-read",
      `--allow-write=${withRealPath(folder).join(",")}`,
      "--allow-env=DATA_DIR,INIT_CWD",
    ],
  });
}

function readDataDir(): string {
  return parseEnv(onlyVariables(["DATA_DIR"])).DATA_DIR;
}

async function run(): Promise<number> {
  const { values, positionals } = readArgs();
  const [verb, path, ...rest] = positionals;
  if (rest.length > 0) {
    throw new UsageError(`Give one path, not "${rest[0]}" as well`);
  }
  if (verb !== "verify" && verb !== "export") {
    throw new UsageError(
      verb === undefined
        ? "Say what to do: verify or export"
        : `"audit" cannot ${verb}; it can verify and export`,
    );
  }
  const dataDir = readDataDir();
  const target = await targetOf(
    path === undefined ? dataDir : fromCaller(path),
    dataDir,
  );
  if (verb === "export") {
    await exportTo(target);
    return EXIT.whole;
  }
  const verdict = await verifyTarget(target, {
    files: values.checkpoints.map(fromCaller),
    key: values.key ?? null,
  });
  console.log(describeVerdict(target, { verdict, isPinned: !!values.key }));
  return verdict.faults.length === 0 ? EXIT.whole : EXIT.broken;
}

/** One key in 64 begins with a dash, which would be taken for an option. */
function withKeyJoined(args: readonly string[]): string[] {
  const place = args.indexOf("--key");
  const key = args[place + 1];
  return place < 0 || key === undefined
    ? [...args]
    : args.toSpliced(place, 2, `--key=${key}`);
}

function readArgs() {
  try {
    const { values, positionals } = parseArgs({
      args: withKeyJoined(Deno.args.slice(1)),
      allowPositionals: true,
      options: {
        checkpoints: { type: "string", multiple: true },
        key: { type: "string" },
      },
    });
    const { checkpoints = [], key } = values;
    if (key !== undefined && !/^[\w-]{43}$/.test(key)) {
      throw new Error("--key wants the 43 characters that verify shows");
    }
    return { positionals, values: { checkpoints, key } };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${detail}; --help shows the options`);
  }
}

/** `deno task` changes into the project; paths are meant from where it was called. */
function fromCaller(path: string): string {
  return resolve(Deno.env.get("INIT_CWD") ?? Deno.cwd(), path);
}

async function exportTo(target: Target): Promise<void> {
  const write = writeTo(Deno.stdout);
  await withTargetReader(target, async (reader) => {
    for await (const lines of exportLines(reader)) write(lines);
  });
}

if (import.meta.main) {
  if (Deno.args.includes("--help")) {
    console.log(HELP);
    Deno.exit(0);
  }
  try {
    Deno.exit(await (Deno.args[0] === CONFINED ? run : launch)());
  } catch (error) {
    const isKnown = error instanceof AppError || error instanceof UsageError ||
      error instanceof EnvError || error instanceof Deno.errors.NotFound;
    console.error(isKnown ? error.message : error);
    Deno.exit(EXIT.input);
  }
}
