import assert from "node:assert/strict";
import {
  loadWrappingKey,
  readWrappingKey,
} from "../../../lib/vault/wrapping_key.ts";
import { withTempDir } from "../../support/temp.ts";

Deno.test("loadWrappingKey() makes a file for its owner only and finds the same key again", () =>
  withTempDir(async (dir) => {
    const path = `${dir}/exchange-key-secret`;
    assert.equal(await readWrappingKey({ secret: "", path }), null);
    const made = await loadWrappingKey({ secret: "", path });
    const again = await loadWrappingKey({ secret: "", path });
    assert.equal(made.id, again.id);
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    assert.equal(made.key.extractable, false);
  }));

Deno.test("loadWrappingKey() prefers the environment and makes no file then", () =>
  withTempDir(async (dir) => {
    const path = `${dir}/exchange-key-secret`;
    const secret = new Uint8Array(32).fill(5).toBase64();
    const key = await loadWrappingKey({ secret, path });
    assert.match(key.id, /^[0-9a-f]{12}$/);
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  }));

Deno.test("loadWrappingKey() refuses what is no key and never shows it", () =>
  withTempDir(async (dir) => {
    const path = `${dir}/exchange-key-secret`;
    await Deno.writeTextFile(path, "canary-not-a-key\n");
    await assert.rejects(loadWrappingKey({ secret: "", path }), (error) => {
      assert(error instanceof Error);
      assert.match(error.message, /must hold 32 bytes in base64/);
      assert(!error.message.includes("canary"));
      return true;
    });
  }));

Deno.test("loadWrappingKey() makes one key where two starts come at once", () =>
  withTempDir(async (dir) => {
    const path = `${dir}/exchange-key-secret`;
    const keys = await Promise.all(
      Array.from({ length: 8 }, () => loadWrappingKey({ secret: "", path })),
    );
    assert.equal(new Set(keys.map(({ id }) => id)).size, 1);
  }));
