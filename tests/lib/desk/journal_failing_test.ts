import assert from "node:assert/strict";
import fc from "fast-check";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { decodeJournal } from "../../../lib/desk/journal/journal.ts";
import { Journal } from "../../../lib/desk/journal/journal_file.ts";
import type { JournalEntry } from "../../../lib/desk/journal/records.ts";
import { JOURNAL_KEPT_BYTES_MAX } from "../../../lib/desk/limits.ts";
import { type DiskCall, MemoryStorage } from "./memory_storage.ts";

const SEED = 20_261_123;

function entry(epoch: number): JournalEntry {
  const record = { type: "ATTACHED", epoch, decidedSeq: 0 } as const;
  return { seq: epoch, toldSeq: epoch, record };
}

function openJournal() {
  const clock = createSimulatedClock();
  const storage = new MemoryStorage();
  const changes: (string | null)[] = [];
  const { journal } = Journal.open({
    path: "x",
    clock,
    storage,
    onChange: () => void changes.push(journal.failure),
  });
  return { clock, storage, journal, changes };
}

function epochsIn(bytes: Uint8Array): number[] {
  return decodeJournal(bytes, "x").entries.map(({ seq }) => seq);
}

const REFUSALS: [string, RegExp][] = [
  ["ENOSPC", /Disk says ENOSPC; free disk space/],
  ["EDQUOT", /free disk space or raise the quota/],
  ["EROFS", /make the file system writable again/],
  ["EACCES", /give the desk write access/],
  ["EIO", /check the disk/],
];

for (const [code, sentence] of REFUSALS) {
  Deno.test(`Journal.append() keeps what the disk refuses with ${code} and writes it in order when it is back`, async () => {
    const { clock, storage, journal, changes } = openJournal();
    journal.append([entry(1)]);
    storage.refuse(code);
    storage.tornPart = 0.5;
    journal.append([entry(2)]);
    journal.append([entry(3)]);
    assert.match(journal.failure ?? "", sentence);
    await clock.advance(3_000);
    assert.deepEqual(epochsIn(storage.bytes), [1], "a torn line is no record");
    storage.mend();
    await clock.advance(1_000);
    assert.equal(journal.failure, null);
    assert.deepEqual(epochsIn(storage.synced), [1, 2, 3]);
    assert.equal(changes.length, 2, "told once that it fails, once that not");
    journal.append([entry(4)]);
    await journal.close();
    assert.deepEqual(epochsIn(storage.synced), [1, 2, 3, 4]);
  });
}

Deno.test("Journal after a failed sync writes everything since the last good one again, because its pages may be lost", async () => {
  const { clock, storage, journal } = openJournal();
  journal.append([entry(1)]);
  await clock.advance(5);
  storage.refuse("EIO", ["sync"]);
  journal.append([entry(2), entry(3)]);
  await clock.advance(5);
  assert.match(journal.failure ?? "", /EIO/);
  const firstLines = storage.synced.length;
  // The system forgot the pages, though it says that later syncs are well.
  storage.bytes = storage.bytes.slice();
  storage.bytes.fill(0x20, firstLines);
  storage.mend();
  await clock.advance(1_000);
  assert.equal(journal.failure, null);
  storage.cutPower();
  assert.deepEqual(epochsIn(storage.bytes), [1, 2, 3]);
});

Deno.test("Journal that is written again after a failed sync is whole in the file at every moment", async () => {
  const { clock, storage, journal } = openJournal();
  storage.refuse("ENOSPC", ["sync", "append"]);
  storage.refusal!.calls = ["sync"];
  journal.append([entry(1), entry(2)]);
  await clock.advance(5);
  storage.refuse("ENOSPC", ["sync", "append", "overwrite"]);
  await clock.advance(2_000);
  assert.deepEqual(epochsIn(storage.bytes), [1, 2], "it survives kill -9");
});

Deno.test("Journal.synced() waits for the disk, flushed() does not", async () => {
  const { clock, storage, journal } = openJournal();
  storage.refuse("ENOSPC");
  journal.append([entry(1)]);
  let isSynced: boolean | null = null;
  void journal.synced().then((answer) => isSynced = answer);
  assert.equal(await journal.flushed(), false);
  await clock.advance(5_000);
  assert.equal(isSynced, null);
  storage.mend();
  await clock.advance(1_000);
  assert.equal(isSynced, true);
  assert.equal(await journal.flushed(), true);
});

