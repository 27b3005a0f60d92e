import assert from "node:assert/strict";
import { openDataFolder } from "../../../../lib/server/data_folder.ts";
import { restoreBackup } from "../../../../lib/store/backup/restore_backup.ts";
import { systemDraft } from "../support.ts";
import { GrowingJournal, readTexts } from "./growing_journal.ts";
import {
  backUp,
  JOURNAL,
  NOW_MS,
  storedMessages,
  tree,
  withDataFolder,
  withStore,
} from "./support.ts";

Deno.test("restoreBackup() puts store and journals into a new data folder", async () => {
  await withDataFolder(async (dataDir, parent) => {
    const from = await backUp(dataDir);
    const target = `${parent}/new/data`;
    const restored = await restore(from, target);
    assert.equal(restored.replaced, null);
    assert.deepEqual(await tree(target), [
      "journal 700",
      `journal/${JOURNAL} 600`,
      "lock 644",
      "store.sqlite 600",
    ]);
    assert.deepEqual(await storedMessages(target), ["one", "two"]);
  });
});

Deno.test("restoreBackup() puts emergency stops back, and leaves those of the folder itself", async () => {
  await withDataFolder(async (dataDir, parent) => {
    const latches = (folder: string) => `${folder}/emergency/latches.json`;
    const ofVenue = "emergency/binance.swap/latches.json";
    await Deno.mkdir(`${dataDir}/emergency/binance.swap`, { recursive: true });
    await Deno.writeTextFile(latches(dataDir), "old");
    await Deno.writeTextFile(`${dataDir}/${ofVenue}`, "venue");
    const from = await backUp(dataDir);
    await restore(from, `${parent}/new`);
    assert.equal(await Deno.readTextFile(latches(`${parent}/new`)), "old");
    assert.equal(
      await Deno.readTextFile(`${parent}/new/${ofVenue}`),
      "venue",
    );
    await Deno.writeTextFile(latches(dataDir), "new");
    await restore(from, dataDir, { isReplacing: true });
    assert.equal(await Deno.readTextFile(latches(dataDir)), "new");
  });
});

Deno.test("restoreBackup() puts every segment of open and closed accounts back", async () => {
  await withDataFolder(async (dataDir, parent) => {
    const journal = new GrowingJournal(`${dataDir}/journal`);
    journal.start(3);
    journal.close();
    for (const closed of [`${JOURNAL}.closed`, `${JOURNAL}.closed.2`]) {
      for (const name of [closed, `${closed}.1-10`, `${closed}.2-20`]) {
        // deno-lint-ignore no-await-in-loop -- a handful
        await Deno.writeTextFile(`${dataDir}/journal/${name}`, name);
      }
    }
    const from = await backUp(dataDir);
    const target = `${parent}/new`;
    const { files } = await restore(from, target);
    const expected = await readTexts(`${dataDir}/journal`);
    assert.equal(Object.keys(expected).length, 10);
    assert.equal(files, 11);
    assert.deepEqual(await readTexts(`${target}/journal`), expected);
  });
});

Deno.test("restoreBackup() puts a file back that an older build has taken for a journal", async () => {
  await withDataFolder(async (dataDir, parent) => {
    const from = await backUp(dataDir);
    await Deno.rename(
      `${from}/journal/${JOURNAL}`,
      `${from}/journal/${JOURNAL}.bak`,
    );
    await changeManifest(
      from,
      (text) => text.replace(`journal/${JOURNAL}`, `journal/${JOURNAL}.bak`),
    );
    await restore(from, `${parent}/new`);
    const names = Object.keys(await readTexts(`${parent}/new/journal`));
    assert.deepEqual(names, [`${JOURNAL}.bak`]);
  });
});

Deno.test("restoreBackup() leaves a data folder that holds data as it is", async () => {
  await withDataFolder(async (dataDir) => {
    const from = await backUp(dataDir);
    const before = await tree(dataDir);
    await assert.rejects(restore(from, dataDir), {
      code: "RESTORE_REFUSED",
      message: /holds data .* add --replace/,
    });
    assert.deepEqual(await tree(dataDir), before);
  });
});

