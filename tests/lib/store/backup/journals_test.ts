/** Backups of journals that go on in new segments, lose old ones or are closed meanwhile. */
import assert from "node:assert/strict";
import {
  openJournalFile,
  retireJournalFile,
} from "../../../../lib/desk/journal/storage.ts";
import { createBackup } from "../../../../lib/store/backup/create_backup.ts";
import { copyPrivate } from "../../../../lib/store/backup/files.ts";
import { copyStore } from "../../../../lib/store/backup/store_copy.ts";
import {
  GrowingJournal,
  readTexts,
  row,
  segmentName,
  textOf,
} from "./growing_journal.ts";
import { JOURNAL, NOW_MS, withDataFolder } from "./support.ts";

interface Hooks {
  /** After the `times`-th copy of the store. */
  onStore?: (times: number) => void;
  /** Before and after each copy of a file of the journal. */
  beforeCopy?: (name: string, times: number) => void;
  afterCopy?: (name: string, times: number) => void;
}

interface BackedUp {
  /** What the files of the backup's journal folder hold, by name. */
  journals: Record<string, string>;
  /** Files in the order they were copied. */
  copied: string[];
  storeCopies: number;
}

/** Backs up a folder in which `hooks` do something to `journal` at each step. */
async function backUpWhile(
  hooks: (journal: GrowingJournal) => Hooks,
  segments = 1,
): Promise<BackedUp> {
  let result: BackedUp | null = null;
  await withDataFolder(async (dataDir, parent) => {
    const journal = new GrowingJournal(`${dataDir}/journal`);
    journal.start(segments - 1);
    const { onStore, beforeCopy, afterCopy } = hooks(journal);
    const copied: string[] = [];
    let storeCopies = 0;
    const { folder } = await createBackup({
      dataDir,
      out: `${parent}/backup`,
      nowMs: NOW_MS,
      async copyStore(from, to) {
        await copyStore(from, to);
        storeCopies++;
        onStore?.(storeCopies);
      },
      async copyJournal(from, to) {
        const name = from.slice(from.lastIndexOf("/") + 1);
        copied.push(name);
        const times = copied.filter((other) => other === name).length;
        beforeCopy?.(name, times);
        await copyPrivate(from, to);
        afterCopy?.(name, times);
      },
    }).finally(() => journal.close());
    const journals = await readTexts(`${folder}/journal`);
    result = { journals, copied, storeCopies };
  });
  return result!;
}

Deno.test("createBackup() copies a segment that started behind the copy of the store without copying the store again", async () => {
  const { journals, storeCopies } = await backUpWhile((journal) => ({
    onStore: () => journal.start(2),
  }));
  assert.deepEqual(journals, row(1, 3));
  assert.equal(storeCopies, 1);
});

for (const when of ["beforeCopy", "afterCopy"] as const) {
  Deno.test(`createBackup() copies only what is new when a segment starts while the newest is copied (${when})`, async () => {
    const { journals, copied, storeCopies } = await backUpWhile(
      (journal) => ({
        [when]: (name: string, times: number) => {
          if (name === JOURNAL && times <= 2) journal.start();
        },
      }),
      3,
    );
    assert.deepEqual(journals, row(1, 5));
    const times = (name: string) =>
      copied.filter((other) => other === name).length;
    assert.deepEqual([1, 2, 3, 4].map((number) => times(segmentName(number))), [
      1,
      1,
      1,
      1,
    ]);
    assert.equal(times(JOURNAL), 3);
    assert.equal(storeCopies, 1);
  });
}

Deno.test("createBackup() gives up when a journal goes on in a new segment under each of its copies", async () => {
  await assert.rejects(
    backUpWhile((journal) => ({
      afterCopy: (name) => {
        if (name === JOURNAL) journal.start();
      },
    })),
    { code: "BACKUP_FAILED", message: /grew faster than it could be copied/ },
  );
});

Deno.test("createBackup() goes on without an ended segment that is removed before its copy", async () => {
  const { journals, storeCopies } = await backUpWhile((journal) => ({
    onStore: () => journal.removeOldest(),
    beforeCopy: (name) => {
      if (name === segmentName(2)) journal.removeOldest();
    },
  }), 5);
  assert.deepEqual(journals, row(3, 5));
  assert.equal(storeCopies, 1);
});

Deno.test("createBackup() leaves no hole when segments are removed behind and before their copies", async () => {
  const { journals } = await backUpWhile((journal) => ({
    afterCopy: (name) => {
      if (name !== segmentName(1)) return;
      journal.removeOldest();
      journal.removeOldest();
    },
  }), 5);
  assert.deepEqual(journals, row(3, 5));
});

Deno.test("createBackup() drops segments before one that is missing, which nobody reads", async () => {
  const { journals } = await backUpWhile((journal) => ({
    onStore: () => Deno.removeSync(`${journal.path}.2-20`),
  }), 5);
  assert.deepEqual(journals, row(3, 5));
});

for (const segments of [1, 3]) {
  Deno.test(`createBackup() copies all again when an account with ${segments} segments is closed behind the copy of its journal`, async () => {
    const { journals, storeCopies } = await backUpWhile((journal) => ({
      afterCopy: (name) => {
        if (name === JOURNAL) retireJournalFile(journal.path);
      },
    }), segments);
    const closed = Object.entries(row(1, segments)).map(([name, text]) => [
      name.replace(JOURNAL, `${JOURNAL}.closed`),
      text,
    ]);
    assert.deepEqual(journals, Object.fromEntries(closed));
    assert.equal(storeCopies, 2);
  });
}

Deno.test("createBackup() copies all again when an account is being closed, with its newest segment still in place", async () => {
  const { storeCopies } = await backUpWhile((journal) => ({
    onStore: (times) => {
      if (times > 1) return retireJournalFile(journal.path);
      const { path } = journal;
      Deno.renameSync(`${path}.1-10`, `${path}.closed.1-10`);
    },
  }), 3);
  assert.equal(storeCopies, 3);
});

Deno.test("createBackup() copies all again when an account is closed and opened anew, with segments of both", async () => {
  const { journals, storeCopies } = await backUpWhile((journal) => ({
    afterCopy: (name, times) => {
      if (name !== JOURNAL || times > 1) return;
      retireJournalFile(journal.path);
      const anew = openJournalFile(journal.path);
      anew.append(new TextEncoder().encode("first\n"));
      const second = new TextEncoder().encode("second\n");
      anew.startSegment(second, { number: 1, lastSeq: 7 });
      anew.close();
    },
  }), 2);
  assert.deepEqual(journals, {
    [JOURNAL]: "second\n",
    [`${JOURNAL}.1-7`]: "first\n",
    [`${JOURNAL}.closed`]: textOf(2),
    [`${JOURNAL}.closed.1-10`]: textOf(1),
  });
  assert.equal(storeCopies, 2);
});

Deno.test("createBackup() copies nothing that a crash has left half-done", async () => {
  const { journals } = await backUpWhile((journal) => {
    Deno.writeTextFileSync(`${journal.path}.next`, "half a line");
    // Twice at the same place, with candles in between.
    Deno.linkSync(journal.path, `${journal.path}.3-30`);
    Deno.linkSync(journal.path, `${journal.path}.3-31`);
    return {};
  }, 3);
  assert.deepEqual(journals, row(1, 3));
});
