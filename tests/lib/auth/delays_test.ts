import assert from "node:assert/strict";
import fc from "fast-check";
import { LoginDelays } from "../../../lib/auth/login_delays.ts";

interface Setup {
  delays: LoginDelays;
  pass: (ms: number) => void;
}

function createDelays(): Setup {
  let now = 1_000_000;
  return {
    delays: new LoginDelays(() => now),
    pass: (ms) => now += ms,
  };
}

const source = { account: "ada@example.com", address: "192.0.2.1" };

Deno.test("begin() counts failures of an address over many accounts", () => {
  const { delays } = createDelays();
  for (let n = 0; n < 5; n++) delays.begin({ ...source, account: `u${n}` });
  assert.throws(() => delays.begin({ ...source, account: "u9" }), {
    code: "LOGIN_DELAYED",
  });
});

Deno.test("begin() counts an IPv6 network of 64 bits as one address", () => {
  const { delays } = createDelays();
  const addresses = ["2001:db8::1", "2001:db8:0:0:5::9", "2001:db8::2"];
  for (let n = 0; n < 5; n++) {
    delays.begin({ account: `u${n}`, address: addresses[n % 3]! });
  }
  assert.throws(() => delays.begin({ account: "x", address: "2001:db8::7" }));
  delays.begin({ account: "x", address: "2001:db8:0:1::7" });
});

Deno.test("begin() counts IPv4 addresses that reach an IPv6 socket each for itself", () => {
  const { delays } = createDelays();
  for (let n = 0; n < 5; n++) {
    delays.begin({ account: `u${n}`, address: "::ffff:192.0.2.1" });
  }
  assert.throws(() => delays.begin({ account: "x", address: "192.0.2.1" }));
  delays.begin({ account: "x", address: "::ffff:192.0.2.2" });
});

Deno.test("begin() never waits longer than 15 minutes and never locks for good", () => {
  const { delays, pass } = createDelays();
  const waits: number[] = [];
  for (let n = 0; n < 40; n++) {
    let waited = 0;
    for (;;) {
      try {
        delays.begin(source);
        break;
      } catch {
        pass(1_000);
        waited += 1_000;
      }
    }
    waits.push(waited / 1_000);
  }
  assert.deepEqual(waits.slice(4, 12), [0, 1, 2, 4, 8, 16, 32, 64]);
  assert.equal(Math.max(...waits), 900);
});

Deno.test("succeed() forgives the account but not the address's other failures", () => {
  const { delays } = createDelays();
  for (let n = 0; n < 4; n++) delays.begin({ ...source, account: `u${n}` });
  delays.begin(source);
  delays.succeed(source);
  delays.begin({ ...source, account: "u8" });
  assert.throws(() => delays.begin({ ...source, account: "u9" }));
});

Deno.test("begin() forgets failures after 15 quiet minutes", () => {
  const { delays, pass } = createDelays();
  for (let n = 0; n < 5; n++) delays.begin(source);
  pass(1_000 + 15 * 60_000);
  for (let n = 0; n < 4; n++) delays.begin(source);
});

Deno.test("LoginDelays allows at most five attempts plus one per wait, whatever the order", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 }),
    (pauses) => {
      const { delays, pass } = createDelays();
      let allowed = 0;
      let elapsed = 0;
      for (const pause of pauses) {
        pass(pause);
        elapsed += pause;
        try {
          delays.begin(source);
          allowed++;
        } catch { /* delayed */ }
      }
      // n guesses beyond five have waited 1 + 2 + 4 + ... seconds together.
      const most = 5 + Math.log2(elapsed / 1_000 + 1);
      assert.ok(allowed <= most, `${allowed} attempts in ${elapsed} ms`);
    },
  ));
});
