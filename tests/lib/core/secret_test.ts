import assert from "node:assert/strict";
import { inspect } from "node:util";
import { Secret } from "../../../lib/core/secret.ts";

Deno.test("Secret shows *** to everything that writes, and its value to reveal() alone", () => {
  const secret = new Secret("canary");
  const texts = [
    String(secret),
    `${secret}`,
    "" + secret,
    JSON.stringify({ secret }),
    Deno.inspect({ secret }),
    inspect({ secret }, { showHidden: true, depth: 9 }),
    Object.entries(secret).join(),
    JSON.stringify(structuredClone(secret)),
  ];
  for (const text of texts) assert(!text.includes("canary"), text);
  assert.equal(JSON.stringify({ secret }), '{"secret":"***"}');
  assert.equal(secret.reveal(), "canary");
});
