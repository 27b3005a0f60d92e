import assert from "node:assert/strict";
import { AppError } from "../../../../lib/core/errors.ts";
import { parseEnv } from "../../../../lib/core/env.ts";
import { openDataFolder } from "../../../../lib/server/data_folder.ts";
import { openVault } from "../../../../lib/server/open_vault.ts";
import { STORE_FORMAT } from "../../../../lib/store/migrate.ts";
import { backUpBeforeUpgrade } from "../../../../lib/store/backup/upgrade_backup.ts";
import { restoreBackup } from "../../../../lib/store/backup/restore_backup.ts";
import { UPGRADE_BACKUPS } from "../../../../lib/store/backup/limits.ts";
import {
  FIXTURE_FORMATS,
  type FixtureFormat,
  readFixture,
  readStored,
  type StoredEntry,
  writeFixture,
} from "../../../support/schema_fixture.ts";
import { withTempDir } from "../../../support/temp.ts";
import { systemTime } from "../support.ts";

const AT = Date.UTC(2027, 0, 1);

/** The data folder of an older build. */
async function withData(
  format: FixtureFormat,
  run: (dataDir: string) => Promise<void>,
): Promise<void> {
  await withTempDir(async (dataDir) => {
    await writeFixture(readFixture(format), dataDir);
    await run(dataDir);
  });
}

/** What a start does with its data before anything else. */
async function upgrade(dataDir: string): Promise<string[]> {
  const told: string[] = [];
  const env = parseEnv((name) => ({ DATA_DIR: dataDir })[name]);
  const console = { info: (line: string) => void told.push(line) };
  const { store } = await openVault({ env, time: systemTime, console });
  await store.close();
  return told.filter((line) => line.includes("backup was made"));
}

const backUp = (
  dataDir: string,
  change: Partial<Parameters<typeof backUpBeforeUpgrade>[0]> = {},
) => backUpBeforeUpgrade({ dataDir, nowMs: AT, onBackup: () => {}, ...change });

function backupsIn(dataDir: string): string[] {
  try {
    return [...Deno.readDirSync(`${dataDir}/backups`)].map(({ name }) => name)
      .toSorted();
  } catch {
    return [];
  }
}

/** Texts of the journals by name. */
function journalsIn(dataDir: string): Record<string, string> {
  return Object.fromEntries(
    [...Deno.readDirSync(`${dataDir}/journal`)].map(({ name }) => [
      `journal/${name}`,
      Deno.readTextFileSync(`${dataDir}/journal/${name}`),
    ]),
  );
}

const byKey = (entries: readonly StoredEntry[]) =>
  new Map(entries.map(({ key, value }) => [JSON.stringify(key), value]));

for (const format of FIXTURE_FORMATS) {
  Deno.test(`a start on data of format ${format} backs them up once, and a restore of the backup is what the older build wrote`, () =>
    withData(format, async (dataDir) => {
      const { entries, files } = readFixture(format);
      const [line, ...more] = await upgrade(dataDir);
      assert.match(
        line!,
        new RegExp(`have format ${format} and are upgraded to ${STORE_FORMAT}`),
      );
      assert.deepEqual(more, []);
      assert.deepEqual(await upgrade(dataDir), [], "not a second time");
      const [name, ...others] = backupsIn(dataDir);
      assert.match(
        name!,
        new RegExp(
          `^upgrade-${format}-to-${STORE_FORMAT}-20[\\d-]+T[\\d.-]+Z$`,
        ),
      );
      assert.deepEqual(others, []);

      const restored = await restoreBackup({
        from: `${dataDir}/backups/${name}`,
        dataDir,
        isReplacing: true,
        nowMs: AT,
        lock: () => openDataFolder(dataDir, ["journal"]),
      });
      assert.notEqual(restored.replaced, null);
      assert.deepEqual(byKey(await readStored(dataDir)), byKey(entries));
      assert.deepEqual(
        journalsIn(dataDir),
        Object.fromEntries(
          [...files].filter(([path]) => path.startsWith("journal/")),
        ),
      );
    }));
}

