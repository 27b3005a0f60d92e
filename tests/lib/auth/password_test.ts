import assert from "node:assert/strict";
import {
  createPasswordHasher,
  type PasswordHasher,
} from "../../../lib/auth/password_hasher.ts";
import { ManualTime } from "../store/support.ts";

const workerUrl = new URL(
  "../../../lib/auth/password_worker.ts",
  import.meta.url,
);

async function withHasher(
  test: (hasher: PasswordHasher, time: ManualTime) => Promise<void>,
  url = workerUrl,
): Promise<void> {
  const time = new ManualTime();
  const hasher = createPasswordHasher({ time, workerUrl: url });
  try {
    await test(hasher, time);
  } finally {
    hasher.close();
  }
}

/** A worker whose code is given as text. */
function scriptUrl(code: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

Deno.test("hash() makes a salted argon2id hash in PHC format that verify() knows", () =>
  withHasher(async (hasher) => {
    const [one, two] = await Promise.all([
      hasher.hash("pä55"),
      hasher.hash("pä55"),
    ]);
    assert.match(
      one,
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
    assert.notEqual(one, two);
    assert.equal(await hasher.verify("pä55", one), true);
    assert.equal(await hasher.verify("pä56", one), false);
  }));

Deno.test("hash() starts a new worker after an idle one has ended", () =>
  withHasher(async (hasher, time) => {
    const hash = await hasher.hash("one");
    time.advance(60_000);
    assert.equal(await hasher.verify("one", hash), true);
  }));

Deno.test("hash() refuses more than 64 waiting passwords", () =>
  withHasher(async (hasher) => {
    const results = Promise.allSettled(
      Array.from({ length: 67 }, () => hasher.hash("x")),
    );
    hasher.close();
    const codes = (await results).map((result) =>
      result.status === "rejected" ? result.reason.code : "ok"
    );
    assert.equal(codes.filter((code) => code === "RATE_LIMITED").length, 1);
  }));

Deno.test("hash() fails when the worker does not answer, and starts another", () =>
  withHasher(async (hasher, time) => {
    const hash = hasher.hash("x");
    time.advance(15_000);
    await assert.rejects(hash, /does not answer; try again/);
  }, scriptUrl("")));

Deno.test("hash() fails when the worker breaks, and the process lives on", () =>
  withHasher(async (hasher) => {
    await assert.rejects(
      hasher.hash("x"),
      /the password worker failed: .*boom/,
    );
    await assert.rejects(
      hasher.hash("x"),
      /the password worker failed: .*boom/,
    );
  }, scriptUrl("throw new Error('boom')")));

Deno.test("hash() gives the worker no permission at all", () =>
  withHasher(
    async (hasher) => {
      await assert.rejects(
        hasher.hash("x"),
        /denied,denied,denied,denied,denied,denied,denied/,
      );
    },
    scriptUrl(`
    const names = ["env", "ffi", "import", "net", "read", "run", "write"];
    self.onmessage = async ({ data }) => {
      const states = await Promise.all(
        names.map((name) => Deno.permissions.query({ name })),
      );
      const message = states.map(({ state }) =>
        state === "prompt" ? "denied" : state
      ).join();
      self.postMessage({ id: data.id, ok: false, message });
    };
  `),
  ));
