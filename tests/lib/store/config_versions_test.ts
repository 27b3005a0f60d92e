import assert from "node:assert/strict";
import type { AgentRecord } from "../../../lib/contracts/agent.ts";
import { RETAINED_CONFIG_VERSIONS } from "../../../lib/store/limits.ts";
import { openStore } from "../../../lib/store/open_store.ts";
import type { OpenedStore } from "../../../lib/store/open_store.ts";
import { agentIdOf, auditOf, ManualTime, recordOf } from "./support.ts";

const id = agentIdOf(1);

async function withStore(
  test: (store: OpenedStore) => Promise<void>,
): Promise<void> {
  const store = await openStore({ path: ":memory:", time: new ManualTime() });
  try {
    await test(store);
  } finally {
    await store.close();
  }
}

function version(configVersion: number): AgentRecord {
  const record = recordOf(id, { configVersion, updatedAt: configVersion });
  return {
    ...record,
    config: { ...record.config, seed: configVersion },
  };
}

Deno.test("save() keeps each version of a configuration with who wrote it, in its own commit", () =>
  withStore(async ({ agents }) => {
    const audit = auditOf("agent.config");
    await agents.save(version(1), { expected: null, audit });
    await agents.save(version(2), { expected: version(1), audit });
    const paused = { ...version(2), desired: "paused" as const };
    await agents.save(paused, { expected: version(2), audit });
    const { items } = await agents.configVersions(id, {
      limit: 10,
      cursor: null,
    });
    assert.deepEqual(items.map((kept) => kept.configVersion), [2, 1]);
    assert.deepEqual(items.map((kept) => kept.config.seed), [2, 1]);
    assert.deepEqual(items[0]!.by, audit.actor);
    // A refused change leaves none.
    await agents.save(version(3), { expected: version(1), audit });
    const after = await agents.configVersions(id, { limit: 10, cursor: null });
    assert.deepEqual(after.items, items);
  }));

Deno.test("configVersions() pages newest first, with one more to compare with", () =>
  withStore(async ({ agents }) => {
    const audit = auditOf("agent.config");
    const last = RETAINED_CONFIG_VERSIONS + 5;
    for (let n = 1; n <= last; n++) {
      const expected = n === 1 ? null : version(n - 1);
      // deno-lint-ignore no-await-in-loop -- each version follows the one before
      assert.ok(await agents.save(version(n), { expected, audit }));
    }
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof agents.configVersions>> =
        // deno-lint-ignore no-await-in-loop -- a page says where the next begins
        await agents.configVersions(id, { limit: 7, cursor });
      seen.push(...page.items.slice(0, 7).map((kept) => kept.configVersion));
      if (page.nextCursor !== null) assert.equal(page.items.length, 8);
      cursor = page.nextCursor;
    } while (cursor !== null);
    assert.deepEqual(
      seen,
      Array.from({ length: RETAINED_CONFIG_VERSIONS }, (_, n) => last - n),
    );
  }));
