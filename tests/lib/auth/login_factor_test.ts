import assert from "node:assert/strict";
import fc from "fast-check";
import { PENDING_LOGIN_MS } from "../../../lib/auth/limits.ts";
import { FactorCodes } from "../../../lib/auth/factor_codes.ts";
import { LoginDelays } from "../../../lib/auth/login_delays.ts";
import { hashRecoveryCode } from "../../../lib/auth/recovery_codes.ts";
import { ShortLived } from "../../../lib/auth/short_lived.ts";
import type { AppError } from "../../../lib/core/errors.ts";
import { userOf } from "../../support/users.ts";
import { memoryFactors, testWrappingKey } from "../../support/vault.ts";
import { ManualTime } from "../store/support.ts";
import {
  CLIENT,
  codeOf,
  EMAIL,
  enrol,
  FROM,
  PASSWORD,
  refusedWith,
  setUp,
  withAuth,
} from "./support.ts";

const LOGIN = { email: EMAIL, password: PASSWORD };

Deno.test("login() asks for the second factor of who has one, and only after the right password", () =>
  withAuth(async (setup) => {
    const { auth, time } = setup;
    const identity = (await auth.authenticate(await setUp(setup)))!;
    assert.equal((await auth.login(LOGIN, CLIENT)).user.email, EMAIL);
    const { secret, recoveryCodes } = await enrol(setup, identity);
    await assert.rejects(
      auth.login(LOGIN, CLIENT),
      refusedWith("FACTOR_NEEDED"),
    );
    time.advance(60_000);
    const code = codeOf(secret, time.nowMs());
    // The code tells nothing to who has not the password, and is not used up.
    await assert.rejects(
      auth.login({ ...LOGIN, password: "wrong", code }, CLIENT),
      refusedWith("AUTH_INVALID"),
    );
    await assert.rejects(
      auth.login({ ...LOGIN, code: "000000" }, CLIENT),
      refusedWith("FACTOR_INVALID"),
    );
    const session = await auth.login({ ...LOGIN, code }, CLIENT);
    assert.equal(session.recoveryCodesLeft, undefined);
    await assert.rejects(
      auth.login({ ...LOGIN, code }, CLIENT),
      refusedWith("FACTOR_INVALID"),
    );
    const byRecovery = { ...LOGIN, code: recoveryCodes[3]! };
    assert.equal((await auth.login(byRecovery, CLIENT)).recoveryCodesLeft, 9);
    await assert.rejects(
      auth.login(byRecovery, CLIENT),
      refusedWith("FACTOR_INVALID"),
    );
    // A login is no fresh proof: who takes over an open panel has it as well.
    const opened = (await auth.authenticate(session.token))!;
    assert.equal(auth.factor.isFresh(opened.sessionId), false);
    const trail = (await setup.store.auditPage({
      limit: 40,
      cursor: null,
      stream: "access",
    }))
      .items.filter(({ action }) => action === "auth.login");
    assert(trail.some(({ detail }) => detail["factor"] === "recovery code"));
    assert(trail.some(({ reason }) => /wrong code/.test(reason)));
  }));

Deno.test("beginLogin() and finishLogin() are the same in two steps, within five minutes", () =>
  withAuth(async (setup) => {
    const { auth, time } = setup;
    const identity = (await auth.authenticate(await setUp(setup)))!;
    const { recoveryCodes: [one = "", two = ""] } = await enrol(
      setup,
      identity,
    );
    const begin = async () => {
      const step = await auth.beginLogin(LOGIN, CLIENT);
      assert(step.kind === "factor" && step.takesCode);
      return step.ticket;
    };
    const ticket = await begin();
    await assert.rejects(
      auth.finishLogin({ ticket, code: "00000-00000" }, CLIENT),
      refusedWith("FACTOR_INVALID"),
    );
    const session = await auth.finishLogin({ ticket, code: one }, CLIENT);
    assert.notEqual(await auth.authenticate(session.token), null);
    await assert.rejects(
      auth.finishLogin({ ticket, code: two }, CLIENT),
      refusedWith("AUTH_REQUIRED"),
    );
    const late = await begin();
    time.advance(PENDING_LOGIN_MS);
    await assert.rejects(
      auth.finishLogin({ ticket: late, code: two }, CLIENT),
      refusedWith("AUTH_REQUIRED"),
    );
    await assert.rejects(
      auth.beginLogin({ ...LOGIN, password: "wrong" }, CLIENT),
      refusedWith("AUTH_INVALID"),
    );
  }));

