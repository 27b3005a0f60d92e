import assert from "node:assert/strict";
import { createRng } from "../../../../../lib/core/rng.ts";
import { MIRROR_TAKEN } from "../../../../../lib/fleet/cluster/mirror/mirror_port.ts";
import { openDenoKv } from "../../../../../lib/store/kv/deno_kv.ts";
import {
  MAX_COMMIT_BYTES,
  MAX_COMMIT_MUTATIONS,
  MAX_GET_MANY,
  MIRROR_CHUNK_BYTES,
} from "../../../../../lib/store/limits.ts";
import { sizeOf } from "../../../../../lib/store/kv/size.ts";
import { withTempDir } from "../../../../support/temp.ts";
import { createFaultKv, type FaultKv } from "../../../store/fault_kv.ts";
import {
  AGENT,
  filesIn,
  filesOf,
  mirrorKeys,
  openHost,
} from "./mirror_world.ts";

/** Text of a journal by the name of its file; the mirror does not read it. */
type Files = Record<string, string>;

const NEWEST = "agt_1.journal";
const [FIRST, SECOND, THIRD] = [1, 2, 3].map((n) => `${NEWEST}.${n}-${n * 10}`);

const rng = createRng(5);
const text = (length: number) =>
  Array.from(
    { length: Math.ceil(length / 8) },
    () => rng.next().toString(36).slice(2, 10).padEnd(8, "0"),
  ).join("").slice(0, length);

const OLD = text(300_000);
const GROWN = OLD + text(2_000);
const LONG = OLD + text(1_300_000);
const NEXT = text(9_000);
const LAST = text(100);
const BEFORE: Files = { [FIRST!]: text(150_000), [NEWEST]: OLD };

/** What a journal may become between two flushes. */
const CHANGES: Record<string, Files> = {
  "first copy": BEFORE,
  "append": { ...BEFORE, [NEWEST]: GROWN },
  "segment that ended": { ...BEFORE, [SECOND!]: GROWN, [NEWEST]: NEXT },
  "two that ended, one dropped": {
    [SECOND!]: GROWN,
    [THIRD!]: NEXT,
    [NEWEST]: LAST,
  },
  "end that a crash cut off": {
    ...BEFORE,
    [NEWEST]: OLD.slice(0, 290_000) + text(1_000),
  },
  "other journal": {
    [FIRST!]: text(200_000),
    [SECOND!]: text(600_000),
    [NEWEST]: text(90_000),
  },
};

async function writeJournal(folder: string, files: Files): Promise<void> {
  for (const name of (await filesIn(folder)).keys()) {
    if (!(name in files)) await Deno.remove(`${folder}/${name}`);
  }
  for (const [name, content] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, content);
  }
}

/** From commit number `at` on nothing is answered; that one is done or not. */
function dieAt(kv: FaultKv, at: number, isDone: boolean): () => boolean {
  const first = kv.commits.length + at;
  let isDead = false;
  kv.fault = async (_write, send) => {
    if (!isDead && kv.commits.length - 1 < first) return await send();
    if (!isDead && isDone) await send();
    isDead = true;
    throw new Error("The process is no more");
  };
  return () => isDead;
}

async function mirroredFiles(kv: FaultKv, folder: string) {
  const host = await openHost(kv.raw, folder);
  const loaded = filesOf(await host.store.journals.load(AGENT));
  await host.store.close();
  return loaded;
}

for (const [name, after] of Object.entries(CHANGES)) {
  Deno.test(`JournalMirror.flush() that dies between any two commits leaves the former or the later mirror: ${name}`, () =>
    withTempDir(async (folder) => {
      const isFirst = after === BEFORE;
      const former = isFirst ? {} : BEFORE;
      const sorted = (files: Files) => Object.entries(files).toSorted();
      for (let at = 0, isOver = false; !isOver; at++) {
        for (const isDone of [false, true]) {
          const kv = createFaultKv(await openDenoKv(":memory:"));
          if (!isFirst) {
            await writeJournal(folder, BEFORE);
            const host = await openHost(kv.kv, folder);
            await host.mirror.flush(AGENT);
            await host.store.close();
          }
          await writeJournal(folder, after);
          const host = await openHost(kv.kv, folder);
          const hasDied = dieAt(kv, at, isDone);
          await host.mirror.flush(AGENT).catch(() => {});
          isOver = !hasDied();
          kv.fault = null;
          await host.store.close();
          const loaded = [...await mirroredFiles(kv, folder)];
          const expected = isOver ? [after] : [former, after];
          assert.ok(
            expected.some((files) => isSame(loaded, sorted(files))),
            `commit ${at}`,
          );
          await checkRepaired(kv, { folder, after });
          kv.raw.close();
        }
      }
    }));
}

