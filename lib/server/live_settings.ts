import type { LiveSettings } from "../contracts/live_settings.ts";
import type { Env } from "../core/env.ts";

/** How pages talk to the server, as the environment sets it. */
export function liveSettings(
  env: Pick<
    Env,
    | "API_TIMEOUT"
    | "LIVE_TRANSPORT"
    | "WEBSOCKET_URL"
    | "WEBSOCKET_RECONNECT_ATTEMPTS"
    | "WEBSOCKET_RECONNECT_DELAY"
  >,
): LiveSettings {
  const socketUrl = env.WEBSOCKET_URL === "" ? null : env.WEBSOCKET_URL;
  return {
    transport: socketUrl === null ? env.LIVE_TRANSPORT : "websocket",
    socketUrl,
    reconnectAttempts: env.WEBSOCKET_RECONNECT_ATTEMPTS,
    reconnectDelayMs: env.WEBSOCKET_RECONNECT_DELAY,
    requestTimeoutMs: env.API_TIMEOUT,
  };
}
