import type { AuditTrail } from "../../../lib/api/context.ts";
import type { AuditRecord } from "../../../lib/contracts/audit_trail.ts";
import { recordLine } from "../../../lib/store/audit/lines.ts";
import { matches } from "../../../lib/store/audit/query.ts";
import { recordsOf } from "../store/audit/trail.ts";

/** A trail of a few made-up entries. */
export function createAuditWorld(
  records: readonly AuditRecord[] = recordsOf("commands", 5),
): AuditTrail {
  return {
    query: (filter, { limit }) =>
      Promise.resolve({
        items: records.filter((record) => matches(record, filter))
          .toReversed().slice(0, limit),
        nextCursor: null,
      }),
    export: async function* (filter) {
      for (const record of records) {
        if (matches(record, filter)) yield `${recordLine(record)}\n`;
      }
    },
    check: () => ({
      ok: true,
      detail: "The chain is whole",
      streams: [],
      key: null,
      checkpointTrouble: null,
    }),
  };
}
