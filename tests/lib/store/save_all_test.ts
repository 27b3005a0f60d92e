import assert from "node:assert/strict";
import fc from "fast-check";
import { TEAM_MEMBERS_MAX } from "../../../lib/contracts/team.ts";
import type { AgentRecord } from "../../../lib/contracts/agent.ts";
import { MAX_RECORDS_PER_SAVE } from "../../../lib/store/limits.ts";
import { createStore, openStore } from "../../../lib/store/open_store.ts";
import { type CommitFault, openFaultKv } from "./fault_kv.ts";
import { agentIdOf, auditOf, recordOf, systemTime } from "./support.ts";

/** What happens to one attempt to commit. */
const FATES: Readonly<Record<string, CommitFault>> = {
  done: (_write, send) => send(),
  lost: () => Promise.reject(new Error("connection reset")),
  "done, answer lost": async (_write, send) => {
    await send();
    throw new Error("connection reset");
  },
  "refused without a reason": () => Promise.resolve({ ok: false }),
};

Deno.test("a team fits into one commit of the store", () => {
  assert.equal(TEAM_MEMBERS_MAX, MAX_RECORDS_PER_SAVE);
});

Deno.test("saveAll() stores all records and one audit entry, or nothing, whatever fails and whoever else writes", async () => {
  const ids = Array.from(
    { length: MAX_RECORDS_PER_SAVE },
    (_, n) => agentIdOf(n),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: ids.length }),
      fc.array(fc.constantFrom(...Object.keys(FATES)), { maxLength: 4 }),
      fc.option(fc.nat(ids.length - 1)),
      async (size, fates, rival) => {
        const fault = await openFaultKv();
        const store = await createStore(fault.kv, { time: systemTime });
        const known = ids.map((id) => recordOf(id));
        for (const record of known) {
          await store.agents.save(record, {
            expected: null,
            audit: auditOf("spawn"),
          });
        }
        if (rival !== null) {
          const record = recordOf(ids[rival]!, { updatedAt: 9 });
          await store.agents.save(record, {
            expected: known[rival]!,
            audit: auditOf("rival"),
          });
        }
        const before = await store.agents.list();
        let attempt = 0;
        fault.fault = (write, send) =>
          FATES[fates[attempt++] ?? "done"]!(write, send);
        const changes = known.slice(0, size).map((expected) => ({
          expected,
          record: { ...expected, updatedAt: 2, commandId: "cmd_team" },
        }));
        const outcome = await store.agents.saveAll(changes, {
          audit: auditOf("team"),
        }).catch(() => "unknown");
        fault.fault = null;
        const after = await store.agents.list();
        const { items } = await store.auditPage({ limit: 1, cursor: null });
        const isStored = items[0]!.action === "team";
        const expected: readonly AgentRecord[] = isStored
          ? [
            ...changes.map(({ record }) => record),
            ...before.slice(size),
          ]
          : before;
        assert.deepEqual(after, expected);
        if (outcome !== "unknown") assert.equal(outcome, isStored);
        const isInTheWay = rival !== null && rival < size;
        if (isInTheWay) assert.equal(isStored, false);
        await store.close();
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("saveAll() lets one of two overlapping groups win", async () => {
  const store = await openStore({ path: ":memory:", time: systemTime });
  const known = [1, 2, 3].map((n) => recordOf(agentIdOf(n)));
  const spawned = known.map((record) => ({ record, expected: null }));
  assert.ok(await store.agents.saveAll(spawned, { audit: auditOf("spawn") }));
  const groupOf = (places: readonly number[], updatedAt: number) =>
    places.map((place) => ({
      expected: known[place]!,
      record: { ...known[place]!, updatedAt },
    }));
  const outcomes = await Promise.all([
    store.agents.saveAll(groupOf([0, 1], 2), { audit: auditOf("a") }),
    store.agents.saveAll(groupOf([1, 2], 3), { audit: auditOf("b") }),
  ]);
  assert.deepEqual(outcomes.toSorted(), [false, true]);
  const stored = await store.agents.getAll(known.map(({ id }) => id));
  const times = stored.map((record) => record?.updatedAt);
  assert.deepEqual(times, outcomes[0] ? [2, 2, 1] : [1, 3, 3]);
  const { items } = await store.auditPage({ limit: 10, cursor: null });
  assert.equal(items.length, 2, "a refused group leaves no entry");
  await store.close();
});
