import assert from "node:assert/strict";
import {
  KEYS_RELOAD_MS,
  OLD_KEY_MS,
  SIGNING_KEY_MS,
  UNKNOWN_KEY_RELOAD_MS,
} from "../../../../lib/auth/limits.ts";
import {
  SIGNING_KEYS_NAME,
  SigningKeys,
} from "../../../../lib/auth/sessions/signing_keys.ts";
import type { SecretStore } from "../../../../lib/store/port.ts";
import { AppError } from "../../../../lib/core/errors.ts";

/** One secret that several processes share; writes fail while it is down. */
function memorySecrets() {
  let stored: { text: string; version: number } | null = null;
  const state = { isDown: false, reads: 0 };
  const down = () =>
    Promise.reject(new AppError("STORE_UNAVAILABLE", "The disk is full"));
  const secrets: SecretStore = {
    read: () => {
      state.reads++;
      if (state.isDown) return down();
      return Promise.resolve(
        stored === null
          ? null
          : { text: stored.text, version: String(stored.version) },
      );
    },
    write: (_name, { text, version }) => {
      if (state.isDown) return down();
      const now = stored === null ? null : String(stored.version);
      if (now !== version) return Promise.resolve(false);
      stored = { text, version: (stored?.version ?? 0) + 1 };
      return Promise.resolve(true);
    },
  };
  const kids = (): string[] =>
    JSON.parse(stored!.text).keys.map(({ kid }: { kid: string }) => kid);
  return { secrets, state, kids };
}

function createClock() {
  const clock = { now: 1_800_000_000_000 };
  return { clock, nowMs: () => clock.now };
}

Deno.test("SigningKeys of processes that start at once agree on one key", async () => {
  const { secrets, kids } = memorySecrets();
  const { nowMs } = createClock();
  const all = await Promise.all(
    [1, 2, 3].map(() => SigningKeys.open({ secrets, nowMs })),
  );
  const current = await Promise.all(all.map((keys) => keys.current()));
  assert.deepEqual(new Set(current.map(({ kid }) => kid)), new Set(kids()));
  assert.equal(kids().length, 1);
});

Deno.test("SigningKeys signs with a new key after 30 days, and the old one verifies for its last day", async () => {
  const { secrets, kids } = memorySecrets();
  const { clock, nowMs } = createClock();
  const keys = await SigningKeys.open({ secrets, nowMs });
  const { kid: old } = await keys.current();
  clock.now += SIGNING_KEY_MS - 1;
  assert.equal((await keys.current()).kid, old);
  clock.now += KEYS_RELOAD_MS;
  const { kid: young } = await keys.current();
  assert.notEqual(young, old);
  assert.deepEqual(kids(), [young, old]);
  clock.now += OLD_KEY_MS - 1;
  assert.notEqual(await keys.verifying(old), null);
  clock.now += 1;
  assert.equal(await keys.verifying(old), null);
  assert.notEqual(await keys.verifying(young), null);
  clock.now += KEYS_RELOAD_MS;
  await keys.current();
  assert.deepEqual(kids(), [young], "the old key is gone from the store");
});

Deno.test("SigningKeys of two processes that rotate at once go on with one key", async () => {
  const { secrets, kids } = memorySecrets();
  const { clock, nowMs } = createClock();
  const [one, other] = await Promise.all(
    [1, 2].map(() => SigningKeys.open({ secrets, nowMs })),
  );
  clock.now += SIGNING_KEY_MS;
  const current = await Promise.all([one!.current(), other!.current()]);
  assert.equal(current[0].kid, current[1].kid);
  assert.equal(kids().length, 2);
});

Deno.test("SigningKeys knows a key that another process made, and asks the store for unknown ones seldom", async () => {
  const { secrets, state } = memorySecrets();
  const { clock, nowMs } = createClock();
  const here = await SigningKeys.open({ secrets, nowMs });
  clock.now += SIGNING_KEY_MS - 1;
  await here.current();
  clock.now += 1;
  const there = await SigningKeys.open({ secrets, nowMs });
  const { kid } = await there.current();
  assert.equal(await here.verifying(kid), null, "read a moment ago");
  clock.now += UNKNOWN_KEY_RELOAD_MS;
  assert.notEqual(await here.verifying(kid), null);
  const before = state.reads;
  for (let n = 0; n < 100; n++) {
    clock.now += 40;
    // deno-lint-ignore no-await-in-loop -- one token after the other
    assert.equal(await here.verifying(`unknown ${n}`), null);
  }
  assert.ok(state.reads - before <= 1, `${state.reads - before} reads`);
});

Deno.test("SigningKeys goes on with what it has while the store is down, and rotates afterwards", async () => {
  const { secrets, state } = memorySecrets();
  const { clock, nowMs } = createClock();
  const keys = await SigningKeys.open({ secrets, nowMs });
  const { kid } = await keys.current();
  clock.now += SIGNING_KEY_MS;
  state.isDown = true;
  assert.equal((await keys.current()).kid, kid);
  assert.notEqual(await keys.verifying(kid), null);
  state.isDown = false;
  assert.notEqual((await keys.current()).kid, kid);
});

Deno.test("SigningKeys replaces the one key of earlier builds, and refuses what is none", async () => {
  const { nowMs } = createClock();
  const earlier = memorySecrets();
  const text = JSON.stringify({ kty: "OKP", crv: "Ed25519", x: "x", d: "d" });
  await earlier.secrets.write(SIGNING_KEYS_NAME, { text, version: null });
  await SigningKeys.open({ secrets: earlier.secrets, nowMs });
  assert.equal(earlier.kids().length, 1);
  for (const bad of ["{", "[]", '{"v":2,"keys":[]}', '{"v":3}']) {
    const { secrets } = memorySecrets();
    // deno-lint-ignore no-await-in-loop -- one after the other
    await secrets.write(SIGNING_KEYS_NAME, { text: bad, version: null });
    // deno-lint-ignore no-await-in-loop -- as above
    await assert.rejects(SigningKeys.open({ secrets, nowMs }), {
      code: "INTERNAL",
      message: /holds no signing keys/,
    });
  }
});
