import assert from "node:assert/strict";
import fc from "fast-check";
import {
  createStore,
  type OpenedStore,
} from "../../../../lib/store/open_store.ts";
import { type FaultKv, openFaultKv } from "../fault_kv.ts";
import { agentIdOf, auditOf, recordOf, systemTime } from "../support.ts";

const AGENTS = 6;

async function withAgents(
  test: (store: OpenedStore, fault: FaultKv) => Promise<void>,
): Promise<void> {
  const fault = await openFaultKv();
  const store = await createStore(fault.kv, { time: systemTime });
  try {
    for (let n = 0; n < AGENTS; n++) {
      await store.agents.save(recordOf(agentIdOf(n)), {
        expected: null,
        audit: auditOf("spawn"),
      });
    }
    fault.commits.length = 0;
    await test(store, fault);
  } finally {
    await store.close();
  }
}

/** Actions of the trail, oldest first, after the spawns; fails where a number is missing. */
async function actionsOf(store: OpenedStore): Promise<readonly string[]> {
  const { items } = await store.auditPage({ limit: 200, cursor: null });
  const entries = items.toReversed();
  assert.deepEqual(
    entries.map(({ n }) => n),
    entries.map((_, place) => place + 1),
  );
  return entries.slice(AGENTS).map(({ action }) => action);
}

Deno.test("changes of different agents that wait together are stored by few commits, in their order", () =>
  withAgents(async (store, fault) => {
    const outcomes = await Promise.all(
      Array.from({ length: AGENTS }, async (_, n) => {
        const expected = recordOf(agentIdOf(n));
        return await store.agents.save({ ...expected, updatedAt: 2 }, {
          expected,
          audit: auditOf(`a${n}`),
        });
      }),
    );
    assert.deepEqual(outcomes, Array(AGENTS).fill(true));
    // The first goes alone, for nobody waits with it.
    assert.equal(fault.commits.length, 2);
    assert.deepEqual(
      await actionsOf(store),
      Array.from({ length: AGENTS }, (_, n) => `a${n}`),
    );
  }));

Deno.test("a change that is refused takes none with it of those that were to share its commit", () =>
  withAgents(async (store) => {
    const outcomes = await Promise.all([0, 1, 2, 3].map(async (n) => {
      const stored = recordOf(agentIdOf(n));
      const expected = n === 2 ? { ...stored, updatedAt: 77 } : stored;
      return await store.agents.save({ ...stored, updatedAt: 2 }, {
        expected,
        audit: auditOf(`a${n}`),
      });
    }));
    assert.deepEqual(outcomes, [true, true, false, true]);
    assert.deepEqual(await actionsOf(store), ["a0", "a1", "a3"]);
  }));

Deno.test("where another process changed one of several agents, the others' changes are stored all the same", () =>
  withAgents(async (store, fault) => {
    const send = (n: number) => {
      const expected = recordOf(agentIdOf(n));
      return store.agents.save({ ...expected, updatedAt: 2 }, {
        expected,
        audit: auditOf(`a${n}`),
      });
    };
    const rival = ["agents", agentIdOf(3)];
    let isDone = false;
    fault.fault = async (write, commit) => {
      const isTogether = write.checks.length > 3;
      if (isTogether && !isDone) {
        isDone = true;
        const key = write.checks.find(({ key }) => key.at(-1) === rival[1])!
          .key;
        const value = { v: 4, record: recordOf(rival[1]!, { updatedAt: 9 }) };
        await fault.raw.write({
          checks: [],
          sets: [{ key, value }],
          deletes: [],
        });
      }
      return await commit();
    };
    const outcomes = await Promise.all([0, 1, 2, 3, 4].map(send));
    assert.ok(isDone, "no commit was shared");
    assert.deepEqual(outcomes, [true, true, true, false, true]);
    assert.deepEqual(await actionsOf(store), ["a0", "a1", "a2", "a4"]);
  }));

Deno.test("whatever comes at the same moment, each change is stored with its entry or neither", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ agent: fc.nat(AGENTS - 1), isApart: fc.boolean() }),
        { minLength: 1, maxLength: 20 },
      ),
      (wishes) =>
        withAgents(async (store) => {
          const outcomes = await Promise.all(wishes.map(async (wish, n) => {
            if (wish.isApart) {
              await store.audit(auditOf(`note${n}`));
              return true;
            }
            // Each is made on the first version: only the first of an agent can be stored.
            const expected = recordOf(agentIdOf(wish.agent));
            return await store.agents.save(
              { ...expected, updatedAt: n + 2 },
              { expected, audit: auditOf(`change${n}`) },
            );
          }));
          const taken = new Set<number>();
          const told: string[] = [];
          for (const [n, { agent, isApart }] of wishes.entries()) {
            const isFirst = !taken.has(agent);
            assert.equal(outcomes[n], isApart || isFirst);
            if (isApart) told.push(`note${n}`);
            else if (isFirst) told.push(`change${n}`);
            if (isApart || !isFirst) continue;
            taken.add(agent);
            const stored = await store.agents.get(agentIdOf(agent));
            assert.equal(stored?.updatedAt, n + 2);
          }
          assert.deepEqual(await actionsOf(store), told);
        }),
    ),
    { numRuns: 60 },
  );
});