Deno.test("Journal.close() makes one more attempt and does not wait for the disk", async () => {
  for (const isMended of [false, true]) {
    const { storage, journal } = openJournal();
    storage.refuse("ENOSPC");
    journal.append([entry(1)]);
    const answer = journal.synced();
    if (isMended) storage.mend();
    // deno-lint-ignore no-await-in-loop -- one case after the other
    await journal.close();
    // deno-lint-ignore no-await-in-loop -- as above
    assert.equal(await answer, isMended);
    assert.deepEqual(epochsIn(storage.bytes), isMended ? [1] : []);
  }
});

Deno.test("Journal is full when a megabyte waits for the disk, and says when it has room", async () => {
  const { clock, storage, journal, changes } = openJournal();
  storage.refuse("ENOSPC");
  let number = 0;
  while (!journal.isFull) {
    journal.append(Array.from({ length: 500 }, () => entry(++number)));
  }
  assert.ok(number > JOURNAL_KEPT_BYTES_MAX / 200);
  storage.mend();
  await clock.advance(1_000);
  assert.equal(journal.isFull, false);
  assert.equal(changes.at(-1), null);
  assert.equal(epochsIn(storage.synced).length, number);
});

Deno.test("Journal is full, too, while a disk is slow to sync, and says when it has room", async () => {
  const { clock, storage, journal, changes } = openJournal();
  const releases: (() => void)[] = [];
  storage.sync = () => new Promise((resolve) => void releases.push(resolve));
  const fillUp = () => {
    while (!journal.isFull) {
      journal.append(Array.from({ length: 500 }, (_, seq) => entry(seq)));
    }
  };
  journal.append([entry(0)]);
  await clock.advance(5);
  fillUp();
  releases[0]!();
  await clock.advance(5);
  fillUp();
  releases[1]!();
  await clock.advance(5);
  assert.equal(journal.isFull, false);
  assert.deepEqual(changes, [null]);
});

Deno.test("Journal.tryRead() gives what waits, too, and waits for a file that cannot be read", async () => {
  const { clock, storage, journal } = openJournal();
  journal.append([entry(1)]);
  storage.refuse("ENOSPC");
  storage.tornPart = 0.9;
  journal.append([entry(2)]);
  assert.deepEqual(journal.tryRead()?.map(({ seq }) => seq), [1, 2]);
  storage.refuse("EIO", ["read"]);
  assert.equal(journal.tryRead(), null);
  await clock.advance(2_000);
  assert.match(journal.failure ?? "", /EIO/);
  storage.mend();
  await clock.advance(1_000);
  assert.equal(journal.failure, null);
});

const CALLS: readonly DiskCall[] = ["append", "overwrite", "truncate", "sync"];

Deno.test("Journal over a disk that fails anyhow loses nothing that it said was synced, and in the end nothing at all", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          appended: fc.integer({ min: 0, max: 3 }),
          refused: fc.subarray([...CALLS]),
          torn: fc.double({ min: 0, max: 1, noNaN: true }),
          waitMs: fc.constantFrom(0, 3, 5, 1_000),
        }),
        { minLength: 1, maxLength: 15 },
      ),
      async (turns) => {
        const { clock, storage, journal } = openJournal();
        let written = 0;
        let promised = 0;
        for (const { appended, refused, torn, waitMs } of turns) {
          storage.tornPart = torn;
          if (refused.length === 0) storage.mend();
          else storage.refuse("EIO", refused);
          for (let count = 0; count < appended; count++) {
            journal.append([entry(++written)]);
          }
          const number = written;
          void journal.synced().then((isSynced) => {
            if (isSynced) promised = Math.max(promised, number);
          });
          // deno-lint-ignore no-await-in-loop -- one turn after the other
          await clock.advance(waitMs);
          const onDisk = epochsIn(storage.synced);
          assert.ok(onDisk.length >= promised);
          assert.deepEqual(onDisk, onDisk.map((_, index) => index + 1));
        }
        storage.mend();
        await clock.advance(2_000);
        assert.equal(journal.failure, null);
        assert.equal(promised, written);
        assert.equal(epochsIn(storage.synced).length, written);
      },
    ),
    { seed: SEED, numRuns: 300 },
  );
});
