import type { Clock } from "../../actors/mod.ts";
import type { RuntimePlace } from "../contracts/inference.ts";
import { AppError } from "../core/errors.ts";
import type { ModelRuntime } from "../fleet/inference.ts";
import { LOOK_EVERY_MS } from "../inference/install/limits.ts";
import {
  readRequest,
  requestRuntime,
} from "../inference/install/runtime_request.ts";
import { readStatus } from "../inference/install/runtime_state.ts";
import { lookForRuntime } from "../inference/install/runtime_wait.ts";

/** The ONNX runtime for a server that fetches nothing itself: its parent process does. */
export interface ServerRuntime extends ModelRuntime {
  /**
   * Waits until it is there.
   *
   * @throws {AppError} RUNTIME_MISSING if it will not be.
   * @throws The reason of the signal.
   */
  ready(signal: AbortSignal): Promise<void>;
}

/** Watches the runtime of a place for this process. */
export function createModelRuntime(
  place: RuntimePlace,
  clock: Clock,
): ServerRuntime {
  const request = () =>
    requestRuntime(place, { hostPid: Deno.pid, nowMs: clock.nowMs() });
  return {
    request,
    async status() {
      const { folder, requestPath } = place;
      const last = requestPath === null ? null : await readRequest(requestPath);
      const isOwn = last?.hostPid === Deno.pid;
      return await readStatus(folder, isOwn ? last.id : null);
    },
    async ready(signal) {
      await request();
      const startMs = clock.monotonicMs();
      while (true) {
        const waitedMs = clock.monotonicMs() - startMs;
        // deno-lint-ignore no-await-in-loop -- one look after the other
        const outlook = await lookForRuntime(place, waitedMs);
        signal.throwIfAborted();
        if (outlook.kind === "installed") return;
        if (outlook.kind === "failed") {
          throw new AppError("RUNTIME_MISSING", outlook.reason);
        }
        // deno-lint-ignore no-await-in-loop -- the pause before the next look
        await new Promise<void>((resolve) =>
          clock.after(LOOK_EVERY_MS, resolve)
        );
      }
    },
  };
}
