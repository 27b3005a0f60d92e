/**
 * How the ONNX runtime stands: a file in its folder that who fetches it writes,
 * and everybody else reads.
 *
 * @module
 */
import { z } from "zod";
import type { RuntimeStatus } from "../../contracts/inference.ts";
import {
  HOW_TO_FETCH,
  RUNTIME_MB,
  RUNTIME_VERSION,
  runtimeFiles,
} from "./runtime_place.ts";

/** Name of the file, in the folder of the runtime. */
export const STATE_FILE = "state.json";

const stateSchema = z.discriminatedUnion("state", [
  z.object({
    state: z.literal("fetching"),
    /** Request that it answers. */
    requestId: z.string(),
  }),
  z.object({
    state: z.literal("installed"),
    version: z.string(),
  }),
  z.object({
    state: z.literal("failed"),
    requestId: z.string(),
    /** What went wrong, in one sentence without a full stop. */
    reason: z.string(),
  }),
]);

/** What the file says. */
export type RuntimeState = z.infer<typeof stateSchema>;

/**
 * Reads the state; null where nothing was fetched. It is `installed` only if
 * that is the version which is wanted, and its files are there.
 */
export async function readState(folder: string): Promise<RuntimeState | null> {
  const state = await readFile(`${folder}/${STATE_FILE}`);
  if (state?.state !== "installed") return state;
  const { modulePath, wasmPath } = runtimeFiles(folder);
  const isHere = state.version === RUNTIME_VERSION &&
    await isFile(modulePath) && await isFile(wasmPath);
  return isHere ? state : null;
}

/** Writes the state as a whole, so that nobody reads half of it. */
export async function writeState(
  folder: string,
  state: RuntimeState,
): Promise<void> {
  const draft = `${folder}/${crypto.randomUUID()}.draft`;
  await Deno.writeTextFile(draft, JSON.stringify(state));
  await Deno.rename(draft, `${folder}/${STATE_FILE}`);
}

/**
 * The state for people and programs. `requestId` is the newest request of who
 * asks: what a process that has ended fetched for another one is not fetched any
 * more.
 */
export async function readStatus(
  folder: string,
  requestId: string | null,
): Promise<RuntimeStatus> {
  const state = await readState(folder);
  const isStale = state?.state === "fetching" && state.requestId !== requestId;
  if (state === null || isStale) {
    return {
      state: "absent",
      detail:
        `The ONNX runtime is not installed; the first decision engine fetches it, ${RUNTIME_MB} MB, once`,
    };
  }
  switch (state.state) {
    case "fetching":
      return {
        state: "fetching",
        detail: `The ONNX runtime is being fetched, ${RUNTIME_MB} MB, once`,
      };
    case "installed":
      return {
        state: "installed",
        detail: `The ONNX runtime ${RUNTIME_VERSION} is installed`,
      };
    case "failed":
      return { state: "failed", detail: failureText(state.reason) };
  }
}

/** Why there is no runtime and how to mend it, in one sentence. */
export function failureText(reason: string): string {
  return `The ONNX runtime could not be fetched: ${reason}; ${HOW_TO_FETCH}, and start again what needs it`;
}

async function readFile(path: string): Promise<RuntimeState | null> {
  try {
    const read = stateSchema.safeParse(
      JSON.parse(await Deno.readTextFile(path)),
    );
    return read.success ? read.data : null;
  } catch (error) {
    // A state that cannot be made out is that of something to install anew.
    if (
      error instanceof Deno.errors.NotFound || error instanceof SyntaxError
    ) return null;
    throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
