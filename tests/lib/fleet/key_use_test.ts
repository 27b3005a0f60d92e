import assert from "node:assert/strict";
import { recordKeyUse } from "../../../lib/fleet/key_use.ts";
import { streamOf } from "../../../lib/store/audit/chain.ts";
import type { AuditEntry } from "../../../lib/store/port.ts";
import { agentConfig } from "../../support/config.ts";

function entriesOf(exchangeKeyId: string | undefined): AuditEntry[] {
  const entries: AuditEntry[] = [];
  const tracked: string[] = [];
  const config = {
    ...agentConfig({ name: "alpha" }, "structure-combined"),
    ...(exchangeKeyId === undefined ? {} : { exchangeKeyId }),
  };
  recordKeyUse(
    {
      clock: { nowMs: () => 7 },
      store: {
        audit: (entry: AuditEntry) => {
          entries.push(entry);
          return Promise.resolve();
        },
      },
      track: (_work: Promise<unknown>, what: string) => void tracked.push(what),
    } as never,
    { record: { id: "agt_1", config } } as never,
  );
  assert.equal(tracked.length, entries.length);
  return entries;
}

Deno.test("recordKeyUse() puts the key that a desk opens for an agent on record, among the accesses", () => {
  const [entry] = entriesOf("key_1");
  assert.deepEqual(
    [entry!.action, entry!.target, entry!.detail["agentId"]],
    ["key.use", "key_1", "agt_1"],
  );
  assert.equal(streamOf(entry!), "access");
  assert.deepEqual(entriesOf(undefined), []);
});
