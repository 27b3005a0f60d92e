import { deepEqual } from "node:assert/strict";
import { auditFilterSchema } from "../../../lib/contracts/audit_trail.ts";
import {
  NO_FIELDS,
  readFields,
  toAuditFilter,
  toFieldQuery,
} from "../../../lib/ui/audit/audit_filter.ts";

Deno.test("toAuditFilter() means the same entries as the address does for the API", () => {
  const fields = readFields(
    new URLSearchParams({
      stream: "access",
      outcome: "refused",
      actor: "ada",
      action: "agent.",
      target: " agt_1 ",
      requestId: "req_1",
      from: "2026-09-01",
      to: "2026-09-02",
    }),
  );
  const filter = toAuditFilter(fields);
  deepEqual(
    filter,
    auditFilterSchema.parse(Object.fromEntries(toFieldQuery(fields))),
  );
  deepEqual(filter.requestId, "req_1");
  deepEqual(toAuditFilter(NO_FIELDS), {});
});
