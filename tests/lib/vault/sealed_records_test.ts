import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  bindings,
  fromSealedText,
  type SealedRecord,
} from "../../../lib/contracts/sealed_record.ts";
import { userActor } from "../../../lib/contracts/audit.ts";
import { type OpenedStore, openStore } from "../../../lib/store/open_store.ts";
import type { AuditEntry, SealedRecords } from "../../../lib/store/port.ts";
import { type Keyring, open, seal } from "../../../lib/vault/envelope.ts";
import {
  checkOpens,
  countByKey,
  countsInWords,
  rewrapAll,
  sealClear,
} from "../../../lib/vault/sealed_records.ts";
import { sealedSecrets } from "../../../lib/vault/sealed_secrets.ts";
import { testWrappingKey } from "../../support/vault.ts";
import { systemTime } from "../store/support.ts";

const OLD = await testWrappingKey(1);
const BOTH = await testWrappingKey(2, 1);
const NEW = await testWrappingKey(2);

const entry = (action: string): AuditEntry => ({
  at: 1,
  actor: userActor({ id: "usr_1", email: "a@example.com" }),
  via: "api",
  action,
  target: "t",
  outcome: "ok",
  reason: "",
  detail: {},
});

async function addKey(
  store: OpenedStore,
  id: string,
  wrapping: Keyring,
): Promise<void> {
  const view = { id, ownerId: "usr_1", exchange: "okx", label: id };
  const sealed = await seal(`secret of ${id}`, {
    wrapping,
    bound: bindings.exchangeKey(view),
  });
  await store.exchangeKeys.save(
    { view: view as never, sealed },
    entry("key.add"),
  );
}

/** Three keys, a second factor and two secrets, sealed with one key. */
async function fill(store: OpenedStore, wrapping: Keyring): Promise<void> {
  for (const id of ["key_1", "key_2", "key_3"]) {
    // deno-lint-ignore no-await-in-loop -- one audit trail
    await addKey(store, id, wrapping);
  }
  await store.secondFactors.replace("usr_1", {
    expected: null,
    factor: {
      revision: "r1",
      sealed: await seal("secret of usr_1", {
        wrapping,
        bound: bindings.secondFactor("usr_1"),
      }),
      isConfirmed: true,
      lastStep: 0,
      recoveryHashes: [],
    },
    audit: entry("factor.enrol"),
  });
  const secrets = sealedSecrets(store.secrets, wrapping);
  for (const name of ["a", "b"]) {
    // deno-lint-ignore no-await-in-loop -- two
    await secrets.write(name, { text: `secret of ${name}`, version: null });
  }
  await store.secret("order-namespace", () => Promise.resolve("abc"));
}

async function withStore(
  test: (store: OpenedStore) => Promise<void>,
): Promise<void> {
  const store = await openStore({ path: ":memory:", time: systemTime });
  try {
    await test(store);
  } finally {
    await store.close();
  }
}

async function assertAllOpen(
  store: OpenedStore,
  wrapping: Keyring,
): Promise<void> {
  const records = await store.sealed.list();
  assert.equal(records.length, 6);
  for (const { id, sealed, bound } of records) {
    assert.equal(
      // deno-lint-ignore no-await-in-loop -- a handful
      await open(sealed!, { wrapping, bound }),
      `secret of ${id}`,
    );
  }
}

Deno.test("rewrapAll() puts every kind under the new key, and the old one is needed no more", () =>
  withStore(async (store) => {
    await fill(store, OLD);
    const { done, before } = await rewrapAll(store.sealed, BOTH);
    assert.equal(
      countsInWords(done),
      "3 exchange keys, 1 second factor and 2 secrets of the server",
    );
    assert.equal(countsInWords(before), "nothing");
    await assertAllOpen(store, NEW);
    const again = await rewrapAll(store.sealed, BOTH);
    assert.equal(countsInWords(again.done), "nothing");
    assert.deepEqual([...countByKey(await store.sealed.list()).keys()], [
      NEW.current.id,
    ]);
    const factor = await store.secondFactors.get("usr_1");
    assert.equal(factor?.revision, "r1");
    assert.equal(
      await store.secret("order-namespace", () => Promise.resolve("x")),
      "abc",
    );
  }));

Deno.test("rewrapAll() goes on after a crash at any point, and at no point is anything unreadable", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
      (crashes) =>
        withStore(async (store) => {
          await fill(store, OLD);
          for (const after of crashes) {
            let left = after;
            const dying: SealedRecords = {
              ...facade(store.sealed),
              replace: (record, sealed) =>
                left-- === 0
                  ? Promise.reject(new Error("crash"))
                  : store.sealed.replace(record, sealed),
            };
            // deno-lint-ignore no-await-in-loop -- one run after the other
            await rewrapAll(dying, BOTH).catch(() => {});
            // deno-lint-ignore no-await-in-loop -- as above
            await assertAllOpen(store, BOTH);
          }
          await rewrapAll(store.sealed, BOTH);
          await assertAllOpen(store, NEW);
        }),
    ),
    { numRuns: 12 },
  ));

