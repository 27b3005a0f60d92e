import assert from "node:assert/strict";
import { parseEnv } from "../../../lib/core/env.ts";
import { createBackup } from "../../../lib/store/backup/create_backup.ts";
import { Secret } from "../../../lib/core/secret.ts";
import { loadKeyring } from "../../../lib/vault/keyring.ts";
import { sealClear } from "../../../lib/vault/sealed_records.ts";
import { openStore } from "../../../lib/store/open_store.ts";
import { runKeysCommand } from "../../../lib/server/keys_command.ts";
import { openVault } from "../../../lib/server/open_vault.ts";
import { systemClock } from "../../../actors/mod.ts";
import { withTempDir } from "../../support/temp.ts";
import { systemDraft, systemTime } from "../store/support.ts";

const CANARY = "canary-signing-key-in-clear-text";
/** Longer than what takes its place, so that something of it is left in a page. */
const CLEAR = `${CANARY} `.repeat(40);
const keyText = (fill: number) => new Uint8Array(32).fill(fill).toBase64();

function envOf(dataDir: string, secret = "") {
  return parseEnv((name) =>
    ({ DATA_DIR: dataDir, EXCHANGE_KEY_SECRET: secret })[name]
  );
}

async function open(dataDir: string, secret = "") {
  const told: string[] = [];
  const console = { info: (line: string) => void told.push(line) };
  const env = envOf(dataDir, secret);
  const vault = await openVault({ env, time: systemTime, console });
  return { ...vault, told };
}

const keys = (
  command: Parameters<typeof runKeysCommand>[0],
  dataDir: string,
  { secret = "", id = null }: { secret?: string; id?: string | null } = {},
) =>
  runKeysCommand(command, {
    env: envOf(dataDir, secret),
    time: systemClock,
    id,
  });

/** Files of a folder that hold a text anywhere in their bytes. */
function filesWith(folder: string, text: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) return filesWith(path, text);
    const bytes = new TextDecoder("latin1").decode(Deno.readFileSync(path));
    return bytes.includes(text) ? [path] : [];
  });
}

/** A store of an older build, with its signing key in clear text, twice over. */
async function writeOldStore(dataDir: string): Promise<void> {
  const path = `${dataDir}/store.sqlite`;
  const store = await openStore({ path, time: systemTime });
  await store.secrets.write("jwt-signing-key", {
    text: `${CANARY} draft`,
    version: null,
  });
  const { version } = (await store.secrets.read("jwt-signing-key"))!;
  await store.secrets.write("jwt-signing-key", { text: CLEAR, version });
  await store.events.append({
    events: Array.from({ length: 300 }, (_, n) => systemDraft(`event ${n}`)),
  });
  await store.close();
}

Deno.test("openVault() seals clear text of older builds, and neither the store nor a backup holds it afterwards", () =>
  withTempDir(async (dataDir) => {
    await writeOldStore(dataDir);
    assert.notDeepEqual(filesWith(dataDir, CANARY), []);
    const { store, told } = await open(dataDir);
    assert.match(told.join(), /Sealed 1 secrets/);
    assert.equal((await store.secrets.read("jwt-signing-key"))!.text, CLEAR);
    const { events } = await store.events.after(0, 1_000);
    assert.equal(events.length, 300);
    await store.close();
    assert.deepEqual(filesWith(dataDir, CANARY), []);
    const out = `${dataDir}/backup`;
    await createBackup({ dataDir, out, nowMs: 0 });
    assert.deepEqual(filesWith(dataDir, CANARY), []);
    const again = await open(dataDir);
    assert.deepEqual(again.told, []);
    await again.store.close();
  }));

Deno.test("openVault() copies the store once more where a crash came between sealing and copying", () =>
  withTempDir(async (dataDir) => {
    await writeOldStore(dataDir);
    // As a crash would leave it: sealed, leftovers not yet gone.
    const source = {
      secret: new Secret(""),
      path: `${dataDir}/exchange-key-secret`,
    };
    const path = `${dataDir}/store.sqlite`;
    const store = await openStore({ path, time: systemTime });
    const records = await store.sealed.list();
    await sealClear(store.sealed, records, await loadKeyring(source));
    await store.close();
    assert.notDeepEqual(filesWith(dataDir, CANARY), []);
    await Deno.writeTextFile(`${dataDir}/store-has-leftovers`, "");
    const second = await open(dataDir);
    await second.store.close();
    assert.deepEqual(filesWith(dataDir, CANARY), []);
  }));

Deno.test("openVault() keeps the key that it made once something is sealed with it, however the start ends", () =>
  withTempDir(async (dataDir) => {
    await writeOldStore(dataDir);
    // No room for the copy without leftovers.
    const inTheWay = `${dataDir}/store.sqlite.clean`;
    await Deno.mkdir(`${inTheWay}/file`, { recursive: true });
    await assert.rejects(open(dataDir), { code: "STORE_UNAVAILABLE" });
    await Deno.remove(inTheWay, { recursive: true });
    const { store } = await open(dataDir);
    assert.equal((await store.secrets.read("jwt-signing-key"))!.text, CLEAR);
    await store.close();
    assert.deepEqual(filesWith(dataDir, CANARY), []);
  }));

