import assert from "node:assert/strict";
import { createBackup } from "../../../../lib/store/backup/create_backup.ts";
import {
  readManifest,
  verifyFiles,
} from "../../../../lib/store/backup/manifest.ts";
import { copyStore } from "../../../../lib/store/backup/store_copy.ts";
import { WRAPPING_KEY_FILE } from "../../../../lib/vault/keyring.ts";
import { systemDraft } from "../support.ts";
import {
  backUp,
  JOURNAL,
  NOW_MS,
  storedMessages,
  tree,
  withDataFolder,
  withStore,
} from "./support.ts";

Deno.test("createBackup() copies store and journals for its owner only, and no setup token", async () => {
  await withDataFolder(async (dataDir) => {
    const { folder, files } = await createBackup({
      dataDir,
      out: null,
      nowMs: NOW_MS,
    });
    assert.equal(folder, `${dataDir}/backups/2026-01-31T12-00-00.000Z`);
    assert.equal(files, 2);
    assert.deepEqual(await tree(`${dataDir}/backups`), [
      "2026-01-31T12-00-00.000Z 700",
      "2026-01-31T12-00-00.000Z/journal 700",
      `2026-01-31T12-00-00.000Z/journal/${JOURNAL} 600`,
      "2026-01-31T12-00-00.000Z/manifest.json 600",
      "2026-01-31T12-00-00.000Z/store.sqlite 600",
    ]);
    const manifest = await readManifest(folder);
    assert.equal(manifest.createdAt, "2026-01-31T12:00:00.000Z");
    await verifyFiles(folder, manifest);
    assert.deepEqual(await storedMessages(folder), ["one", "two"]);
  });
});

Deno.test("createBackup() takes emergency stops along, and never the key that seals exchange keys", async () => {
  await withDataFolder(async (dataDir) => {
    await Deno.mkdir(`${dataDir}/emergency/binance.swap`, { recursive: true });
    const write = (name: string) =>
      Deno.writeTextFile(`${dataDir}/${name}`, name);
    await Promise.all([
      write("emergency/latches.json"),
      write("emergency/binance.swap/latches.json"),
      write("emergency/done-00000000.json"),
      write(WRAPPING_KEY_FILE),
      write("exchange-silence.json"),
    ]);
    const from = await backUp(dataDir);
    assert.deepEqual(await tree(from), [
      "emergency 700",
      "emergency/binance.swap 700",
      "emergency/binance.swap/latches.json 600",
      "emergency/latches.json 600",
      "journal 700",
      `journal/${JOURNAL} 600`,
      "manifest.json 600",
      "store.sqlite 600",
    ]);
    await verifyFiles(from, await readManifest(from));
  });
});

Deno.test("createBackup() copies one state of a store that is being written", async () => {
  await withDataFolder(async (dataDir, parent) => {
    await withStore(dataDir, async (store) => {
      let isDone = false;
      const write = async () => {
        let n = 2;
        while (!isDone) {
          await store.events.append({ events: [systemDraft(`event ${++n}`)] });
        }
        return n;
      };
      const writing = write();
      for (const round of [1, 2, 3]) {
        const known = store.events.headSeq();
        const out = `${parent}/backup-${round}`;
        await createBackup({ dataDir, out, nowMs: NOW_MS });
        const copied = await storedMessages(out);
        assert.ok(copied.length >= known, "An acknowledged event is missing");
        assert.deepEqual(
          copied.slice(2),
          copied.slice(2).map((_, index) => `event ${index + 3}`),
        );
      }
      isDone = true;
      await store.events.flush();
      assert.equal(store.events.headSeq(), await writing);
    });
  });
});

Deno.test("createBackup() copies again when an account was closed behind the copy of the store", async () => {
  await withDataFolder(async (dataDir, parent) => {
    const path = `${dataDir}/journal/${JOURNAL}`;
    let copies = 0;
    const { folder } = await createBackup({
      dataDir,
      out: `${parent}/backup`,
      nowMs: NOW_MS,
      async copyStore(from, to) {
        await copyStore(from, to);
        if (++copies === 1) await Deno.rename(path, `${path}.closed`);
      },
    });
    assert.equal(copies, 2);
    const { files } = await readManifest(folder);
    assert.deepEqual(files.map((file) => file.path), [
      "store.sqlite",
      `journal/${JOURNAL}.closed`,
    ]);
  });
});

Deno.test("createBackup() copies again when an account was closed and opened anew under its name", async () => {
  await withDataFolder(async (dataDir, parent) => {
    const path = `${dataDir}/journal/${JOURNAL}`;
    let copies = 0;
    await createBackup({
      dataDir,
      out: `${parent}/backup`,
      nowMs: NOW_MS,
      async copyStore(from, to) {
        await copyStore(from, to);
        if (++copies > 1) return;
        await Deno.rename(path, `${path}.closed`);
        await Deno.writeTextFile(path, "1 other line\n");
      },
    });
    assert.equal(copies, 2);
  });
});

Deno.test("createBackup() gives up, and leaves nothing behind, when accounts are closed at every attempt", async () => {
  await withDataFolder(async (dataDir, parent) => {
    const path = `${dataDir}/journal/${JOURNAL}`;
    let copies = 0;
    await assert.rejects(
      createBackup({
        dataDir,
        out: `${parent}/backup`,
        nowMs: NOW_MS,
        async copyStore(from, to) {
          await copyStore(from, to);
          await Deno.rename(path, `${path}.closed.${++copies}`);
          await Deno.writeTextFile(path, "1 other line\n");
        },
      }),
      { code: "BACKUP_FAILED", message: /closed during each of 5 attempts/ },
    );
    const names = await tree(parent);
    assert.deepEqual(names.filter((name) => name.startsWith("backup")), []);
  });
});

Deno.test("createBackup() refuses a folder that exists and a data folder without a store", async () => {
  await withDataFolder(async (dataDir, parent) => {
    await assert.rejects(
      createBackup({ dataDir, out: parent, nowMs: NOW_MS }),
      { code: "BACKUP_REFUSED", message: /exists already/ },
    );
    await assert.rejects(
      createBackup({ dataDir: parent, out: null, nowMs: NOW_MS }),
      { code: "BACKUP_REFUSED", message: /holds no store.sqlite/ },
    );
  });
});

Deno.test("createBackup() leaves nothing behind when the store is no database", async () => {
  await withDataFolder(async (dataDir, parent) => {
    await Deno.writeTextFile(`${dataDir}/store.sqlite`, "x".repeat(9_000));
    await assert.rejects(
      createBackup({ dataDir, out: `${parent}/backup`, nowMs: NOW_MS }),
    );
    const names = await tree(parent);
    assert.deepEqual(names.filter((name) => name.startsWith("backup")), []);
  });
});