Deno.test("login() hashes a password anew where the parameters have changed", () =>
  withAuth(async (setup) => {
    const { auth, store } = setup;
    await setUp(setup);
    const known = (await store.users.byEmail(EMAIL))!;
    // The same password with one pass less memory, made elsewhere.
    const { argon2id } = await import("hash-wasm");
    const weak = await argon2id({
      password: PASSWORD,
      salt: new Uint8Array(16),
      memorySize: 1_024,
      iterations: 1,
      parallelism: 1,
      hashLength: 32,
      outputType: "encoded",
    });
    await store.people.rehash(known.user.id, {
      from: known.passwordHash,
      to: weak,
    });
    await auth.login(LOGIN, CLIENT);
    const { passwordHash, user } = (await store.users.byEmail(EMAIL))!;
    assert.match(passwordHash, /\$m=19456,t=2,p=1\$/);
    assert.equal(user.epoch, known.user.epoch, "no login ends by this");
    await auth.login(LOGIN, CLIENT);
  }));

Deno.test("FactorCodes.spend() takes each recovery code once, in any order and however often it is tried", async () => {
  const user = userOf();
  const wrapping = await testWrappingKey();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 20 }),
      async (order) => {
        const time = new ManualTime();
        const store = memoryFactors();
        const codes = ["aaaaa-22222", "bbbbb-33333", "ccccc-44444"];
        await store.replace(user.id, {
          expected: null,
          factor: {
            revision: "1",
            sealed: null as never,
            isConfirmed: true,
            lastStep: 0,
            recoveryHashes: await Promise.all(codes.map(hashRecoveryCode)),
          },
          audit: null as never,
        });
        const spender = new FactorCodes({
          store,
          wrapping,
          time,
          delays: new LoginDelays(() => time.nowMs()),
        });
        const left = new Set(codes);
        for (const index of order) {
          const code = codes[index] ?? "zzzzz-99999";
          const isGood = left.delete(code);
          const factor = (await store.get(user.id))!;
          // Twice at once: at most one of the two.
          const tries = await Promise.allSettled([
            spender.spend(user, { factor, code, client: FROM }),
            spender.spend(user, { factor, code, client: FROM }),
          ]);
          const good = tries.filter(({ status }) => status === "fulfilled");
          assert.equal(good.length, isGood ? 1 : 0);
          time.advance(60 * 60_000);
        }
        const { recoveryHashes } = (await store.get(user.id))!;
        assert.equal(recoveryHashes.length, left.size);
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("guesses of codes wait ever longer by account and by address, whatever lies between them", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          account: fc.constantFrom("factor:a", "factor:b"),
          address: fc.constantFrom("192.0.2.1", "192.0.2.2", "2001:db8::1"),
          pauseMs: fc.nat({ max: 2_000 }),
        }),
        { minLength: 1, maxLength: 60 },
      ),
      (guesses) => {
        let now = 0;
        const delays = new LoginDelays(() => now);
        const passed = new Map<string, number>();
        for (const { account, address, pauseMs } of guesses) {
          now += pauseMs;
          try {
            delays.begin({ account, address });
          } catch (error) {
            assert.equal((error as AppError).code, "LOGIN_DELAYED");
            continue;
          }
          passed.set(account, (passed.get(account) ?? 0) + 1);
        }
        // After n guesses 2^(n-5) seconds have to pass, so few fit into the time.
        for (const count of passed.values()) {
          assert(count <= 6 + Math.log2(1 + now / 1_000), `${count} in ${now}`);
        }
      },
    ),
  );
});

Deno.test("ShortLived gives a value once, for as long as it lives, and drops the oldest", () => {
  let now = 0;
  const book = new ShortLived<number>({ nowMs: () => now, lifeMs: 10, max: 2 });
  const [one, two] = [book.issue(1), book.issue(2)];
  assert.equal(book.find(one), 1);
  const three = book.issue(3);
  assert.equal(book.take(one), null);
  assert.equal(book.take(two), 2);
  assert.equal(book.take(two), null);
  now = 10;
  assert.equal(book.take(three), null);
});
