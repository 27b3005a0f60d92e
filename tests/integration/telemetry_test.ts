import assert from "node:assert/strict";
import { startSupervised } from "../chaos/supervised_server.ts";
import { freePort } from "../support/free_port.ts";
import { startOtlpReceiver } from "../support/otlp_receiver.ts";
import { readSetupToken } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

const isListening = (output: string) => output.includes("Listening on http");

Deno.test("a collector that OTEL_DENO names gets traces and log lines of the server, and no query of any address", async () => {
  await using collector = startOtlpReceiver();
  await withTempDir(async (dataDir) => {
    const server = await startSupervised({
      dataDir,
      port: freePort(),
      env: {
        OTEL_DENO: "true",
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        // Sent soon, so that the test need not wait for the usual five seconds.
        OTEL_BSP_SCHEDULE_DELAY: "200",
        OTEL_BLRP_SCHEDULE_DELAY: "200",
        LOG_FORMAT: "json",
      },
    });
    try {
      await server.printed(isListening);
      const setupToken = await readSetupToken(dataDir);
      const secret = "kept-to-myself-0123456789";
      for (
        const path of [
          `/setup?token=${setupToken}`,
          `/api/stream?ticket=${secret}`,
          "/api/health",
        ]
      ) {
        // deno-lint-ignore no-await-in-loop -- one trace after the other
        const response = await fetch(`${server.url}${path}`);
        // deno-lint-ignore no-await-in-loop -- its span ends with its body
        await response.text();
      }
      const paths = ["/setup", "/api/stream", "/api/health"];
      const isTold = (path: string) =>
        collector.text("traces").includes(`${server.url}${path}"`);
      await collector.until(() =>
        paths.every(isTold) &&
        collector.text("logs").includes("Listening on http")
      );
      const all = collector.text("traces") + collector.text("logs") +
        collector.text("metrics");
      assert.equal(all.includes(setupToken), false, "the setup token");
      assert.equal(all.includes(secret), false, "a ticket");
      assert.ok(all.includes('"stringValue": "smc-fleet"'));
      // The link itself is shown to who started the server.
      assert.ok(server.output().includes(setupToken));
      const lines = server.output().trimEnd().split("\n");
      for (const line of lines.filter((text) => text.startsWith("{"))) {
        assert.equal(typeof JSON.parse(line).message, "string");
      }
      assert.ok(lines.some((line) => line.startsWith("{")));
    } finally {
      server.signalParent("SIGTERM");
      await server.ended;
    }
  });
});
