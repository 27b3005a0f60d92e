import assert from "node:assert/strict";
import { CSP_REPORT_BURST } from "../../../lib/api/limits.ts";
import type { CspReport } from "../../../lib/api/routes/csp_report.ts";
import { assertProblem } from "./assertions.ts";
import { createWorld } from "./world.ts";

const OLD = {
  "csp-report": {
    "document-uri": "http://localhost:3001/setup?token=canary-token",
    "violated-directive": "script-src",
    "effective-directive": "script-src-elem",
    "blocked-uri": "https://evil.example/x.js?session=canary",
    "original-policy": "default-src 'none'",
  },
};

function open() {
  const world = createWorld();
  const reports: CspReport[] = [];
  world.options.onCspReport = (report) => void reports.push(report);
  const send = (body: unknown, type = "application/csp-report") =>
    world.call("POST", "/api/csp-report", {
      as: null,
      body,
      headers: { "content-type": type },
    });
  return { world, reports, send };
}

Deno.test("POST /api/csp-report counts what browsers report in either form, without queries", async () => {
  const { reports, send } = open();
  assert.equal((await send(OLD)).status, 204);
  const body = {
    documentURL: "https://fleet.example/logs#x",
    effectiveDirective: "style-src-attr",
    blockedURL: "inline",
  };
  const sent = [{ type: "csp-violation", age: 1, url: "x", body }];
  assert.equal((await send(sent, "application/reports+json")).status, 204);
  assert.deepEqual(reports, [
    {
      directive: "script-src-elem",
      blocked: "https://evil.example/x.js",
      page: "http://localhost:3001/setup",
      count: 1,
    },
    {
      directive: "style-src-attr",
      blocked: "inline",
      page: "https://fleet.example/logs",
      count: 2,
    },
  ]);
});

Deno.test("POST /api/csp-report writes one short line, whatever it is sent", async () => {
  const { reports, send } = open();
  const blocked = `a\r\nerror: forged ${"x".repeat(1_000)}`;
  await send({ "csp-report": { "blocked-uri": blocked, "document-uri": 7 } });
  assert.match(reports[0]!.blocked, /^a\?\?error: forged x+$/);
  assert.equal(reports[0]!.blocked.length, 200);
  assert.equal(reports[0]!.page, "");
});

Deno.test("POST /api/csp-report refuses what is no report, too large or too much", async () => {
  const { reports, send } = open();
  await assertProblem(await send({ hello: 1 }), "REQUEST_MALFORMED");
  await assertProblem(await send("no JSON"), "REQUEST_MALFORMED");
  await assertProblem(
    await send({ "csp-report": { fill: "x".repeat(9_000) } }),
    "BODY_TOO_LARGE",
  );
  for (let n = 3; n < CSP_REPORT_BURST; n++) {
    // deno-lint-ignore no-await-in-loop -- each takes a place
    assert.equal((await send(OLD)).status, 204);
  }
  await assertProblem(await send(OLD), "RATE_LIMITED");
  assert.equal(reports.length, CSP_REPORT_BURST - 3);
});