Deno.test("restoreBackup() moves old data aside, the store's log included, when it is to replace it", async () => {
  await withDataFolder(async (dataDir) => {
    const from = await backUp(dataDir);
    await withStore(
      dataDir,
      (store) => store.events.append({ events: [systemDraft("later")] }),
    );
    // What a killed server leaves: a log that would be played into any store beside it.
    await Deno.writeTextFile(`${dataDir}/store.sqlite-wal`, "left behind");
    const { replaced } = await restore(from, dataDir, { isReplacing: true });
    assert.equal(replaced, `${dataDir}/replaced-2026-01-31T12-00-00.000Z`);
    assert.deepEqual(await storedMessages(dataDir), ["one", "two"]);
    const names = (await tree(replaced)).map((name) => name.split(" ")[0]);
    assert.deepEqual(names, [
      "journal",
      `journal/${JOURNAL}`,
      "setup-token",
      "store.sqlite",
      "store.sqlite-wal",
    ]);
    await Deno.remove(`${replaced}/store.sqlite-wal`);
    assert.deepEqual(await storedMessages(replaced), ["one", "two", "later"]);
  });
});

Deno.test("restoreBackup() refuses a data folder that a server has locked", async () => {
  await withDataFolder(async (dataDir) => {
    const from = await backUp(dataDir);
    const server = await openDataFolder(dataDir, ["journal"]);
    await assert.rejects(restore(from, dataDir, { isReplacing: true }), {
      code: "DATA_DIR_IN_USE",
    });
    server.release();
    assert.deepEqual(await storedMessages(dataDir), ["one", "two"]);
  });
});

const DAMAGES: readonly {
  what: string;
  damage: (folder: string) => Promise<void>;
  message: RegExp;
}[] = [
  {
    what: "a flipped byte of the store",
    damage: async (folder) => {
      const path = `${folder}/store.sqlite`;
      const bytes = await Deno.readFile(path);
      bytes[bytes.length - 1]! ^= 1;
      await Deno.writeFile(path, bytes);
    },
    message: /store\.sqlite" is damaged.*use another backup/,
  },
  {
    what: "a journal that is cut",
    damage: (folder) => Deno.truncate(`${folder}/journal/${JOURNAL}`, 3),
    message: new RegExp(`${JOURNAL}" is damaged`),
  },
  {
    what: "a journal that is missing",
    damage: (folder) => Deno.remove(`${folder}/journal/${JOURNAL}`),
    message: new RegExp(`${JOURNAL}" is missing`),
  },
  {
    what: "no manifest",
    damage: (folder) => Deno.remove(`${folder}/manifest.json`),
    message: /no finished backup: it has no manifest\.json/,
  },
  {
    what: "a manifest of another format",
    damage: (folder) =>
      changeManifest(
        folder,
        (text) => text.replace('"format": 1', '"format": 2'),
      ),
    message: /no manifest of format 1: format is wrong/,
  },
  {
    what: "a manifest that names a file elsewhere",
    damage: (folder) =>
      changeManifest(
        folder,
        (text) => text.replace(`journal/${JOURNAL}`, "journal/../../x.journal"),
      ),
    message: /no manifest of format 1: files\/1\/path is wrong/,
  },
  {
    what: "a manifest without the store",
    damage: (folder) =>
      changeManifest(
        folder,
        (text) => text.replace('"store.sqlite"', '"journal/other.journal"'),
      ),
    message: /lists no store\.sqlite/,
  },
];

for (const { what, damage, message } of DAMAGES) {
  Deno.test(`restoreBackup() refuses ${what} by name before it touches anything`, async () => {
    await withDataFolder(async (dataDir, parent) => {
      const from = await backUp(dataDir);
      await damage(from);
      await assert.rejects(restore(from, `${parent}/new`), {
        code: "BACKUP_UNUSABLE",
        message,
      });
      await assert.rejects(Deno.stat(`${parent}/new`), Deno.errors.NotFound);
    });
  });
}

function restore(
  from: string,
  dataDir: string,
  options: { isReplacing: boolean } = { isReplacing: false },
) {
  return restoreBackup({
    from,
    dataDir,
    ...options,
    nowMs: NOW_MS,
    lock: () => openDataFolder(dataDir, ["journal"]),
  });
}

async function changeManifest(
  folder: string,
  change: (text: string) => string,
): Promise<void> {
  const path = `${folder}/manifest.json`;
  await Deno.writeTextFile(path, change(await Deno.readTextFile(path)));
}
