import type { ApiLimits } from "../api/context.ts";
import { HANDLER_DEADLINE_MS } from "../api/limits.ts";
import type { Env } from "../core/env.ts";

/** Limits of the API as the environment sets them. */
export function apiLimits(env: Env): ApiLimits {
  return {
    userPerSecond: env.API_USER_RATE,
    userBurst: env.API_USER_BURST,
    addressPerSecond: env.API_ADDRESS_RATE,
    addressBurst: env.API_ADDRESS_BURST,
    handlerDeadlineMs: HANDLER_DEADLINE_MS,
  };
}
