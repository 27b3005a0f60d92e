import assert from "node:assert/strict";
import { createRng, type Rng } from "../../../../lib/core/rng.ts";
import { copyJournals } from "../../../../lib/store/backup/copy_journals.ts";
import { listJournals } from "../../../../lib/store/backup/journal_listing.ts";
import { parseJournalName } from "../../../../lib/store/backup/manifest.ts";
import { withTempDir } from "../../../support/temp.ts";
import { GrowingJournal, readTexts, row } from "./growing_journal.ts";
import { JOURNAL } from "./support.ts";

const SEEDS = 40;
/** Fewer than looks, so that the journal comes to rest. */
const ACTIONS_MAX = 8;

Deno.test("parseJournalName() reads segments of open and closed accounts, and nothing else", () => {
  const journals = [JOURNAL, `${JOURNAL}.closed`, `${JOURNAL}.closed.2`];
  for (const journal of journals) {
    assert.deepEqual(parseJournalName(journal), {
      journal,
      segment: null,
      lastSeq: null,
    });
    assert.deepEqual(parseJournalName(`${journal}.12-3456`), {
      journal,
      segment: 12,
      lastSeq: 3456,
    });
  }
  for (
    const name of [
      `${JOURNAL}.next`,
      `${JOURNAL}.incoming`,
      `${JOURNAL}.replaced`,
      `${JOURNAL}.replaced.12-3456`,
      `${JOURNAL}.bak`,
      `${JOURNAL}.12`,
      `${JOURNAL}.12-`,
      `${JOURNAL}.1-2.3-4`,
      `${JOURNAL}.closed.next`,
      `../${JOURNAL}`,
      "store.sqlite",
    ]
  ) assert.equal(parseJournalName(name), null, name);
});

Deno.test("copyJournals() of no folder copies nothing", async () => {
  await withTempDir(async (folder) => {
    const from = `${folder}/journal`;
    const before = await listJournals(from);
    const options = { from, to: `${folder}/copy` };
    assert.equal(await copyJournals(options, before), "whole");
  });
});

Deno.test("copyJournals() leaves a journal alone that it has copied whole, while it waits for another", async () => {
  await withFolders(async ({ from, to }) => {
    const calm = new GrowingJournal(from);
    const busy = `${from}/busy.journal`;
    await Deno.writeTextFile(busy, "0\n");
    const copied: string[] = [];
    const outcome = await copyJournals({
      from,
      to,
      async copyJournal(source, target) {
        await Deno.copyFile(source, target);
        copied.push(source);
        if (source !== busy) return;
        const times = copied.filter((path) => path === busy).length;
        if (times > 4) return;
        await Deno.rename(busy, `${busy}.${times}-${times}`);
        await Deno.writeTextFile(busy, `${times}\n`);
        if (times > 1) calm.start();
      },
    }, await listJournals(from));
    calm.close();
    assert.equal(outcome, "whole");
    assert.equal(copied.filter((path) => path === calm.path).length, 1);
    const journals = await readTexts(to);
    assert.equal(journals[JOURNAL], row(1, 1)[JOURNAL]);
    assert.equal(Object.keys(journals).length, 1 + 5);
  });
});

Deno.test("copyJournals() knows a new segment also where it has the inode of one that was removed", async () => {
  await withFolders(async ({ from, to }) => {
    const path = `${from}/${JOURNAL}`;
    await Deno.writeTextFile(path, "first\n");
    let copies = 0;
    const outcome = await copyJournals({
      from,
      to,
      async copyJournal(source, target) {
        await Deno.copyFile(source, target);
        if (copies++ > 0) return;
        await Deno.copyFile(path, `${path}.1-10`);
        await Deno.writeTextFile(path, "second\n");
      },
    }, await listJournals(from));
    assert.equal(outcome, "whole");
    assert.deepEqual(await readTexts(to), {
      [JOURNAL]: "second\n",
      [`${JOURNAL}.1-10`]: "first\n",
    });
  });
});

Deno.test(`copyJournals() copies a row without a hole whatever happens to segments at its steps (${SEEDS} seeds)`, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    // deno-lint-ignore no-await-in-loop -- each on a folder of its own
    await withFolders((folders) => copyByChance(folders, seed));
  }
});

interface Folders {
  from: string;
  to: string;
}

async function withFolders(
  test: (folders: Folders) => Promise<void>,
): Promise<void> {
  await withTempDir(async (folder) => {
    const [from, to] = [`${folder}/journal`, `${folder}/copy`];
    await Promise.all([Deno.mkdir(from), Deno.mkdir(to)]);
    await test({ from, to });
  });
}

async function copyByChance(
  { from, to }: Folders,
  seed: number,
): Promise<void> {
  const rng = createRng(seed);
  const journal = new GrowingJournal(from);
  journal.start(Math.floor(rng.next() * 5));
  const { oldest, newest } = journal;
  let actionsLeft = ACTIONS_MAX;
  const act = () => {
    if (actionsLeft-- > 0) actByChance(journal, rng);
  };
  const before = await listJournals(from);
  act();
  const outcome = await copyJournals({
    from,
    to,
    async copyJournal(source, target) {
      act();
      await Deno.copyFile(source, target);
      act();
    },
  }, before);
  journal.close();
  assert.equal(outcome, "whole");
  const journals = await readTexts(to);
  const numbers = Object.values(journals).map((text) =>
    Number(text.slice("segment ".length))
  );
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  assert.deepEqual(journals, row(first, last), `seed ${seed}`);
  assert.ok(first >= oldest && first <= journal.oldest, `seed ${seed}`);
  assert.ok(last >= newest && last <= journal.newest, `seed ${seed}`);
}

function actByChance(journal: GrowingJournal, rng: Rng): void {
  const dice = rng.next();
  if (dice < 0.4) journal.start(1 + Math.floor(rng.next() * 3));
  else if (dice < 0.7) journal.removeOldest();
}
