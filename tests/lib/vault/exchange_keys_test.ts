import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import type { KeyRightsView } from "../../../lib/contracts/exchange_key.ts";
import type { AuditEntry } from "../../../lib/store/port.ts";
import { openStore } from "../../../lib/store/open_store.ts";
import {
  createExchangeKeys,
  openKey,
} from "../../../lib/vault/exchange_keys.ts";
import { KEYS_PER_USER_MAX } from "../../../lib/vault/limits.ts";
import { createIdFactory } from "../../../lib/core/ids.ts";
import {
  GOOD_RIGHTS,
  memoryExchangeKeys,
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

const rights = (change: Partial<KeyRightsView>) => ({
  ...GOOD_RIGHTS,
  ...change,
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
  assert.deepEqual(await openKey(stored, await testWrappingKey()), {
    apiKey: REQUEST.apiKey,
    secret: REQUEST.secret,
    passphrase: null,
  });
  assert.deepEqual(audits.map(({ action }) => action), ["key.add", "key.test"]);
});

Deno.test("ExchangeKeys refuses every key that could move money out, or cannot trade", async () => {
  const cases: readonly [Partial<KeyRightsView>, string, RegExp][] = [
    [{ canWithdraw: true }, "refused", /may withdraw money/],
    [{ canTransfer: true }, "refused", /may transfer money/],
    [{ canTrade: false }, "refused", /may not trade/],
    [{ canWithdraw: null }, "unverified", /does not tell/],
    [{}, "verified", /cannot withdraw/],
    [{ isAddressBound: false }, "verified", /address/],
  ];
  for (const [change, status, detail] of cases) {
    const service = memoryExchangeKeys({
      probe: () => Promise.resolve(rights(change)),
    });
    const view = await service.add(REQUEST, CALLER);
    assert.equal(view.status, status);
    assert.match(view.statusDetail, detail);
    const allow = service.setLive(view.id, { allowed: true, caller: CALLER });
    if (status === "verified") assert((await allow).isLiveAllowed);
    else await assert.rejects(allow, { code: "KEY_STATE_CONFLICT" });
  }
});

Deno.test("ExchangeKeys.test() takes the permission for live trading back with the verdict", async () => {
  let answer: KeyRightsView | AppError = GOOD_RIGHTS;
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
  answer = GOOD_RIGHTS;
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
    conflict,
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
      probe: () => Promise.resolve(GOOD_RIGHTS),
      usersOf: () => [],
      onChange: () => Promise.resolve(),
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
