import assert from "node:assert/strict";
import type { AgentRecord } from "../../../lib/contracts/agent.ts";
import type { KnownOwner } from "../../../lib/contracts/host.ts";
import type { Claim } from "../../../lib/store/host_port.ts";
import type { KvCall, KvFault } from "../../../lib/store/kv/faults.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import { LIST_BATCH, RETAINED_HOSTS_MS } from "../../../lib/store/limits.ts";
import {
  createStore,
  type OpenedStore,
} from "../../../lib/store/open_store.ts";
import { hostOf, ownerOf } from "./host_support.ts";
import { agentIdOf, auditOf, recordOf, systemTime } from "./support.ts";

/** Opens another process over the same database; what becomes of its calls is said by `onCall`. */
type Open = (onCall?: (call: KvCall) => KvFault) => Promise<OpenedStore>;

/** Processes over one database in memory, of which the first is the host "a". */
async function withHost(
  run: (host: OpenedStore, open: Open) => Promise<void>,
): Promise<void> {
  const database = createMemoryDatabase();
  const stores: OpenedStore[] = [];
  const open: Open = async (onCall) => {
    const faults = onCall === undefined ? {} : { faults: { onCall } };
    const connection = database.connect(faults);
    const store = await createStore(connection, { time: systemTime });
    stores.push(store);
    return store;
  };
  const host = await open();
  await host.hosts.enter(hostOf("a", "boot_a"), { onLost: () => {} });
  try {
    await run(host, open);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

function own({ hosts }: OpenedStore, agentId: string) {
  const owner = ownerOf("a", "boot_a", { agentId });
  return hosts.claim({ owner, before: null, leader: null, isNew: true });
}

/** A claim of the host "a" to an agent that is stored and that nobody owns. */
function claimOf(agentId: string): Claim {
  const owner = ownerOf("a", "boot_a", { agentId });
  return { owner, before: null, leader: null, isNew: false };
}

function save({ agents }: OpenedStore, record: AgentRecord) {
  const audit = auditOf("agent.spawn");
  return agents.save(record, { expected: null, audit });
}

async function known({ hosts }: OpenedStore, id: string) {
  return (await hosts.list()).find(({ record }) => record.id === id)!;
}

Deno.test("owners() tells all owners, and forget() frees all of its host, where they are more than one read takes", () =>
  withHost(async (host, open) => {
    const other = await open();
    const ids = Array.from({ length: LIST_BATCH + 1 }, (_, n) => agentIdOf(n));
    await Promise.all(ids.map((id) => own(host, id)));
    const owners = await other.hosts.owners();
    assert.deepEqual(owners.map(({ owner }) => owner.agentId), ids);
    assert.equal(await other.hosts.end(await known(other, "a")), true);
    const ended = await known(other, "a");
    await other.hosts.forget(ended, auditOf("host.forget"));
    assert.deepEqual(await other.hosts.owners(), []);
    assert.deepEqual(await other.hosts.list(), []);
  }));

Deno.test("list() tells all hosts, where they are more than one read takes", () =>
  withHost(async (host, open) => {
    const other = await open();
    const ids = Array.from({ length: LIST_BATCH }, (_, n) => `b${n}`);
    for (const id of ids) {
      // deno-lint-ignore no-await-in-loop -- each start replaces the one before in this process
      await host.hosts.enter(hostOf(id, `boot_${id}`), { onLost: () => {} });
    }
    const hosts = await other.hosts.list();
    assert.deepEqual(
      hosts.map(({ record }) => record.id).toSorted(),
      ["a", ...ids].toSorted(),
    );
    assert.ok(hosts.every(({ sessionStamp }) => sessionStamp !== null));
  }));

Deno.test("forget() leaves what another host takes between its look and its commit", () =>
  withHost(async (host, open) => {
    const ids = Array.from({ length: 20 }, (_, n) => agentIdOf(n));
    await Promise.all(ids.map((id) => own(host, id)));
    await save(host, recordOf(ids[0]!));
    const other = await open();
    await other.hosts.end(await known(other, "a"));
    await other.hosts.enter(hostOf("b", "boot_b"), { onLost: () => {} });
    const [before] = await other.hosts.owners();
    const owner = ownerOf("b", "boot_b", { agentId: ids[0]!, epoch: 2 });
    const race = { taking: null as Promise<KnownOwner | null> | null };
    const control = await open(({ kind, keys }) => {
      const isFreeing = kind === "write" &&
        keys.some(([family, id]) => family === "owner" && id === ids[0]);
      if (!isFreeing || race.taking !== null) return { outcome: "ok" };
      const claim = { owner, before: before!, leader: null, isNew: false };
      race.taking = other.hosts.claim(claim);
      return { outcome: "ok", delay: race.taking.then(() => {}) };
    });
    const ended = await known(control, "a");
    await control.hosts.forget(ended, auditOf("host.forget"));
    const taken = await race.taking;
    assert.ok(taken !== null);
    assert.deepEqual(await control.hosts.owners(), [taken]);
  }));

Deno.test("forget() refuses a host whose session is in force, and frees nothing of it", () =>
  withHost(async (host, open) => {
    const other = await open();
    await own(host, agentIdOf(1));
    await assert.rejects(
      other.hosts.forget(await known(other, "a"), auditOf("host.forget")),
      { code: "HOST_NOT_GONE" },
    );
    assert.equal((await other.hosts.owners()).length, 1);
  }));

Deno.test("claim() takes no agent that was removed", () =>
  withHost(async (host) => {
    const id = agentIdOf(1);
    await save(host, recordOf(id));
    await host.agents.remove(id, auditOf("agent.remove"));
    assert.equal(await host.hosts.claim(claimOf(id)), null);
    assert.deepEqual(await host.hosts.owners(), []);
  }));

Deno.test("claim() takes an agent whose record is changed between its look and its commit", () =>
  withHost(async (first, open) => {
    const id = agentIdOf(1);
    const record = recordOf(id);
    await save(first, record);
    const control = await open();
    const race = { saving: null as Promise<boolean> | null };
    const host = await open(({ kind, keys }) => {
      const isClaim = kind === "write" && keys.some(([f]) => f === "owner");
      if (!isClaim || race.saving !== null) return { outcome: "ok" };
      race.saving = control.agents.save(
        { ...record, desired: "paused" },
        { expected: record, audit: auditOf("agent.pause") },
      );
      return { outcome: "ok", delay: race.saving.then(() => {}) };
    });
    await host.hosts.enter(hostOf("a", "boot_a"), { onLost: () => {} });
    const taken = await host.hosts.claim(claimOf(id));
    assert.equal(await race.saving, true);
    assert.ok(taken !== null);
    assert.deepEqual(await host.hosts.owners(), [taken]);
  }));

Deno.test("release() gives back an agent that is not stored, and none that is", () =>
  withHost(async (host) => {
    const [failed, stored] = [agentIdOf(1), agentIdOf(2)];
    const [first, second] = [await own(host, failed), await own(host, stored)];
    await save(host, recordOf(stored));
    await host.hosts.release(first!);
    await host.hosts.release(second!);
    assert.deepEqual(await host.hosts.owners(), [second]);
  }));

Deno.test("prune() removes what an ended host owned and nobody stored, and then the host; a spawn under way keeps its owner", () =>
  withHost(async (host, open) => {
    const other = await open();
    await own(host, agentIdOf(1));
    await other.hosts.prune();
    assert.equal((await other.hosts.owners()).length, 1);
    await other.hosts.end(await known(other, "a"));
    await other.hosts.prune();
    assert.deepEqual(await other.hosts.owners(), []);
    // Its last sign of life was at 0.
    assert.ok(systemTime.nowMs() > RETAINED_HOSTS_MS);
    assert.deepEqual(await other.hosts.list(), []);
  }));