Deno.test("rewrapAll() takes what others change or remove meanwhile as it is then", () =>
  withStore(async (store) => {
    await fill(store, OLD);
    let isFirst = true;
    const busy: SealedRecords = {
      ...facade(store.sealed),
      async replace(record, sealed) {
        if (isFirst) {
          isFirst = false;
          await addKey(store, record.id, OLD);
          await store.exchangeKeys.remove("key_3", entry("key.revoke"));
        }
        return await store.sealed.replace(record, sealed);
      },
    };
    await rewrapAll(busy, BOTH);
    const records = await store.sealed.list();
    assert.equal(records.length, 5);
    assert.deepEqual([...countByKey(records).keys()], [NEW.current.id]);
    const stubborn: SealedRecords = {
      ...facade(store.sealed),
      replace: () => Promise.resolve(false),
    };
    await assert.rejects(
      rewrapAll(stubborn, await testWrappingKey(3, 2)),
      /changed again and again/,
    );
  }));

Deno.test("checkOpens() names what no key opens, and what was changed though its key is there", () =>
  withStore(async (store) => {
    await fill(store, OLD);
    const records = await store.sealed.list();
    await checkOpens(records, BOTH);
    await checkOpens([], null);
    for (const keyring of [NEW, null]) {
      // deno-lint-ignore no-await-in-loop -- two
      await assert.rejects(checkOpens(records, keyring), {
        code: "VAULT_KEY_UNUSABLE",
        message:
          /3 exchange keys, 1 second factor and 2 secrets of the server with the key "test-1".*put the file.*keys forget test-1/,
      });
    }
    const forged = { id: "test-1", key: NEW.current.key };
    await assert.rejects(
      checkOpens(records, { ...OLD, current: forged, find: () => forged }),
      /exchange key "key_1" cannot be opened, though its key is there/,
    );
  }));

Deno.test("sealClear() seals the clear text of older builds and leaves what is no secret", () =>
  withStore(async (store) => {
    await store.secrets.write("jwt-signing-key", {
      text: "canary",
      version: null,
    });
    await store.secret("order-namespace", () => Promise.resolve("abc"));
    const records = await store.sealed.list();
    assert.deepEqual(records.map(({ id, clear }) => [id, clear]), [
      ["jwt-signing-key", "canary"],
    ]);
    assert.equal(await sealClear(store.sealed, records, OLD), 1);
    const raw = await store.secrets.read("jwt-signing-key");
    assert(!raw!.text.includes("canary"));
    assert.notEqual(fromSealedText(raw!.text), null);
    const sealed = sealedSecrets(store.secrets, OLD);
    assert.equal((await sealed.read("jwt-signing-key"))!.text, "canary");
  }));

Deno.test("sealedSecrets() refuses clear text, another name's secret and a write over a newer one", () =>
  withStore(async (store) => {
    const secrets = sealedSecrets(store.secrets, OLD);
    assert(await secrets.write("a", { text: "one", version: null }));
    assert(!await secrets.write("a", { text: "two", version: null }));
    const known = (await secrets.read("a"))!;
    assert.equal(known.text, "one");
    assert(await secrets.write("a", { text: "two", version: known.version }));
    assert.equal(await secrets.read("none"), null);
    const raw = (await store.secrets.read("a"))!;
    await store.secrets.write("b", { text: raw.text, version: null });
    await assert.rejects(secrets.read("b"), { code: "SECRET_UNREADABLE" });
    await store.secrets.write("c", { text: "clear", version: null });
    await assert.rejects(secrets.read("c"), /in clear text/);
  }));

Deno.test("SealedRecords.remove() deletes what a lost key sealed, on record", () =>
  withStore(async (store) => {
    await fill(store, OLD);
    await addKey(store, "key_9", NEW);
    const lost = (await store.sealed.list()).filter(({ sealed }) =>
      sealed?.wrappedBy === "test-1"
    );
    await store.sealed.remove(lost, (count) => entry(`keys.forget ${count}`));
    const ids = (await store.sealed.list()).map(({ id }: SealedRecord) => id);
    assert.deepEqual(ids, ["key_9"]);
    const { items } = await store.auditPage({ limit: 1, cursor: null });
    assert.equal(items[0]!.action, "keys.forget 6");
  }));

function facade(records: SealedRecords): SealedRecords {
  return {
    list: () => records.list(),
    find: (record) => records.find(record),
    replace: (record, sealed) => records.replace(record, sealed),
    remove: (some, audit) => records.remove(some, audit),
  };
}
