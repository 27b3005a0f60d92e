import assert from "node:assert/strict";
import { Secret } from "../../../lib/core/secret.ts";
import {
  addKeyToFile,
  loadKeyring,
  readKeyring,
  removeKeysFromFile,
} from "../../../lib/vault/keyring.ts";
import { KEYRING_MAX } from "../../../lib/vault/limits.ts";
import { withTempDir } from "../../support/temp.ts";

const FILE = new Secret("");
const keyText = (fill: number) => new Uint8Array(32).fill(fill).toBase64();

Deno.test("loadKeyring() makes a file for its owner only and finds the same key again", () =>
  withTempDir(async (dir) => {
    const path = `${dir}/exchange-key-secret`;
    assert.equal(await readKeyring({ secret: FILE, path }), null);
    const made = await loadKeyring({ secret: FILE, path });
    const again = await loadKeyring({ secret: FILE, path });
    assert.deepEqual(made.ids, again.ids);
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    assert.equal(made.current.key.extractable, false);
  }));

Deno.test("loadKeyring() prefers the environment, takes its first key for sealing, and makes no file then", () =>
  withTempDir(async (dir) => {
    const path = `${dir}/exchange-key-secret`;
    const one = await loadKeyring({ secret: new Secret(keyText(5)), path });
    const two = await loadKeyring({
      secret: new Secret(`${keyText(6)}, ${keyText(5)}`),
      path,
    });
    assert.match(one.current.id, /^[0-9a-f]{12}$/);
    assert.notEqual(two.current.id, one.current.id);
    assert.equal(two.find(one.current.id)?.id, one.current.id);
    assert.equal(two.find("unknown"), null);
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  }));

Deno.test("loadKeyring() refuses what is no key and never shows it", () =>
  withTempDir(async (dir) => {
    const path = `${dir}/exchange-key-secret`;
    for (const text of ["canary-not-a-key\n", `${keyText(1)}\ncanary\n`, ""]) {
      // deno-lint-ignore no-await-in-loop -- one file
      await Deno.writeTextFile(path, text);
      // deno-lint-ignore no-await-in-loop -- one file
      await assert.rejects(loadKeyring({ secret: FILE, path }), (error) => {
        assert(error instanceof Error);
        assert.match(error.message, /must hold 32 bytes in base64/);
        assert(!error.message.includes("canary"));
        return true;
      });
    }
  }));

Deno.test("loadKeyring() makes one key where two starts come at once", () =>
  withTempDir(async (dir) => {
    const path = `${dir}/exchange-key-secret`;
    const keys = await Promise.all(
      Array.from({ length: 8 }, () => loadKeyring({ secret: FILE, path })),
    );
    assert.equal(new Set(keys.map(({ current }) => current.id)).size, 1);
  }));

Deno.test("addKeyToFile() puts a new key first and keeps the old ones until they are removed", () =>
  withTempDir(async (dir) => {
    const path = `${dir}/exchange-key-secret`;
    const first = await loadKeyring({ secret: FILE, path });
    const second = await addKeyToFile(path);
    assert.deepEqual(second.ids.slice(1), first.ids);
    assert.deepEqual(
      (await readKeyring({ secret: FILE, path }))!.ids,
      second.ids,
    );
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    const third = await removeKeysFromFile(path, first.ids);
    assert.deepEqual(third.ids, [second.current.id]);
    for (let count = 1; count < KEYRING_MAX; count++) {
      // deno-lint-ignore no-await-in-loop -- one file
      await addKeyToFile(path);
    }
    await assert.rejects(addKeyToFile(path), /keys retire/);
    assert.deepEqual(
      [...Deno.readDirSync(dir)].map(({ name }) => name),
      ["exchange-key-secret"],
    );
  }));
