import assert from "node:assert/strict";
import {
  DEFAULT_LIVE_SETTINGS,
  readLiveSettings,
} from "../../../lib/contracts/live_settings.ts";
import { parseEnv } from "../../../lib/core/env.ts";
import { liveSettings } from "../../../lib/server/live_settings.ts";

const of = (variables: Record<string, string>) =>
  liveSettings(parseEnv((name) => variables[name]));

Deno.test("liveSettings() are those of a page without any where the environment says nothing", () => {
  assert.deepEqual(of({}), DEFAULT_LIVE_SETTINGS);
});

Deno.test("liveSettings() take a socket at another address, and the time that requests have", () => {
  const settings = of({
    WEBSOCKET_URL: "wss://live.example",
    LIVE_TRANSPORT: "sse",
    API_TIMEOUT: "5000",
  });
  assert.equal(settings.transport, "websocket");
  assert.equal(settings.socketUrl, "wss://live.example/api/socket/with-ticket");
  assert.equal(settings.requestTimeoutMs, 5_000);
  assert.deepEqual(readLiveSettings(JSON.stringify(settings)), settings);
});
