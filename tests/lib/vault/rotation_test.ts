import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import type {
  KeyRightsView,
  ProbedKey,
  StoredExchangeKey,
} from "../../../lib/contracts/exchange_key.ts";
import type { AuditEntry } from "../../../lib/store/port.ts";
import type { ProbeKey } from "../../../lib/vault/port.ts";
import { openKey } from "../../../lib/vault/open_key.ts";
import {
  GOOD_KEY,
  GOOD_RIGHTS,
  memoryExchangeKeys,
  memoryKeys,
  testWrappingKey,
} from "../../support/vault.ts";

const CALLER = {
  userId: "usr_1",
  email: "ada@example.com",
  via: "api",
  requestId: "req_12345678",
} as const;
const OLD = {
  label: "main",
  exchange: "binance",
  apiKey: "canary-api-key-1234",
  secret: "canary-secret-5678",
};
const NEW = { apiKey: "canary-other-key-9876", secret: "canary-other-secret" };

const probed = (
  change: Partial<KeyRightsView>,
  accountId: string | null = "1",
): ProbedKey => ({ rights: { ...GOOD_RIGHTS, ...change }, accountId });

interface Options {
  /** What the exchange says of the new key. */
  next?: ProbedKey | AppError;
  refuseWhileTraded?: (key: StoredExchangeKey) => void;
}

/** A key that is allowed for live trading, and what is asked of the exchange afterwards. */
async function world({ next = GOOD_KEY, ...options }: Options = {}) {
  const audits: AuditEntry[] = [];
  const store = memoryKeys(audits);
  let answer: ProbedKey | AppError = GOOD_KEY;
  const probe: ProbeKey = () =>
    answer instanceof AppError
      ? Promise.reject(answer)
      : Promise.resolve(answer);
  const service = memoryExchangeKeys({ audits, store, probe, ...options });
  const { id } = await service.add(OLD, CALLER);
  await service.setLive(id, { allowed: true, caller: CALLER });
  answer = next;
  const rotate = () => service.rotate(id, { request: NEW, caller: CALLER });
  return { service, store, id, audits, rotate };
}

async function secretOf(key: StoredExchangeKey): Promise<string> {
  return (await openKey(key, await testWrappingKey())).reveal().secret;
}

Deno.test("ExchangeKeys.rotate() puts new secrets in the place of the old ones, of which nothing is left", async () => {
  const { service, store, id, audits, rotate } = await world();
  const before = service.find(id)!;
  await service.used(id, "desk:binance.spot");
  const view = await rotate();
  assert.deepEqual(view, {
    ...before.view,
    apiKeyEnd: "9876",
    lastUsedAt: null,
  });
  assert(view.isLiveAllowed, "it is the same account");
  const after = service.find(id)!;
  assert.equal(await secretOf(after), NEW.secret);
  assert.notDeepEqual(after.sealed, before.sealed);
  assert.deepEqual(await store.list(), [after]);
  const { action, target, outcome, detail } = audits.at(-1)!;
  assert.deepEqual([action, target, outcome], ["key.rotate", id, "ok"]);
  assert.deepEqual(detail["apiKeyEnd"], { from: "1234", to: "9876" });
  assert.equal(detail["isSameAccount"], true);
  assert.equal(audits.at(-1)!.requestId, CALLER.requestId);
  assert(!JSON.stringify(audits).includes("canary"), "a secret is shown");
});

Deno.test("ExchangeKeys.rotate() keeps the old secrets where the new ones are no good, and says why", async () => {
  const cases: readonly [ProbedKey | AppError, string, RegExp][] = [
    [
      probed({ canWithdraw: true }),
      "KEY_REFUSED",
      /old one stays: it may withdraw money; .*"Enable Withdrawals"/,
    ],
    [probed({ canTransfer: true }), "KEY_REFUSED", /it may transfer money/],
    [probed({ canTrade: false }), "KEY_NOT_REPLACED", /may not trade/],
    [
      probed({}, "2"),
      "KEY_NOT_REPLACED",
      /belongs to another account at Binance; add it as a key of its own/,
    ],
    [
      new AppError("KEY_PROBE_FAILED", "Invalid API-key"),
      "KEY_NOT_REPLACED",
      /did not accept the new key: Invalid API-key/,
    ],
  ];
  for (const [next, code, message] of cases) {
    // deno-lint-ignore no-await-in-loop -- one case after the other
    const { service, id, audits, rotate } = await world({ next });
    const before = service.find(id);
    // deno-lint-ignore no-await-in-loop -- one case after the other
    await assert.rejects(rotate(), { code, status: 422, message });
    assert.deepEqual(service.find(id), before);
    const { action, outcome } = audits.at(-1)!;
    assert.deepEqual([action, outcome], ["key.rotate", "refused"]);
    assert(!JSON.stringify(audits).includes("canary"));
  }
});

