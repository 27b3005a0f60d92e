import assert from "node:assert/strict";
import * as fc from "fast-check";
import { SHARED_VARIABLES } from "../../../lib/core/env_client.ts";
import { EnvError, parseEnv } from "../../../lib/core/env.ts";
import { telemetryOf } from "../../../lib/core/env_telemetry.ts";

function read<Name extends "API_TIMEOUT" | "LOG_FORMAT" | "WEBSOCKET_URL">(
  name: Name,
  text: string,
) {
  return parseEnv((asked) => asked === name ? text : undefined)[name];
}

Deno.test("WEBSOCKET_URL takes one address of sockets, with the ticket's path where it has none", () => {
  assert.equal(read("WEBSOCKET_URL", ""), "");
  for (
    const [text, expected] of [
      ["wss://live.example", "wss://live.example/api/socket/with-ticket"],
      ["ws://127.0.0.1:3001/", "ws://127.0.0.1:3001/api/socket/with-ticket"],
      [
        "wss://live.example:8443/fleet/live",
        "wss://live.example:8443/fleet/live",
      ],
    ] as const
  ) assert.equal(read("WEBSOCKET_URL", text), expected);
  const wrong = [
    "live.example",
    "https://live.example",
    "wss://me:secret@live.example",
    "wss://live.example/?token=1",
    "wss://live.example/#here",
    "wss://live.example/a;script-src",
    "wss://live.example/a, wss://other.example",
    "wss://live.example/a b",
    "wss://*.example",
    "*",
  ];
  for (const text of wrong) {
    assert.throws(() => read("WEBSOCKET_URL", text), EnvError, text);
  }
});

Deno.test("WEBSOCKET_URL never holds what ends a source or a directive of a policy", () => {
  fc.assert(fc.property(
    fc.tuple(fc.webUrl(), fc.string()).map(([url, end]) =>
      url.replace(/^http/, "ws") + end
    ),
    (text) => {
      let value;
      try {
        value = read("WEBSOCKET_URL", text);
      } catch (error) {
        assert.ok(error instanceof EnvError);
        return;
      }
      assert.match(value, /^wss?:\/\/[a-z0-9.:[\]-]+\/[\w.~/-]*$/);
    },
  ));
});

Deno.test("API_TIMEOUT is one number for pages and the command line, from 1 s to 5 min", () => {
  assert.equal(read("API_TIMEOUT", ""), 30_000);
  assert.equal(SHARED_VARIABLES.API_TIMEOUT.preset, "30000");
  assert.equal(read("API_TIMEOUT", "1000"), 1_000);
  assert.equal(read("API_TIMEOUT", "300000"), 300_000);
  for (const text of ["999", "300001", "15s", "-1", "1e4"]) {
    assert.throws(() => read("API_TIMEOUT", text), EnvError, text);
  }
});

Deno.test("LOG_FORMAT is text or json", () => {
  assert.equal(read("LOG_FORMAT", ""), "text");
  assert.equal(read("LOG_FORMAT", "json"), "json");
  assert.throws(() => read("LOG_FORMAT", "xml"), EnvError);
});

Deno.test("telemetryOf() passes nothing on unless OTEL_DENO is true, then what is set and a name", () => {
  const endpoint = "http://127.0.0.1:4318";
  const of = (variables: Record<string, string>) =>
    telemetryOf((name) => variables[name]);
  assert.deepEqual(of({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }), {});
  assert.deepEqual(of({ OTEL_DENO: "false" }), {});
  assert.deepEqual(
    of({
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_TRACES_SAMPLER: " ",
      OTHER: "1",
    }),
    {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_SERVICE_NAME: "smc-fleet",
    },
  );
  assert.equal(
    of({ OTEL_DENO: "true", OTEL_SERVICE_NAME: "own" })["OTEL_SERVICE_NAME"],
    "own",
  );
});
