/** Two processes over one store: what one changes the other one knows a look later. */
import assert from "node:assert/strict";
import type { AuditEntry } from "../../../lib/contracts/audit.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { SharedMemory } from "../../../lib/server/shared_memory.ts";
import { CHANGE_NAMES } from "../../../lib/store/change_port.ts";
import { openDenoKv } from "../../../lib/store/kv/deno_kv.ts";
import {
  createStore,
  type OpenedStore,
} from "../../../lib/store/open_store.ts";
import { createExchangeKeys } from "../../../lib/vault/exchange_keys.ts";
import type { ExchangeKeys } from "../../../lib/vault/port.ts";
import { GOOD_RIGHTS, WRAPPING } from "../../support/vault.ts";
import { createIdFactory } from "../../../lib/core/ids.ts";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { systemTime } from "../store/support.ts";
import { TEMPLATE } from "../api/samples.ts";

const OWNER = {
  userId: "usr_1",
  email: "me@example.com",
  via: "panel",
} as const;

const AUDIT: AuditEntry = {
  at: 0,
  actor: { kind: "user", id: "usr_1", name: "me@example.com" },
  via: "panel",
  action: "template.import",
  target: "mine",
  outcome: "ok",
  reason: "",
  detail: {},
};

const REQUEST = {
  label: "main",
  exchange: "binance",
  apiKey: "api-key-of-somebody",
  secret: "secret-of-somebody",
} as const;

/** Two stores over one database in memory. */
async function withTwoStores(
  test: (a: OpenedStore, b: OpenedStore) => Promise<void>,
): Promise<void> {
  const kv = await openDenoKv(":memory:");
  const open = () =>
    createStore({ ...kv, close: () => {} }, { time: systemTime });
  const [a, b] = [await open(), await open()];
  try {
    await test(a, b);
  } finally {
    await a.close();
    await b.close();
    kv.close();
  }
}

function memoryOver(
  store: OpenedStore,
  reload: Partial<Record<(typeof CHANGE_NAMES)[number], () => Promise<void>>>,
) {
  const errors: string[] = [];
  const nothing = () => Promise.resolve();
  const memory = new SharedMemory({
    changes: store.changes,
    clock: createSimulatedClock(),
    reload: {
      templates: nothing,
      exchange_keys: nothing,
      backtests: nothing,
      ...reload,
    },
    onError: (what) => errors.push(what),
  });
  return { memory, errors };
}

Deno.test("SharedMemory.look() has read again what another process changed, once for each change", () =>
  withTwoStores(async (a, b) => {
    let reads = 0;
    const { memory } = memoryOver(b, {
      templates: () => Promise.resolve(void reads++),
    });
    await memory.look();
    assert.equal(reads, 0, "nothing was changed yet");
    const { origin: _, ...template } = TEMPLATE;
    await a.templates.createAll(
      [{ template: { ...template, name: "mine" } as never }],
      AUDIT,
    );
    await memory.look();
    await memory.look();
    assert.equal(reads, 1);
    await a.templates.remove("mine", { ...AUDIT, action: "template.delete" });
    await memory.look();
    assert.equal(reads, 2);
  }));

Deno.test("SharedMemory.look() tries again what could not be read", () =>
  withTwoStores(async (a, b) => {
    let tries = 0;
    const { memory, errors } = memoryOver(b, {
      templates: () =>
        ++tries === 1 ? Promise.reject(new Error("Down")) : Promise.resolve(),
    });
    const { origin: _, ...template } = TEMPLATE;
    await a.templates.createAll(
      [{ template: { ...template, name: "mine" } as never }],
      AUDIT,
    );
    await memory.look();
    assert.deepEqual(errors, ["read the changed templates again"]);
    await memory.look();
    await memory.look();
    assert.equal(tries, 2);
  }));

