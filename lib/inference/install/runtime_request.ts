/**
 * How a server asks for the ONNX runtime. It may start no process, so it leaves
 * a file in its data folder, and the parent process that watches that folder
 * fetches the runtime.
 *
 * @module
 */
import { z } from "zod";
import type { RuntimePlace } from "../../contracts/inference.ts";
import { UNANSWERED_MS } from "./limits.ts";
import { readState } from "./runtime_state.ts";

const requestSchema = z.object({
  /** Every try has an id of its own, which its outcome names. */
  id: z.string(),
  /** The process that asks: a request of one that has ended counts no more. */
  hostPid: z.number(),
  /** Wall time in milliseconds since 1970. */
  askedAtMs: z.number(),
});

/** What the file says. */
export type RuntimeRequest = z.infer<typeof requestSchema>;

/** Reads the request; null where there is none. */
export async function readRequest(
  path: string,
): Promise<RuntimeRequest | null> {
  try {
    const read = requestSchema.safeParse(
      JSON.parse(await Deno.readTextFile(path)),
    );
    return read.success ? read.data : null;
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound || error instanceof SyntaxError
    ) return null;
    throw error;
  }
}

/**
 * Asks for the runtime where it is not installed and no request of this process
 * is under way. Resolves when the request is written, not when it is met.
 *
 * @throws {Error} If the data folder takes no writes.
 */
export async function requestRuntime(
  { folder, requestPath }: RuntimePlace,
  { hostPid, nowMs }: { hostPid: number; nowMs: number },
): Promise<void> {
  if (requestPath === null) return;
  const state = await readState(folder);
  if (state?.state === "installed") return;
  const last = await readRequest(requestPath);
  const isAnswered = state !== null && state.requestId === last?.id;
  const isUnderWay = isAnswered
    ? state.state === "fetching"
    : last !== null && nowMs - last.askedAtMs < UNANSWERED_MS;
  if (isUnderWay && last?.hostPid === hostPid) return;
  const request: RuntimeRequest = {
    id: crypto.randomUUID(),
    hostPid,
    askedAtMs: nowMs,
  };
  const draft = `${requestPath}.${request.id}`;
  await Deno.writeTextFile(draft, JSON.stringify(request));
  await Deno.rename(draft, requestPath);
}