Deno.test("ExchangeKeys.rotate() has live trading allowed anew where the exchange does not tell whose account it is, or has something against the key", async () => {
  const cases: readonly [ProbedKey, RegExp][] = [
    [probed({}, null), /not known whether it belongs to the account of before/],
    [probed({ isAddressBound: false }), /works from every address/],
    [probed({ canWithdraw: null }), /does not tell whether the key may with/],
  ];
  for (const [next, detail] of cases) {
    // deno-lint-ignore no-await-in-loop -- one case after the other
    const { rotate } = await world({ next });
    // deno-lint-ignore no-await-in-loop -- one case after the other
    const view = await rotate();
    assert.equal(view.isLiveAllowed, false);
    assert.match(view.statusDetail, detail);
  }
});

Deno.test("ExchangeKeys.rotate() asks whose account the old secrets are of where an older build did not", async () => {
  const first = await world();
  const { accountId: _, ...stored } = first.service.find(first.id)!;
  for (const [accountId, code] of [["1", null], ["2", "KEY_NOT_REPLACED"]]) {
    const { store } = first;
    // deno-lint-ignore no-await-in-loop -- one case after the other
    const service = await fromOlderBuild(stored, {
      accountId: accountId!,
      store,
    });
    const done = service.rotate(first.id, { request: NEW, caller: CALLER });
    // deno-lint-ignore no-await-in-loop -- one case after the other
    if (code === null) assert((await done).isLiveAllowed);
    // deno-lint-ignore no-await-in-loop -- one case after the other
    else await assert.rejects(done, { code });
  }
});

/** The service over one stored key, at an exchange where the new secrets are of this account. */
function fromOlderBuild(
  stored: StoredExchangeKey,
  { accountId, store }: {
    accountId: string;
    store: ReturnType<typeof memoryKeys>;
  },
) {
  const wrapped = testWrappingKey();
  return Promise.resolve(memoryExchangeKeys({
    store,
    stored: [stored],
    probe: async (key) => {
      const { secret } = (await openKey(key, await wrapped)).reveal();
      return probed({}, secret === OLD.secret ? "1" : accountId);
    },
  }));
}

Deno.test("ExchangeKeys.rotate() asks no exchange while an agent trades with the key, and knows no key of another person", async () => {
  const inUse = new AppError("KEY_STATE_CONFLICT", '"trend" is not stopped');
  const { service, id, rotate, audits } = await world({
    next: new AppError("KEY_PROBE_FAILED", "asked in vain"),
    refuseWhileTraded: () => {
      throw inUse;
    },
  });
  const before = audits.length;
  await assert.rejects(rotate(), inUse);
  await assert.rejects(
    service.rotate(id, {
      request: NEW,
      caller: { ...CALLER, userId: "usr_2" },
    }),
    { code: "KEY_NOT_FOUND" },
  );
  assert.equal(audits.length, before);
});

Deno.test("ExchangeKeys.test() takes no verdict of secrets that were replaced meanwhile", async () => {
  const asked = Promise.withResolvers<ProbedKey>();
  let isWaiting = false;
  const service = memoryExchangeKeys({
    probe: () => isWaiting ? asked.promise : Promise.resolve(GOOD_KEY),
  });
  const { id } = await service.add(OLD, CALLER);
  isWaiting = true;
  const test = service.test(id, CALLER);
  isWaiting = false;
  await service.rotate(id, { request: NEW, caller: CALLER });
  asked.resolve(probed({ canWithdraw: true }));
  await assert.rejects(test, { code: "KEY_STATE_CONFLICT", message: /again/ });
  assert.equal(service.find(id)!.view.status, "verified");
});

Deno.test("ExchangeKeys.rotate() keeps that another process has just forbidden the key for live trading", async () => {
  const { service, store, id, rotate } = await world();
  const { view, ...rest } = service.find(id)!;
  const forbidden = { ...rest, view: { ...view, isLiveAllowed: false } };
  await store.save(forbidden, {} as AuditEntry);
  assert.equal((await rotate()).isLiveAllowed, false);
  const [stored] = await store.list();
  assert.equal(stored!.view.isLiveAllowed, false);
  assert.equal(await secretOf(stored!), NEW.secret);
});
