import assert from "node:assert/strict";
import fc from "fast-check";
import {
  auditFilterSchema,
  type AuditRecord,
} from "../../../../lib/contracts/audit_trail.ts";
import { MAX_AUDIT_SCAN } from "../../../../lib/store/audit/limits.ts";
import { matches } from "../../../../lib/store/audit/query.ts";
import {
  type OpenedStore,
  openStore,
} from "../../../../lib/store/open_store.ts";
import { auditOf, ManualTime } from "../support.ts";

const AT = 1_800_000_000_000;

async function storeOf(count: number): Promise<OpenedStore> {
  const store = await openStore({ path: ":memory:", time: new ManualTime(AT) });
  for (let n = 0; n < count; n++) {
    // deno-lint-ignore no-await-in-loop -- in order
    await store.audit({
      ...auditOf(n % 3 === 0 ? "auth.login" : n % 3 === 1 ? "stop" : "start"),
      // Some entries come late.
      at: AT + 1_000 * n - (n % 10 === 0 ? 30_000 : 0),
      target: `agt_${n % 7}`,
    });
  }
  return store;
}

async function allPages(
  store: OpenedStore,
  filter: object,
  limit: number,
): Promise<AuditRecord[]> {
  const found: AuditRecord[] = [];
  let cursor: string | null = null;
  do {
    // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
    const page: Awaited<ReturnType<OpenedStore["auditQuery"]>> = await store
      .auditQuery(auditFilterSchema.parse(filter), { limit, cursor });
    assert.ok(page.items.length <= limit);
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

Deno.test("auditQuery() gives every entry that matches exactly once, page by page, each stream newest first", async () => {
  const store = await storeOf(90);
  const all = await allPages(store, {}, 500);
  assert.equal(all.length, 90);
  const filters = fc.record({
    stream: fc.constantFrom("commands", "access"),
    action: fc.constantFrom("stop", "auth.", "nothing"),
    target: fc.constantFrom("agt_3", "AGT", "usr"),
    actor: fc.constantFrom("usr_1", "a@ex", "b@"),
    from: fc.nat(90).map((n) => String(AT + 1_000 * n)),
    to: fc.nat(90).map((n) => new Date(AT + 1_000 * n).toISOString()),
  }, { requiredKeys: [] });
  await fc.assert(
    fc.asyncProperty(filters, fc.integer({ min: 1, max: 40 }), async (
      filter,
      limit,
    ) => {
      const found = await allPages(store, filter, limit);
      const parsed = auditFilterSchema.parse(filter);
      assert.deepEqual(found, all.filter((record) => matches(record, parsed)));
    }),
    { numRuns: 60 },
  );
  await store.close();
});

Deno.test("auditQuery() looks at a bounded number of entries and goes on from there", async () => {
  const store = await storeOf(MAX_AUDIT_SCAN + 300);
  const page = await store.auditQuery({ target: "agt_none" }, {
    limit: 10,
    cursor: null,
  });
  assert.deepEqual(page.items, []);
  const rest = await store.auditQuery({ target: "agt_none" }, {
    limit: 10,
    cursor: page.nextCursor,
  });
  assert.equal(rest.nextCursor, null);
  await store.close();
});
