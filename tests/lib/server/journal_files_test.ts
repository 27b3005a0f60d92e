import assert from "node:assert/strict";
import {
  createJournalFiles,
  type JournalDisk,
} from "../../../lib/server/journal_files.ts";
import type { JournalFile } from "../../../lib/store/mirror_port.ts";
import { withTempDir } from "../../support/temp.ts";

const AGENT = "agt_1";
const JOURNAL = `${AGENT}.journal`;

const bytes = (text: string) => new TextEncoder().encode(text);

const OLD: Record<string, string> = {
  [`${JOURNAL}.1-10`]: "old 1",
  [`${JOURNAL}.2-20`]: "old 2",
  [JOURNAL]: "old 3",
};
const NEW: Record<string, string> = {
  [`${JOURNAL}.2-20`]: "new 2",
  [`${JOURNAL}.3-30`]: "new 3",
  [JOURNAL]: "new 4",
};
const FILES: readonly JournalFile[] = [
  { segment: { number: 2, lastSeq: 20 }, bytes: bytes("new 2") },
  { segment: { number: 3, lastSeq: 30 }, bytes: bytes("new 3") },
  { segment: null, bytes: bytes("new 4") },
];
const OTHER = { "agt_2.journal": "other", "agt_1b.journal": "another" };

async function write(folder: string, files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
}

async function read(
  folder: string,
  isWanted: (name: string) => boolean = () => true,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const { name } of await Array.fromAsync(Deno.readDir(folder))) {
    if (isWanted(name)) {
      files[name] = await Deno.readTextFile(`${folder}/${name}`);
    }
  }
  return files;
}

const isPlain = (name: string) => /\.journal(\.\d+-\d+)?$/.test(name);

/** The journals as a desk sees them, those of other agents aside. */
async function journalIn(folder: string): Promise<Record<string, string>> {
  return await read(folder, (name) => isPlain(name) && !(name in OTHER));
}

/** A disk that dies before its step number `at`. */
function dyingDisk(at: number): JournalDisk & { isDead: boolean } {
  let step = 0;
  const die = () => {
    if (step++ < at) return;
    disk.isDead = true;
    throw new Error("The process is no more");
  };
  const disk = {
    isDead: false,
    write: async (path: string, content: Uint8Array) => {
      try {
        die();
      } catch (error) {
        await Deno.writeFile(path, content.subarray(0, 2));
        throw error;
      }
      await Deno.writeFile(path, content);
    },
    rename: async (from: string, to: string) => {
      die();
      await Deno.rename(from, to);
    },
    remove: async (path: string) => {
      die();
      await Deno.remove(path);
    },
    syncFolder: () => Promise.resolve(die()),
  };
  return disk;
}

for (const [name, old] of Object.entries({ "an old journal": OLD, none: {} })) {
  Deno.test(`JournalFiles.replace() over ${name} that dies anywhere leaves the old journal, none or the new one, and may be repeated`, async () => {
    for (let at = 0, isOver = false; !isOver; at++) {
      await withTempDir(async (folder) => {
        await write(folder, { ...old, ...OTHER });
        const disk = dyingDisk(at);
        await createJournalFiles(folder, disk).replace(AGENT, FILES)
          .catch((error) => assert.match(`${error}`, /no more/));
        isOver = !disk.isDead;
        const found = await journalIn(folder);
        // Without the newest segment there is no journal, whatever else is there.
        if (JOURNAL in found) {
          assert.deepEqual(found, found[JOURNAL] === "new 4" ? NEW : old);
        }
        const files = createJournalFiles(folder);
        assert.equal(await files.newestId(AGENT) !== null, JOURNAL in found);
        await files.replace(AGENT, FILES);
        assert.deepEqual(await journalIn(folder), NEW);
        assert.deepEqual(await read(folder, (name) => name in OTHER), OTHER);
        const rest = await read(folder, (name) => name.endsWith(".incoming"));
        assert.deepEqual(rest, {});
        if (found[JOURNAL] === "new 4" || name === "none") return;
        const kept = await read(folder, (name) => name.includes("replaced"));
        for (const [name, text] of Object.entries(OLD)) {
          assert.equal(
            kept[name.replace(JOURNAL, `${JOURNAL}.replaced`)],
            text,
            `${name} is kept, step ${at}`,
          );
        }
      });
    }
  });
}

Deno.test("JournalFiles.setAside() keeps the newest of what was replaced, and is nothing where there is no journal", () =>
  withTempDir(async (folder) => {
    const files = createJournalFiles(folder);
    await files.setAside(AGENT);
    assert.equal(await files.look(AGENT), null);
    await write(folder, OLD);
    await files.setAside(AGENT);
    await write(folder, NEW);
    await files.setAside(AGENT);
    assert.deepEqual(
      await read(folder),
      Object.fromEntries(
        Object.entries(NEW).map(([name, text]) => [
          name.replace(JOURNAL, `${JOURNAL}.replaced`),
          text,
        ]),
      ),
    );
    await files.setAside(AGENT);
    assert.equal(Object.keys(await read(folder)).length, 3);
  }));

Deno.test("JournalFiles.look() lists what has ended without a hole, and not the newest segment under its later name", () =>
  withTempDir(async (folder) => {
    const files = createJournalFiles(folder);
    await write(folder, { ...OLD, ...OTHER, [`${JOURNAL}.4-40`]: "later" });
    const look = await files.look(AGENT);
    assert.deepEqual(look!.ended, [{ number: 4, lastSeq: 40, bytes: 5 }]);
    await Deno.remove(`${folder}/${JOURNAL}.4-40`);
    await Deno.link(`${folder}/${JOURNAL}`, `${folder}/${JOURNAL}.3-30`);
    const linked = await files.look(AGENT);
    assert.deepEqual(linked, {
      newestId: await files.newestId(AGENT),
      ended: [
        { number: 1, lastSeq: 10, bytes: 5 },
        { number: 2, lastSeq: 20, bytes: 5 },
      ],
    });
  }));

Deno.test("JournalFiles.read() gives a range, and nothing of a segment that took the newest one's name", () =>
  withTempDir(async (folder) => {
    const files = createJournalFiles(folder);
    await write(folder, OLD);
    const newestId = (await files.newestId(AGENT))!;
    const text = async (range: {
      segment: JournalFile["segment"];
      offset: number;
      length: number;
    }) => {
      const found = await files.read(AGENT, { ...range, newestId });
      return found && new TextDecoder().decode(found);
    };
    const segment = { number: 1, lastSeq: 10 };
    assert.equal(await text({ segment, offset: 2, length: 2 }), "d ");
    assert.equal(await text({ segment: null, offset: 4, length: 99 }), "3");
    assert.equal(await text({ segment: null, offset: 9, length: 99 }), "");
    await Deno.rename(`${folder}/${JOURNAL}`, `${folder}/${JOURNAL}.3-30`);
    assert.equal(await text({ segment: null, offset: 0, length: 9 }), null);
    await write(folder, { [JOURNAL]: "new 4" });
    assert.equal(await text({ segment: null, offset: 0, length: 9 }), null);
    const gone = { number: 7, lastSeq: 70 };
    assert.equal(await text({ segment: gone, offset: 0, length: 9 }), null);
  }));