/** The next process makes up for it, and leaves nothing behind. */
async function checkRepaired(
  kv: FaultKv,
  { folder, after }: { folder: string; after: Files },
): Promise<void> {
  const host = await openHost(kv.kv, folder);
  await host.mirror.flush(AGENT);
  assert.ok(isSame(
    [...filesOf(await host.store.journals.load(AGENT))],
    Object.entries(after).toSorted(),
  ));
  await host.store.close();
  const chunks = Object.values(after).reduce(
    (sum, { length }) => sum + Math.ceil(length / MIRROR_CHUNK_BYTES),
    0,
  );
  const found = await mirrorKeys(kv.raw);
  assert.ok(found.length <= chunks + 2 + 3, `${found.length} of ${chunks}`);
  for (const { checks, sets, deletes } of kv.commits) {
    assert.ok(checks.length <= MAX_GET_MANY);
    assert.ok(sets.length + deletes.length <= MAX_COMMIT_MUTATIONS);
    const bytes = sets.reduce((sum, { value }) => sum + sizeOf(value), 0);
    assert.ok(bytes <= MAX_COMMIT_BYTES, `${bytes} bytes`);
  }
}

/** Not `deepEqual`, whose message would be megabytes. */
function isSame(
  a: readonly (readonly [string, string])[],
  b: readonly (readonly [string, string])[],
): boolean {
  return a.length === b.length &&
    a.every(([name, content], n) => name === b[n]![0] && content === b[n]![1]);
}

Deno.test("JournalMirror.flush() of much at once only ever moves the mirror on", () =>
  withTempDir(async (folder) => {
    const kv = createFaultKv(await openDenoKv(":memory:"));
    await writeJournal(folder, BEFORE);
    const host = await openHost(kv.kv, folder);
    await host.mirror.flush(AGENT);
    await writeJournal(folder, { ...BEFORE, [SECOND!]: LONG, [NEWEST]: NEXT });
    const lengths: number[] = [];
    kv.fault = async (_write, send) => {
      const outcome = await send();
      const loaded = await mirroredFiles(kv, folder);
      const newest = loaded.get(SECOND!) ?? loaded.get(NEWEST)!;
      assert.ok(LONG.startsWith(newest));
      lengths.push(newest.length);
      return outcome;
    };
    await host.mirror.flush(AGENT);
    assert.deepEqual(lengths, lengths.toSorted((a, b) => a - b));
    assert.ok(lengths[0]! > OLD.length);
    assert.ok(lengths.length > 2, `${lengths}`);
    kv.fault = null;
    await host.store.close();
    kv.raw.close();
  }));

Deno.test("JournalMirror of a host whose agent was taken over is refused until it restores, and changes nothing", () =>
  withTempDir(async (dir) => {
    const folders = [`${dir}/1`, `${dir}/2`] as const;
    await Promise.all(folders.map((folder) => Deno.mkdir(folder)));
    const kv = createFaultKv(await openDenoKv(":memory:"));
    const [first, second] = [
      await openHost(kv.kv, folders[0]),
      await openHost(kv.kv, folders[1]),
    ];
    await writeJournal(folders[0], BEFORE);
    await first.mirror.flush(AGENT);
    await second.mirror.restore(AGENT);
    await Deno.writeTextFile(`${folders[1]}/${NEWEST}`, "second", {
      append: true,
    });
    await second.mirror.flush(AGENT);
    await Deno.writeTextFile(`${folders[0]}/${NEWEST}`, "first", {
      append: true,
    });
    for (let attempt = 0; attempt < 3; attempt++) {
      await assert.rejects(first.mirror.flush(AGENT), {
        code: MIRROR_TAKEN,
      });
    }
    const taken = { ...BEFORE, [NEWEST]: `${OLD}second` };
    const loaded = await mirroredFiles(kv, folders[0]);
    assert.ok(isSame([...loaded], Object.entries(taken).toSorted()));
    first.mirror.forget(AGENT);
    await assert.rejects(first.mirror.flush(AGENT), { code: MIRROR_TAKEN });
    await first.mirror.restore(AGENT);
    assert.ok(
      isSame(
        [...await filesIn(folders[0])],
        Object.entries(taken).toSorted(),
      ),
    );
    const mine = await Deno.readTextFile(`${folders[0]}/${NEWEST}.replaced`);
    assert.equal(mine, `${OLD}first`);
    await first.mirror.flush(AGENT);
    await second.store.close();
    await first.store.close();
    kv.raw.close();
  }));

Deno.test("JournalMirror.flush() shares one run among all who wait for it, and begins it after they asked", () =>
  withTempDir(async (folder) => {
    const kv = createFaultKv(await openDenoKv(":memory:"));
    await writeJournal(folder, BEFORE);
    const host = await openHost(kv.kv, folder);
    const before = kv.commits.length;
    const running = host.mirror.flush(AGENT);
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    kv.fault = async (_write, send) => {
      reached.resolve();
      await gate.promise;
      return await send();
    };
    await reached.promise;
    await writeJournal(folder, { ...BEFORE, [NEWEST]: GROWN });
    const later = Array.from({ length: 5 }, () => host.mirror.flush(AGENT));
    assert.ok(later.every((flush) => flush === later[0]));
    gate.resolve();
    await Promise.all([running, ...later]);
    assert.equal(kv.commits.length - before, 2);
    const loaded = filesOf(await host.store.journals.load(AGENT));
    assert.ok(loaded.get(NEWEST) === GROWN);
    await host.mirror.flush(AGENT);
    assert.equal(kv.commits.length - before, 2, "nothing new, nothing written");
    kv.fault = null;
    await host.store.close();
    kv.raw.close();
  }));
