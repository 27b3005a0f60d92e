import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import type {
  KeyRightsView,
  ProbedKey,
} from "../../../lib/contracts/exchange_key.ts";
import type { AuditEntry } from "../../../lib/store/port.ts";
import { openStore } from "../../../lib/store/open_store.ts";
import { createExchangeKeys } from "../../../lib/vault/exchange_keys.ts";
import { openKey } from "../../../lib/vault/open_key.ts";
import { KEYS_PER_USER_MAX } from "../../../lib/vault/limits.ts";
import { createIdFactory } from "../../../lib/core/ids.ts";
import {
  GOOD_KEY,
  GOOD_RIGHTS,
  memoryExchangeKeys,
  memoryKeys,
  testWrappingKey,
} from "../../support/vault.ts";
import { systemTime } from "../store/support.ts";

const CALLER = {
  userId: "usr_1",
  email: "ada@example.com",
  via: "api",
} as const;
const OTHER = {
  userId: "usr_2",
  email: "bob@example.com",
  via: "api",
} as const;
const REQUEST = {
  label: "main",
  exchange: "binance",
  apiKey: "canary-api-key-1234",
  secret: "canary-secret-5678",
};

const rights = (change: Partial<KeyRightsView>): ProbedKey => ({
  rights: { ...GOOD_RIGHTS, ...change },
  accountId: "1",
});

Deno.test("ExchangeKeys.add() shows only the end of a key, and its secrets stay sealed", async () => {
  const audits: AuditEntry[] = [];
  const service = memoryExchangeKeys({ audits });
  const view = await service.add(REQUEST, CALLER);
  assert.equal(view.apiKeyEnd, "1234");
  assert.equal(view.status, "verified");
  assert.equal(view.isLiveAllowed, false);
  const stored = service.find(view.id)!;
  const shown = JSON.stringify([view, service.list("usr_1"), stored, audits]);
  assert(!shown.includes("canary"), "a secret is shown");
  const opened = await openKey(stored, await testWrappingKey());
  assert.deepEqual(opened.reveal(), {
    apiKey: REQUEST.apiKey,
    secret: REQUEST.secret,
    passphrase: null,
  });
  assert.deepEqual(audits.map(({ action }) => action), ["key.add"]);
});

Deno.test("ExchangeKeys.add() refuses a key that could move money out, keeps nothing of it, and says how to make a better one", async () => {
  const cases: readonly [Partial<KeyRightsView>, RegExp][] = [
    [
      { canWithdraw: true },
      /not stored: it may withdraw money; .*Binance.*"Enable Withdrawals".*trusted IPs/,
    ],
    [
      { canTransfer: true },
      /not stored: it may transfer money; .*"Permits Universal Transfer"/,
    ],
  ];
  for (const [change, message] of cases) {
    const audits: AuditEntry[] = [];
    const stored: unknown[] = [];
    const store = memoryKeys(audits);
    const service = memoryExchangeKeys({
      audits,
      store: {
        ...store,
        save: (key, audit) => {
          stored.push(key);
          return store.save(key, audit);
        },
      },
      probe: () => Promise.resolve(rights(change)),
    });
    // deno-lint-ignore no-await-in-loop -- two
    await assert.rejects(service.add(REQUEST, CALLER), {
      code: "KEY_REFUSED",
      status: 422,
      message,
    });
    assert.deepEqual(stored, []);
    assert.deepEqual(service.list("usr_1"), []);
    assert.deepEqual(
      audits.map(({ action, outcome }) => [action, outcome]),
      [["key.add", "refused"]],
    );
    assert(!JSON.stringify(audits).includes("canary"));
  }
});

Deno.test("ExchangeKeys.test() forgets a key that may withdraw by now, unless an agent needs it", async () => {
  let answer = GOOD_KEY;
  let users: readonly string[] = ["trend"];
  const audits: AuditEntry[] = [];
  const service = memoryExchangeKeys({
    audits,
    probe: () => Promise.resolve(answer),
    usersOf: () => users,
  });
  const { id } = await service.add(REQUEST, CALLER);
  await service.setLive(id, { allowed: true, caller: CALLER });
  answer = rights({ canWithdraw: true });
  const view = await service.test(id, CALLER);
  assert.equal(view.status, "refused");
  assert.equal(view.isLiveAllowed, false);
  users = [];
  await assert.rejects(service.test(id, CALLER), {
    code: "KEY_REFUSED",
    message: /"main" was forgotten here/,
  });
  assert.equal(service.find(id), null);
  assert.equal(audits.at(-1)!.outcome, "refused");
});

Deno.test("ExchangeKeys.setLive() wants a key that is verified and bound to addresses where the exchange tells", async () => {
  const cases: readonly [Partial<KeyRightsView>, string, RegExp, string][] = [
    [{ canTrade: false }, "refused", /may not trade/, "KEY_STATE_CONFLICT"],
    [
      { canWithdraw: null },
      "unverified",
      /Binance does not tell/,
      "KEY_STATE_CONFLICT",
    ],
    [
      { isAddressBound: false },
      "unbound",
      /every address; bind it .*Binance/,
      "KEY_NOT_BOUND",
    ],
    [{}, "verified", /set addresses only/, ""],
    [
      { isAddressBound: null },
      "verified",
      /Binance does not tell .*bind it/,
      "",
    ],
  ];
  for (const [change, status, detail, code] of cases) {
    const service = memoryExchangeKeys({
      probe: () => Promise.resolve(rights(change)),
    });
    // deno-lint-ignore no-await-in-loop -- one case after the other
    const view = await service.add(REQUEST, CALLER);
    assert.equal(view.status, status);
    assert.match(view.statusDetail, detail);
    const allow = service.setLive(view.id, { allowed: true, caller: CALLER });
    // deno-lint-ignore no-await-in-loop -- one case after the other
    if (code === "") assert((await allow).isLiveAllowed);
    // deno-lint-ignore no-await-in-loop -- one case after the other
    else await assert.rejects(allow, { code });
  }
});

