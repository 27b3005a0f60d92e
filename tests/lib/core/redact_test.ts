import assert from "node:assert/strict";
import * as fc from "fast-check";
import { redact, redactLine, redactValue } from "../../../lib/core/redact.ts";

const KEK = "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=";

Deno.test("redact() takes every shape of secret out and leaves the words around it", () => {
  const cases: readonly [string, string][] = [
    ["Authorization: Bearer abc.def-ghi", "abc.def"],
    ["protocol bearer.abcdefghi, v1", "abcdefghi"],
    ["token eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl bad", "c2lnbm"],
    ["got smc_4fJk2LmN8pQr5sTu here", "4fJk2"],
    ["cookie __Host-session=opaque-value; theme=dark", "opaque-value"],
    ['{"password":"olive lantern \\" quiet","x":1}', "lantern"],
    ['{\\"secret\\":\\"inner-json-canary\\"}', "inner-json"],
    ["GET /setup?token=one-time-canary&x=1", "one-time"],
    ["X-MBX-APIKEY: canaryvalue", "canaryvalue"],
    ["apiKey = 'canary value'", "canary"],
    ["passphrase: hunter2", "hunter2"],
    ["the secret is 0a1b2c3d4e5f60718293a4b5c6d7e8f9", "0a1b2c"],
    ["signature=9f8e7d", "9f8e7d"],
    [`raw ${KEK} somewhere`, KEK.slice(0, 12)],
    [`raw ${"ab".repeat(32)} somewhere`, "abab"],
  ];
  for (const [text, secret] of cases) {
    const result = redact(text);
    assert(!result.includes(secret), result);
    assert(result.includes("***"), result);
  }
  assert.match(redact("GET /setup?token=abc&page=2"), /token=\*\*\*&page=2/);
});

Deno.test("redact() leaves ordinary lines alone", () => {
  for (
    const line of [
      'The key "main" cannot be used for live trading: it may withdraw money',
      "Agent agt_01JABCDEFGHJKMNPQRSTVWXYZ0 opened 0.5 BTC/USDT at 64123.5",
      "Login of owner@example.com from 127.0.0.1",
      "Order x-abc12e00000000000001 filled; the token bucket is empty",
      'Cannot open the store at "/var/lib/fleet/store.sqlite": disk full',
      "Revoked key key_01JABCDEFGHJKMNPQRSTVWXYZ0 of usr_1",
    ]
  ) assert.equal(redact(line), line);
});

Deno.test("redactLine() lets nobody begin a line of his own", () => {
  assert.equal(redactLine("a\r\nerror: b\u2028c"), "a ⏎ error: b ⏎ c");
});

Deno.test("redactValue() hides members by name and texts by shape, at every depth, and copies nothing clean", () => {
  const clean = { label: "main", list: [{ exchange: "okx" }], n: 1 };
  assert.equal(redactValue(clean), clean);
  const dirty = {
    label: "main",
    apiKey: "abcd",
    apiKeyEnd: "1234",
    tokenId: "tok_1",
    recoveryCodesLeft: 9,
    inner: [{ password: "p", note: "Bearer abcdef" }],
  };
  assert.deepEqual(redactValue(dirty), {
    label: "main",
    apiKey: "***",
    apiKeyEnd: "1234",
    tokenId: "tok_1",
    recoveryCodesLeft: 9,
    inner: [{ password: "***", note: "Bearer ***" }],
  });
  assert.equal(dirty.apiKey, "abcd");
});

Deno.test("redact() finds a secret behind any text, and once is enough", () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 60 }),
      fc.stringMatching(/^[A-Za-z0-9]{12,40}$/),
      fc.constantFrom(
        "password=",
        '"secret": "',
        "apiKey: ",
        "Bearer ",
        "smc_",
      ),
      (before, secret, word) => {
        const once = redact(`${before} ${word}${secret}`);
        assert(!once.includes(secret), once);
        assert.equal(redact(once), once);
      },
    ),
  );
});
