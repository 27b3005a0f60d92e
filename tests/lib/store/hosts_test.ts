import assert from "node:assert/strict";
import { wrapDenoKv } from "../../../lib/store/kv/deno_kv.ts";
import {
  createStore,
  type OpenedStore,
} from "../../../lib/store/open_store.ts";
import { withTempDir } from "../../support/temp.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { MAX_RECORDS_PER_SAVE } from "../../../lib/store/limits.ts";
import { hostOf, ownerOf } from "./host_support.ts";
import { agentIdOf, auditOf, recordOf, systemTime } from "./support.ts";

/** Two processes over one database, each with its own idea of its session. */
async function withTwo(
  run: (first: OpenedStore, second: OpenedStore) => Promise<void>,
): Promise<void> {
  await withTempDir(async (folder) => {
    const kv = await Deno.openKv(`${folder}/shared.sqlite`);
    const connection = { ...wrapDenoKv(kv), close: () => {} };
    const stores = await Promise.all(
      [1, 2].map(() => createStore(connection, { time: systemTime })),
    );
    try {
      await run(stores[0]!, stores[1]!);
    } finally {
      for (const store of stores) {
        // deno-lint-ignore no-await-in-loop -- one connection for both
        await store.close();
      }
      kv.close();
    }
  });
}

Deno.test("claim() takes nothing from a session that is in force, whatever the claimant has read", async () => {
  await withTwo(async (first, second) => {
    const onLost = () => {};
    await first.hosts.enter(hostOf("a", "boot_a"), { onLost });
    await second.hosts.enter(hostOf("b", "boot_b"), { onLost });
    const owned = await first.hosts.claim({
      owner: ownerOf("a", "boot_a"),
      before: null,
      leader: null,
      isNew: true,
    });
    assert.ok(owned !== null);
    const audit = auditOf("agent.spawn");
    await first.agents.save(recordOf("agt_1"), { expected: null, audit });
    const wanted = {
      owner: ownerOf("b", "boot_b", { epoch: 2 }),
      before: owned,
      leader: null,
      isNew: false,
    };
    assert.equal(await second.hosts.claim(wanted), null);
    const [a] = (await second.hosts.list()).filter(({ record }) =>
      record.id === "a"
    );
    assert.equal(await second.hosts.end(a!), true);
    assert.ok(await second.hosts.claim(wanted) !== null);
  });
});

Deno.test("a fenced host leaves no piece of a snapshot where the next owner's is", async () => {
  await withTwo(async (first, second) => {
    await first.hosts.enter(hostOf("a", "boot_a"), { onLost: () => {} });
    await first.agents.saveSnapshot("agt_1", { by: "a" });
    const [a] = await second.hosts.list();
    await second.hosts.enter(hostOf("b", "boot_b"), { onLost: () => {} });
    await second.hosts.end(a!);
    const wide = (by: string) => ({ by, filling: by.repeat(900_000) });
    await second.agents.saveSnapshot("agt_1", wide("b"));
    await assert.rejects(first.agents.saveSnapshot("agt_1", wide("a")));
    assert.deepEqual(await second.agents.loadSnapshot("agt_1"), wide("b"));
  });
});

Deno.test("saveAll() of a host whose session has ended stores nothing, of one agent as of a whole team, whose commit has as many checks as there may be", async () => {
  for (const size of [1, MAX_RECORDS_PER_SAVE]) {
    // deno-lint-ignore no-await-in-loop -- one store after the other
    await withTwo(async (host, other) => {
      await host.hosts.enter(hostOf("a", "boot_a"), { onLost: () => {} });
      const spawned = Array.from({ length: size }, (_, n) => ({
        expected: null,
        record: recordOf(agentIdOf(n)),
      }));
      const audit = auditOf("agent.spawn");
      assert.equal(await host.agents.saveAll(spawned, { audit }), true);
      const [seen] = await other.hosts.list();
      assert.equal(await other.hosts.end(seen!), true);
      const late = spawned.map(({ record }) => ({
        expected: record,
        record: { ...record, commandId: "cmd_late" },
      }));
      await assert.rejects(host.agents.saveAll(late, { audit }), AppError);
      const stored = await other.agents.list();
      assert.deepEqual(stored, spawned.map(({ record }) => record));
    });
  }
});
