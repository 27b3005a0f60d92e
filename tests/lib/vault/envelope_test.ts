import assert from "node:assert/strict";
import fc from "fast-check";
import type { SealedSecret } from "../../../lib/contracts/exchange_key.ts";
import { open, seal } from "../../../lib/vault/envelope.ts";
import { testWrappingKey } from "../../support/vault.ts";

const BOUND = ["exchange-key", "usr_1", "binance", "key_1"];
const isUnreadable = { code: "SECRET_UNREADABLE" };

Deno.test("open() gives back any text that was sealed", () =>
  fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 200 }), async (text) => {
      const wrapping = await testWrappingKey();
      const sealed = await seal(text, { wrapping, bound: BOUND });
      assert.equal(await open(sealed, { wrapping, bound: BOUND }), text);
      if (text.length > 3) assert(!JSON.stringify(sealed).includes(text));
    }),
    { numRuns: 50 },
  ));

Deno.test("seal() never gives the same envelope twice", async () => {
  const wrapping = await testWrappingKey();
  const texts = await Promise.all(
    Array.from({ length: 20 }, () => seal("same", { wrapping, bound: BOUND })),
  );
  for (const part of ["wrapIv", "wrappedKey", "iv", "text"] as const) {
    assert.equal(new Set(texts.map((sealed) => sealed[part])).size, 20, part);
  }
});

Deno.test("open() refuses an envelope that was changed anywhere", () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom("wrapIv", "wrappedKey", "iv", "text"),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (part, place, change) => {
        const wrapping = await testWrappingKey();
        const sealed = await seal("a secret", { wrapping, bound: BOUND });
        const bytes = Uint8Array.fromBase64(sealed[part]);
        bytes[place % bytes.length]! ^= change;
        const broken: SealedSecret = { ...sealed, [part]: bytes.toBase64() };
        await assert.rejects(
          open(broken, { wrapping, bound: BOUND }),
          isUnreadable,
        );
      },
    ),
    { numRuns: 100 },
  ));

Deno.test("open() refuses another place and another installation's key, and says how to mend it", async () => {
  const wrapping = await testWrappingKey();
  const sealed = await seal("a secret", { wrapping, bound: BOUND });
  for (
    const bound of [
      ["exchange-key", "usr_2", "binance", "key_1"],
      ["exchange-key", "usr_1", "binance"],
      // The same letters, cut elsewhere.
      ["exchange-key", "usr_1b", "inance", "key_1"],
    ]
  ) {
    await assert.rejects(open(sealed, { wrapping, bound }), isUnreadable);
  }
  await assert.rejects(
    open(sealed, { wrapping: await testWrappingKey(9), bound: BOUND }),
    /sealed with the key "test-7".*EXCHANGE_KEY_SECRET/,
  );
});