/** The service of one process, and what its desks were told. */
async function keysOver(
  store: OpenedStore,
): Promise<{ keys: ExchangeKeys; told: string[]; silent: Set<string> }> {
  const told: string[] = [];
  /** Labels of keys of which nobody takes any news. */
  const silent = new Set<string>();
  const tell = async (label: string, news: string) => {
    await Promise.resolve();
    if (silent.has(label)) throw new Error(`No answer about ${label}`);
    told.push(news);
  };
  const keys = await createExchangeKeys({
    store: store.exchangeKeys,
    wrapping: WRAPPING,
    ids: createIdFactory({ nowMs: () => 0, random: Math.random }),
    nowMs: () => 0,
    probe: () => Promise.resolve({ rights: GOOD_RIGHTS, accountId: null }),
    usersOf: () => [],
    audit: () => Promise.resolve(),
    onChange: ({ view }) =>
      tell(view.label, view.isLiveAllowed ? "allowed" : "forbidden"),
    onRemove: ({ view }) => tell(view.label, "removed"),
    refuseWhileTraded: () => {},
    withKeyReleased: (_key, replace) => replace(),
  });
  return { keys, told, silent };
}

Deno.test("ExchangeKeys.reload() knows a key of another process, and tells desks what they have to know", () =>
  withTwoStores(async (a, b) => {
    const one = await keysOver(a);
    const other = await keysOver(b);
    const { id } = await one.keys.add(REQUEST, OWNER);
    assert.equal(other.keys.find(id), null);
    await other.keys.reload();
    assert.equal(other.keys.find(id)!.view.label, "main");
    assert.deepEqual(other.told, [], "no desk has a new key");
    await one.keys.setLive(id, { allowed: true, caller: OWNER });
    await one.keys.used(id, "desk");
    await other.keys.reload();
    await other.keys.reload();
    assert.deepEqual(other.told, ["allowed"], "once, and not of a use");
    await one.keys.revoke(id, OWNER);
    await other.keys.reload();
    assert.deepEqual(other.told, ["allowed", "removed"]);
    assert.equal(other.keys.find(id), null);
  }));

Deno.test("ExchangeKeys.reload() tells of every key though a desk does not answer about one, and of that one again", () =>
  withTwoStores(async (a, b) => {
    const one = await keysOver(a);
    const labels = ["main", "second", "third", "gone"];
    const ids: string[] = [];
    for (const label of labels) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      ids.push((await one.keys.add({ ...REQUEST, label }, OWNER)).id);
    }
    const other = await keysOver(b);
    other.silent.add("main").add("gone");
    for (const id of ids.slice(0, 3)) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      await one.keys.setLive(id, { allowed: true, caller: OWNER });
    }
    await one.keys.revoke(ids[3]!, OWNER);
    await assert.rejects(other.keys.reload(), /No answer about main/);
    assert.deepEqual(other.told, ["allowed", "allowed"], "the others");
    await assert.rejects(other.keys.reload());
    other.silent.clear();
    await other.keys.reload();
    assert.deepEqual(other.told.slice(2), ["allowed", "removed"]);
    await other.keys.reload();
    assert.equal(other.told.length, 4, "each once");
  }));

Deno.test("ExchangeKeys.used() keeps that another process has just forbidden the key for live trading", () =>
  withTwoStores(async (a, b) => {
    const one = await keysOver(a);
    const { id } = await one.keys.add(REQUEST, OWNER);
    await one.keys.setLive(id, { allowed: true, caller: OWNER });
    const other = await keysOver(b);
    await one.keys.setLive(id, { allowed: false, caller: OWNER });
    await other.keys.used(id, "desk");
    const [stored] = await a.exchangeKeys.list();
    assert.equal(stored!.view.isLiveAllowed, false);
    assert.equal(stored!.view.lastUsedAt, 0);
  }));

Deno.test("ExchangeKeys.setLive() refuses a key that another process has revoked, and stores nothing", () =>
  withTwoStores(async (a, b) => {
    const one = await keysOver(a);
    const { id } = await one.keys.add(REQUEST, OWNER);
    const other = await keysOver(b);
    await one.keys.revoke(id, OWNER);
    await assert.rejects(
      other.keys.setLive(id, { allowed: true, caller: OWNER }),
      (error) =>
        error instanceof AppError && error.code === "KEY_STATE_CONFLICT",
    );
    assert.deepEqual(await b.exchangeKeys.list(), []);
  }));
