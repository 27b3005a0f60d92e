import type { LiveSettings } from "../contracts/live_settings.ts";
import type { Env } from "../core/env.ts";

/** How pages keep their live connection, as the environment sets it. */
export function liveSettings(env: Env): LiveSettings {
  return {
    transport: env.LIVE_TRANSPORT,
    reconnectAttempts: env.WEBSOCKET_RECONNECT_ATTEMPTS,
    reconnectDelayMs: env.WEBSOCKET_RECONNECT_DELAY,
  };
}
