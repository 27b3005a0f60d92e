/**
 * Installs the ONNX runtime into its folder, by Deno itself and from a lock file
 * of its own. Whatever an earlier try left behind is gone on from.
 *
 * @module
 */
import { FETCH_MS_MAX, REASON_CHARACTERS } from "./limits.ts";
import {
  RUNTIME_CONFIG_DIR,
  RUNTIME_DIR,
  RUNTIME_VERSION,
} from "./runtime_place.ts";
import { readState, writeState } from "./runtime_state.ts";

/** How it is installed. */
export interface InstallOptions {
  /** Folder of the project. */
  root: URL;
  /** The program to run: the path of Deno, or its name where only that is allowed. */
  deno: string;
  /** Ends it. */
  signal?: AbortSignal;
}

/** What came of it; the reason is one sentence without a full stop. */
export type Installed = { ok: true } | { ok: false; reason: string };

/**
 * Fetches what is missing and notes that it is there. Needs the right to read
 * the project, to write the folder of the runtime, and to run Deno.
 */
export async function installRuntime(
  { root, deno, signal }: InstallOptions,
): Promise<Installed> {
  const folder = decodeURIComponent(new URL(RUNTIME_DIR, root).pathname);
  const installed = { state: "installed", version: RUNTIME_VERSION } as const;
  try {
    await Deno.mkdir(folder, { recursive: true });
    for (const file of ["deno.json", "deno.lock"]) {
      // deno-lint-ignore no-await-in-loop -- two files
      await Deno.copyFile(
        new URL(`${RUNTIME_CONFIG_DIR}/${file}`, root),
        `${folder}/${file}`,
      );
    }
    const ran = await runInstall(folder, { deno, signal });
    if (!ran.ok) return ran;
    await writeState(folder, installed);
    if (await readState(folder) !== null) return ran;
    // Deno takes a package for whole that has lost a file since.
    await Deno.remove(`${folder}/node_modules`, { recursive: true });
    const again = await runInstall(folder, { deno, signal });
    if (!again.ok) return again;
  } catch (error) {
    return { ok: false, reason: sentence((error as Error).message) };
  }
  return await readState(folder) === null
    ? {
      ok: false,
      reason: `the package in ${folder} has not the files that are needed`,
    }
    : { ok: true };
}

async function runInstall(
  folder: string,
  { deno, signal }: { deno: string; signal: AbortSignal | undefined },
): Promise<Installed> {
  const deadline = AbortSignal.timeout(FETCH_MS_MAX);
  const command = new Deno.Command(deno, {
    args: ["install", "--frozen"],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    signal: signal === undefined ? deadline : AbortSignal.any([
      signal,
      deadline,
    ]),
  });
  let process: Deno.ChildProcess;
  try {
    process = command.spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { ok: false, reason: `there is no program "${deno}" on the PATH` };
  }
  const { success, stderr } = await process.output();
  if (success) return { ok: true };
  if (signal?.aborted) return { ok: false, reason: "it was ended" };
  if (deadline.aborted) {
    return {
      ok: false,
      reason: `it took longer than ${FETCH_MS_MAX / 60_000} minutes`,
    };
  }
  return { ok: false, reason: reasonOf(new TextDecoder().decode(stderr)) };
}

/** What Deno says of its failure and of what caused it first; without that, the end of all it said. */
function reasonOf(said: string): string {
  const [, error] = /^error: (.+)/m.exec(said) ?? [];
  if (error === undefined) return sentence(said.slice(-REASON_CHARACTERS));
  const [, cause] = /^Caused by:\s+(?:0: )?(.+)/m.exec(said) ?? [];
  return sentence(cause === undefined ? error : `${error}: ${cause}`);
}

/** One line, not too long and without a full stop. */
function sentence(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim().replace(/\.$/, "");
  return line.slice(0, REASON_CHARACTERS);
}
