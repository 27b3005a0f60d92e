import { ok } from "node:assert/strict";
import { render } from "preact-render-to-string";
import type { AuditRecord } from "../../../lib/contracts/audit_trail.ts";
import { AuditTable } from "../../../lib/ui/audit/AuditTable.tsx";

const RECORD: AuditRecord = {
  stream: "commands",
  n: 1,
  at: 0,
  actor: { kind: "user", id: "usr_1", name: "ada@example.com" },
  via: "panel",
  action: "agent.stop",
  target: "agt_1",
  outcome: "ok",
  reason: "",
  detail: {},
  prev: null,
  hash: null,
};

const table = (change: Partial<AuditRecord>) =>
  render(<AuditTable records={[{ ...RECORD, ...change }]} />);

Deno.test("AuditTable leads from an entry to everything that the same request caused, and says nothing where there was none", () => {
  const named = table({ requestId: "req_12345678" });
  ok(named.includes('href="/audit?requestId=req_12345678"'));
  ok(named.includes("<summary>Details</summary>"));
  for (const html of [table({ requestId: null }), table({})]) {
    ok(!html.includes("audit-request") && !html.includes("<details"));
  }
});
