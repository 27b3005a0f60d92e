import assert from "node:assert/strict";
import { makeOneTimeToken } from "../../../lib/auth/one_time_token.ts";
import {
  createSetupTokenFile,
  isSameToken,
} from "../../../lib/auth/setup_token.ts";

Deno.test("makeOneTimeToken() makes 256 random bits that are safe in a link", () => {
  const tokens = new Set(Array.from({ length: 100 }, makeOneTimeToken));
  assert.equal(tokens.size, 100);
  for (const token of tokens) assert.match(token, /^[A-Za-z0-9_-]{43}$/);
});

Deno.test("isSameToken() is true for equal tokens only", async () => {
  const token = makeOneTimeToken();
  assert.equal(await isSameToken(token, token), true);
  assert.equal(await isSameToken(token, makeOneTimeToken()), false);
  assert.equal(await isSameToken(token, token.slice(1)), false);
  assert.equal(await isSameToken("", token), false);
});

Deno.test("createSetupTokenFile() keeps one token in a file that only its owner reads", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const file = createSetupTokenFile(dir);
    assert.equal(await file.read(), null);
    const token = await file.ensure();
    assert.equal(await file.ensure(), token);
    assert.equal(await createSetupTokenFile(dir).read(), token);
    const { mode } = await Deno.stat(`${dir}/setup-token`);
    assert.equal(mode! & 0o777, 0o600);
    await file.remove();
    await file.remove();
    assert.equal(await file.read(), null);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("createSetupTokenFile() says which file it cannot use", () =>
  assert.rejects(
    createSetupTokenFile("/nowhere").ensure(),
    /"\/nowhere\/setup-token" cannot be used: .*check the owner and mode/,
  ));
