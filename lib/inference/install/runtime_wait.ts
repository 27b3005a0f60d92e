import type { RuntimePlace } from "../../contracts/inference.ts";
import { FETCH_MS_MAX, UNANSWERED_MS } from "./limits.ts";
import { HOW_TO_FETCH, RUNTIME_MB } from "./runtime_place.ts";
import { readRequest } from "./runtime_request.ts";
import { failureText, readState } from "./runtime_state.ts";

/** Whether there is a runtime, or may be one soon, or will be none; with a text for people. */
export type RuntimeOutlook =
  | { kind: "installed" }
  | { kind: "waits"; text: string }
  | { kind: "failed"; reason: string };

const NOBODY =
  `The ONNX runtime is not installed, and nothing here fetches it; ${HOW_TO_FETCH}, and start again what needs it`;

/**
 * Looks how the runtime stands for somebody who has waited for it since
 * `waitedMs`. A failure counts only if it is that of the newest request.
 */
export async function lookForRuntime(
  { folder, requestPath }: RuntimePlace,
  waitedMs: number,
): Promise<RuntimeOutlook> {
  const state = await readState(folder);
  if (state?.state === "installed") return { kind: "installed" };
  const request = requestPath === null ? null : await readRequest(requestPath);
  if (request === null) return { kind: "failed", reason: NOBODY };
  const isAnswered = state !== null && state.requestId === request.id;
  if (isAnswered && state.state === "failed") {
    return { kind: "failed", reason: failureText(state.reason) };
  }
  // An answer that does not come to an end is that of a parent which cannot say so.
  const patienceMs = isAnswered ? FETCH_MS_MAX + UNANSWERED_MS : UNANSWERED_MS;
  if (waitedMs >= patienceMs) {
    return { kind: "failed", reason: NOBODY };
  }
  return {
    kind: "waits",
    text: `fetches the ONNX runtime, ${RUNTIME_MB} MB, once: ${
      Math.floor(waitedMs / 1_000)
    } s so far`,
  };
}