Deno.test("ExchangeKeys.used() notes the time and the desk, and undoes nothing that changes at once", async () => {
  const audits: AuditEntry[] = [];
  const service = memoryExchangeKeys({ audits, nowMs: () => 7 });
  const { id, lastUsedAt } = await service.add(REQUEST, CALLER);
  assert.equal(lastUsedAt, null);
  await service.setLive(id, { allowed: true, caller: CALLER });
  await Promise.all([
    service.used(id, "desk:binance.swap"),
    service.setLive(id, { allowed: false, caller: CALLER }),
    service.used(id, "desk:binance.spot"),
    service.used("key_unknown", "desk:binance.spot"),
  ]);
  const { view } = service.find(id)!;
  assert.equal(view.lastUsedAt, 7);
  assert.equal(view.isLiveAllowed, false);
  const uses = audits.filter(({ action }) => action === "key.use");
  assert.deepEqual(
    uses.map(({ actor, target, detail }) => [actor.kind, target, detail.desk]),
    [
      ["system", id, "desk:binance.swap"],
      ["system", id, "desk:binance.spot"],
    ],
  );
});

Deno.test("ExchangeKeys.test() takes the permission for live trading back with the verdict", async () => {
  let answer: ProbedKey | AppError = GOOD_KEY;
  const service = memoryExchangeKeys({
    probe: () =>
      answer instanceof AppError
        ? Promise.reject(answer)
        : Promise.resolve(answer),
  });
  const { id } = await service.add(REQUEST, CALLER);
  await service.setLive(id, { allowed: true, caller: CALLER });
  answer = new AppError("VENUE_UNREACHABLE", "The exchange does not answer");
  const view = await service.test(id, CALLER);
  assert.equal(view.status, "unverified");
  assert.match(view.statusDetail, /does not answer/);
  assert.equal(view.isLiveAllowed, false);
  answer = GOOD_KEY;
  assert.equal((await service.test(id, CALLER)).isLiveAllowed, false);
});

Deno.test("ExchangeKeys knows no key of another person", async () => {
  const service = memoryExchangeKeys();
  const { id } = await service.add(REQUEST, CALLER);
  assert.deepEqual(service.list("usr_2"), []);
  const unknown = { code: "KEY_NOT_FOUND" };
  await assert.rejects(service.test(id, OTHER), unknown);
  await assert.rejects(
    service.setLive(id, { allowed: true, caller: OTHER }),
    unknown,
  );
  // Who may take away what belongs to others is for the policy to say.
  await service.revoke(id, OTHER);
  assert.deepEqual(service.list(CALLER.userId), []);
});

Deno.test("ExchangeKeys refuses a second key of a name and one more than its limit", async () => {
  const service = memoryExchangeKeys();
  const conflict = { code: "KEY_STATE_CONFLICT" };
  await service.add(REQUEST, CALLER);
  await assert.rejects(
    service.add({ ...REQUEST, label: "MAIN" }, CALLER),
    conflict,
  );
  for (let n = 1; n < KEYS_PER_USER_MAX; n++) {
    await service.add({ ...REQUEST, label: `key ${n}` }, CALLER);
  }
  await assert.rejects(
    service.add({ ...REQUEST, label: "one more" }, CALLER),
    { code: "QUOTA_EXCEEDED", message: /^You have 20 of 20 exchange keys; / },
  );
  // Of others it does not count.
  await service.add(REQUEST, OTHER);
});

Deno.test("ExchangeKeys.revoke() keeps a key that an agent uses", async () => {
  let users = ["alpha"];
  const service = memoryExchangeKeys({ usersOf: () => users });
  const { id } = await service.add(REQUEST, CALLER);
  await assert.rejects(service.revoke(id, CALLER), /used by "alpha"/);
  users = [];
  await service.revoke(id, CALLER);
  assert.equal(service.find(id), null);
});

Deno.test("ExchangeKeys are there after a restart, sealed in the store", async () => {
  const store = await openStore({ path: ":memory:", time: systemTime });
  try {
    const options = {
      store: store.exchangeKeys,
      wrapping: await testWrappingKey(),
      ids: createIdFactory({ nowMs: () => 1, random: () => 0.5 }),
      nowMs: () => 1,
      probe: () => Promise.resolve(GOOD_KEY),
      usersOf: () => [],
      audit: store.audit,
      onChange: () => Promise.resolve(),
      onRemove: () => Promise.resolve(),
      refuseWhileTraded: () => {},
      withKeyReleased: <Result>(
        _key: unknown,
        replace: () => Promise<Result>,
      ) => replace(),
    };
    const first = await createExchangeKeys(options);
    const { id } = await first.add(REQUEST, CALLER);
    const again = await createExchangeKeys(options);
    assert.deepEqual(again.find(id), first.find(id));
    await again.revoke(id, CALLER);
    assert.deepEqual((await createExchangeKeys(options)).list("usr_1"), []);
    const audited = await store.auditPage({ limit: 10, cursor: null });
    assert(!JSON.stringify(audited).includes("canary"));
    assert.equal(audited.items[0]!.action, "key.revoke");
  } finally {
    await store.close();
  }
});
