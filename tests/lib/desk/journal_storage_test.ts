import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { JOURNAL_FORMAT } from "../../../lib/desk/journal/format.ts";
import {
  decodeJournal,
  encodeEntry,
} from "../../../lib/desk/journal/journal.ts";
import { Journal } from "../../../lib/desk/journal/journal_file.ts";
import type { JournalEntry } from "../../../lib/desk/journal/records.ts";
import {
  openJournalFile,
  retireJournalFile,
} from "../../../lib/desk/journal/storage.ts";
import { MemoryStorage } from "./memory_storage.ts";
import { withTempDir } from "../../support/temp.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (content: string) => new TextEncoder().encode(content);

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("openJournalFile() goes on in a new file after startSegment(), and keeps the old one under its own name", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/agt_1.journal`;
    const storage = openJournalFile(path);
    storage.append(bytes("one\n"));
    storage.startSegment(bytes("two\n"), { number: 1, lastSeq: 41 });
    storage.append(bytes("three\n"));
    await storage.sync();
    assert.equal(text(storage.read()), "two\nthree\n");
    storage.startSegment(bytes("four\n"), { number: 2, lastSeq: 99 });
    storage.overwrite(0, bytes("FOUR"));
    storage.truncate(4);
    assert.equal(text(storage.read()), "FOUR");
    assert.deepEqual(
      storage.endedSegments().map((segment) => [
        segment.number,
        segment.lastSeq,
        segment.bytes,
        text(segment.read()),
      ]),
      [[1, 41, 4, "one\n"], [2, 99, 10, "two\nthree\n"]],
    );
    storage.endedSegments()[0]!.remove();
    storage.close();
    assert.deepEqual(names(folder), ["agt_1.journal", "agt_1.journal.2-99"]);
  });
});

Deno.test("startSegment() that fails leaves the file as it was", async () => {
  await withTempDir((folder) => {
    const path = `${folder}/agt_1.journal`;
    const storage = openJournalFile(path);
    storage.append(bytes("one\n"));
    // A folder that is not empty under the name of the next one.
    Deno.mkdirSync(`${path}.next/full`, { recursive: true });
    assert.throws(() =>
      storage.startSegment(bytes("two\n"), { number: 1, lastSeq: 41 })
    );
    storage.append(bytes("more\n"));
    assert.equal(text(storage.read()), "one\nmore\n");
    assert.deepEqual(names(folder), ["agt_1.journal", "agt_1.journal.next"]);
    storage.close();
    return Promise.resolve();
  });
});

/** Begins segment `segment` of an empty account. */
function begin(segment: number): JournalEntry {
  return {
    seq: segment,
    toldSeq: segment,
    // The storage is what is tested; the rest of the state is not looked at.
    record: {
      type: "ACCOUNT",
      format: JOURNAL_FORMAT,
      state: { segment },
    } as JournalEntry["record"],
    mark: {} as NonNullable<JournalEntry["mark"]>,
  };
}

Deno.test("Journal ignores what a crash left of a segment that had not started", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/agt_1.journal`;
    const clock = createSimulatedClock();
    const open = () =>
      Journal.open({ path, clock, storage: openJournalFile(path) });
    const first = open().journal;
    first.append([begin(1)]);
    assert.equal(first.startSegment(begin(2)), null);
    await first.close();
    // Written, but without its name; and its predecessor has two names already.
    Deno.writeTextFileSync(`${path}.next`, "half a segm");
    Deno.linkSync(path, `${path}.2-7`);
    const { journal, content } = open();
    assert.equal(journal.segment, 2);
    assert.deepEqual(content.entries, [begin(2)]);
    assert.deepEqual(journal.endedSegments().map(({ number }) => number), [1]);
    assert.deepEqual(journal.read(), [begin(1), begin(2)]);
    assert.equal(journal.startSegment({ ...begin(3), seq: 9 }), null);
    journal.append([begin(4)]);
    await journal.close();
    assert.deepEqual(names(folder), [
      "agt_1.journal",
      "agt_1.journal.1-2",
      // The name that the crash had left is gone: it would count twice.
      "agt_1.journal.2-9",
    ]);
    assert.deepEqual(
      open().journal.read().map(({ seq }) => seq),
      [1, 2, 9, 4],
    );
  });
});

Deno.test("retireJournalFile() takes the segments along, and another account of that name starts with none", async () => {
  await withTempDir((folder) => {
    const path = `${folder}/agt_1.journal`;
    for (let round = 0; round < 2; round++) {
      const storage = openJournalFile(path);
      assert.deepEqual(storage.endedSegments(), []);
      storage.append(bytes("one\n"));
      storage.startSegment(bytes("two\n"), { number: 1, lastSeq: 41 });
      storage.close();
      retireJournalFile(path);
    }
    assert.deepEqual(names(folder), [
      "agt_1.journal.closed",
      "agt_1.journal.closed.1-41",
      "agt_1.journal.closed.2",
      "agt_1.journal.closed.2.1-41",
    ]);
    // What is left of one counts as one.
    Deno.removeSync(`${path}.closed`);
    openJournalFile(path).close();
    retireJournalFile(path);
    assert.ok(names(folder).includes("agt_1.journal.closed.3"));
    return Promise.resolve();
  });
});

Deno.test("Journal.open() writes again what an earlier process may have failed to sync, in place", async () => {
  const clock = createSimulatedClock();
  const text = encodeEntry(1, begin(1));
  const storage = new MemoryStorage(bytes(text));
  // The system takes the pages of a failed sync for written; the disk lacks them.
  storage.synced = bytes(text.slice(0, 40));
  const written: [position: number, length: number][] = [];
  const overwrite = storage.overwrite.bind(storage);
  storage.overwrite = (position, bytes) => {
    written.push([position, bytes.length]);
    overwrite(position, bytes);
  };
  const { journal } = Journal.open({ path: "x", clock, storage });
  assert.deepEqual(written, [[0, text.length]]);
  journal.append([begin(2)]);
  await clock.advance(5);
  storage.cutPower();
  const { entries } = decodeJournal(storage.bytes, "x");
  assert.deepEqual(entries, [begin(1), begin(2)]);
});