Deno.test("openVault() says in one sentence that the key of the store is not there, and makes none in its place", () =>
  withTempDir(async (dataDir) => {
    const first = await open(dataDir);
    await first.store.secret("a", () => Promise.resolve("secret"));
    await first.store.close();
    const path = `${dataDir}/exchange-key-secret`;
    const kept = await Deno.readTextFile(path);
    await Deno.remove(path);
    const isMissing = {
      code: "VAULT_KEY_UNUSABLE",
      message:
        /1 secret of the server with the key "[0-9a-f]{12}".*put the file exchange-key-secret of that time back/,
    };
    await assert.rejects(open(dataDir), isMissing);
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
    await assert.rejects(open(dataDir, keyText(3)), isMissing);
    await Deno.writeTextFile(path, kept);
    await (await open(dataDir)).store.close();
  }));

Deno.test("deno task keys rotates, retires and lists the keys of the file, and goes on where it was cut short", () =>
  withTempDir(async (dataDir) => {
    await assert.rejects(keys("rotate", dataDir), /holds no store/);
    const first = await open(dataDir);
    await first.store.secret("a", () => Promise.resolve("secret"));
    await first.store.close();
    await assert.rejects(keys("retire", dataDir), /only the key that seals/);
    const old = first.wrapping.current.id;
    const rotated = await keys("rotate", dataDir);
    assert.match(rotated, /now: 1 secret of the server/);
    const listed = (await keys("list", dataDir)).split("\n");
    assert.equal(listed.length, 2);
    assert.match(listed[0]!, /seals {2}1 secret of the server$/);
    assert.match(listed[1]!, new RegExp(`^${old} {2}opens {2}nothing$`));
    assert.match(await keys("retire", dataDir), new RegExp(`^Retired ${old}`));
    const last = await open(dataDir);
    assert.equal(last.wrapping.ids.length, 1);
    assert.equal((await last.store.secrets.read("a"))!.text, "secret");
    const { items } = await last.store.auditPage({ limit: 2, cursor: null });
    assert.deepEqual(items.map(({ action }) => action), [
      "vault.retire",
      "vault.rotate",
    ]);
    await last.store.close();
    const held = await Deno.open(`${dataDir}/lock`, {
      read: true,
      write: true,
    });
    await held.lock(true);
    await assert.rejects(keys("rotate", dataDir), { code: "DATA_DIR_IN_USE" });
    held.close();
  }));

Deno.test("deno task keys says how to change keys in the environment, and rotates to them", () =>
  withTempDir(async (dataDir) => {
    const first = await open(dataDir, keyText(1));
    await first.store.secret("a", () => Promise.resolve("secret"));
    await first.store.close();
    await assert.rejects(
      keys("rotate", dataDir, { secret: keyText(1) }),
      /set it to "NEW,OLD"/,
    );
    const secret = `${keyText(2)},${keyText(1)}`;
    // A server that starts before the rotation opens what the old key sealed.
    await (await open(dataDir, secret)).store.close();
    await assert.rejects(
      keys("retire", dataDir, { secret }),
      /run first: deno task keys rotate/,
    );
    await assert.rejects(
      keys("retire", dataDir, { secret, id: first.wrapping.current.id }),
      /still opens 1 secret/,
    );
    assert.match(
      await keys("rotate", dataDir, { secret }),
      /now: 1 secret of the server/,
    );
    await assert.rejects(
      keys("rotate", dataDir, { secret }),
      /already|first key/,
    );
    assert.match(
      await keys("retire", dataDir, { secret }),
      /out of EXCHANGE_KEY_SECRET.*place in the list is 2 of 2/,
    );
    await (await open(dataDir, keyText(2))).store.close();
    await assert.rejects(Deno.stat(`${dataDir}/exchange-key-secret`));
  }));

Deno.test("deno task keys forgets what a lost key sealed, and nothing else", () =>
  withTempDir(async (dataDir) => {
    const first = await open(dataDir, keyText(1));
    await first.store.secret("a", () => Promise.resolve("secret"));
    await first.store.secret("order-namespace", () => Promise.resolve("abc"));
    await first.store.close();
    const id = first.wrapping.current.id;
    await assert.rejects(
      keys("forget", dataDir, { secret: keyText(1), id }),
      /is there and opens/,
    );
    await assert.rejects(keys("forget", dataDir), /Say which/);
    assert.match(
      await keys("forget", dataDir, { secret: keyText(2), id }),
      /Removed .*1 secret of the server/,
    );
    const { store } = await open(dataDir, keyText(2));
    assert.equal(await store.secrets.read("a"), null);
    assert.equal(
      await store.secret("order-namespace", () => Promise.resolve("x")),
      "abc",
    );
    await store.close();
  }));