Deno.test("an upgrade is refused in one sentence where the disk has no room for a backup, and nothing is changed", () =>
  withData(2, async (dataDir) => {
    const before = byKey(await readStored(dataDir));
    await assert.rejects(
      backUp(dataDir, { freeBytes: () => Promise.resolve(1_000_000) }),
      (error: AppError) =>
        error.code === "BACKUP_FAILED" &&
        /^The data have format 2 and are upgraded to \d only after a backup, and ".*" has 1\.0 MB left for one of [\d.]+ MB; make room there, and start again$/
          .test(error.message),
    );
    assert.deepEqual(backupsIn(dataDir), []);
    assert.deepEqual(byKey(await readStored(dataDir)), before);
  }));

Deno.test("an upgrade is refused where its backup cannot be written", () =>
  withData(2, async (dataDir) => {
    await Deno.writeTextFile(`${dataDir}/backups`, "a file in the way");
    await assert.rejects(backUp(dataDir), { code: "BACKUP_FAILED" });
    const { value } = (await readStored(dataDir))
      .find(({ key }) => key[0] === "format")!;
    assert.deepEqual(value, { v: 1, format: 2 });
  }));

Deno.test("the newest backups of upgrades are kept, and no other is touched", () =>
  withData(3, async (dataDir) => {
    const old = [
      "upgrade-0-to-2-2026-01-01T00-00-00.000Z",
      "upgrade-2-to-3-2026-03-01T00-00-00.000Z",
      "upgrade-2-to-3-2026-02-01T00-00-00.000Z",
      "upgrade-3-to-4-2026-04-01T00-00-00.000Z.partial-17",
      "2020-01-01T00-00-00.000Z",
      "upgrade-by-hand",
    ];
    for (const name of old) {
      // deno-lint-ignore no-await-in-loop -- a few folders
      await Deno.mkdir(`${dataDir}/backups/${name}`, { recursive: true });
    }
    await backUp(dataDir);
    assert.equal(UPGRADE_BACKUPS, 3);
    assert.deepEqual(backupsIn(dataDir), [
      "2020-01-01T00-00-00.000Z",
      "upgrade-2-to-3-2026-02-01T00-00-00.000Z",
      "upgrade-2-to-3-2026-03-01T00-00-00.000Z",
      "upgrade-3-to-4-2027-01-01T00-00-00.000Z",
      "upgrade-by-hand",
    ]);
  }));

Deno.test("no backup is made of a new folder, an empty store, one that is up to date or one whose upgrade has begun", () =>
  withTempDir(async (dataDir) => {
    await backUp(dataDir);
    (await Deno.openKv(`${dataDir}/store.sqlite`)).close();
    await backUp(dataDir);
    assert.deepEqual(await upgrade(dataDir), []);
    await backUp(dataDir);
    const kv = await Deno.openKv(`${dataDir}/store.sqlite`);
    const upgrading = { from: 2, at: 2 };
    await kv.set(["format"], {
      v: 1,
      format: STORE_FORMAT,
      upgrade: upgrading,
    });
    kv.close();
    await backUp(dataDir);
    assert.deepEqual(backupsIn(dataDir), []);
    assert.deepEqual(await upgrade(dataDir), [], "it only goes on");
  }));

Deno.test("a start on data of a newer build is refused before anything is written", () =>
  withData(3, async (dataDir) => {
    const kv = await Deno.openKv(`${dataDir}/store.sqlite`);
    const format = STORE_FORMAT + 1;
    await kv.set(["format"], { v: 1, format, version: "9.0.0" });
    kv.close();
    const before = byKey(await readStored(dataDir));
    await assert.rejects(
      upgrade(dataDir),
      /start version 9\.0\.0 or a newer one, or restore a backup/,
    );
    assert.deepEqual(byKey(await readStored(dataDir)), before);
    assert.deepEqual(backupsIn(dataDir), []);
  }));
