/** The campaign's own reading of journals, tried on journals in many segments that the desk has written. */
import assert from "node:assert/strict";
import { decodeJournal, encodeEntry } from "../../lib/desk/journal/journal.ts";
import type { JournalEntry } from "../../lib/desk/journal/records.ts";
import { checkJournals } from "../chaos/checks.ts";
import { Findings } from "../chaos/findings.ts";
import { readJournal } from "../chaos/journal_reader.ts";
import { foldLedger } from "../chaos/ledger.ts";
import { SegmentedAccount } from "../support/segmented_account.ts";
import { withTempDir } from "../support/temp.ts";

const ID = "agt_1";
const SEEDS = [11, 12, 13] as const;
const SEGMENTS = 8;

interface Written {
  folder: string;
  path: string;
  account: SegmentedAccount;
  /** Paths of the segments, oldest first; the newest has the journal's own. */
  segments: string[];
}

/** Gives a journal of `SEGMENTS` segments or one more to `test`. */
async function withJournal(
  seed: number,
  test: (written: Written) => Promise<void>,
): Promise<void> {
  await withTempDir(async (folder) => {
    const path = `${folder}/${ID}.journal`;
    const account = new SegmentedAccount(path, seed);
    await account.runUntil(SEGMENTS);
    for (let candle = 0; candle < 20; candle++) account.step();
    await account.journal.close();
    const segments = account.journal.endedSegments().map((
      { number, lastSeq },
    ) => `${path}.${number}-${lastSeq}`);
    assert.ok(segments.length >= SEGMENTS - 1);
    segments.push(path);
    await test({ folder, path, account, segments });
  });
}

/** What the reader and the fold find wrong. */
async function faultsIn(path: string): Promise<string> {
  const { lines, faults } = await readJournal(path);
  const { lost, duplicated } = foldLedger(lines);
  return [...faults, ...lost, ...duplicated].join("\n");
}

async function findingsOf(
  { folder, account }: Written,
  stored = account.trades,
): Promise<{ findings: Findings; trades: number }> {
  const findings = new Findings();
  const trades = new Map([[ID, stored]]);
  const sum = await checkJournals(folder, trades, { findings });
  return { findings, trades: sum.trades };
}

for (const seed of SEEDS) {
  Deno.test(`readJournal() and foldLedger() find no fault in a journal of ${SEGMENTS} segments (seed ${seed})`, async () => {
    await withJournal(seed, async (written) => {
      assert.equal(await faultsIn(written.path), "");
      const { findings, trades } = await findingsOf(written);
      assert.deepEqual([...findings.lost, ...findings.duplicated], []);
      assert.equal(trades, written.account.trades.length);
      assert.ok(trades > SEGMENTS);
    });
  });

  Deno.test(`foldLedger() goes on from the state of whichever segment is the oldest (seed ${seed})`, async () => {
    await withJournal(seed, async ({ path, segments }) => {
      const whole = foldLedger((await readJournal(path)).lines);
      for (const [index, segment] of segments.slice(0, -1).entries()) {
        // deno-lint-ignore no-await-in-loop -- one after the other goes
        await Deno.remove(segment);
        // deno-lint-ignore no-await-in-loop -- as above
        const { lines, faults, firstSegment } = await readJournal(path);
        const folded = foldLedger(lines);
        assert.equal(firstSegment, index + 2);
        assert.deepEqual(
          [...faults, ...folded.lost, ...folded.duplicated],
          [],
        );
        const { tradesBefore } = folded;
        assert.deepEqual(folded.trades, whole.trades.slice(tradesBefore));
        assert.equal(folded.cash, whole.cash);
        const of = (type: string) =>
          lines.filter(({ record }) => record.type === type).length;
        assert.equal(folded.orders, of("ORDER"));
        assert.equal(folded.fills, of("FILL"));
      }
    });
  });
}

/** Book of a segment's first line. */
// deno-lint-ignore no-explicit-any -- it is to be damaged
type AnyBook = any;

const DAMAGED_STATES: readonly {
  what: string;
  /** False where the book has nothing of the kind. */
  damage: (book: AnyBook) => boolean;
  fault: RegExp;
}[] = [
  {
    what: "cash",
    damage: ({ ledger }) => Boolean(ledger.cash += "1"),
    fault: /segment \d begins with cash [\d.]+, the lines before it make/,
  },
  {
    what: "number of trades",
    damage: ({ ledger }) => Boolean(ledger.trades += 1),
    fault: /segment \d begins with trades \d+, the lines before it make/,
  },
  {
    what: "resting order",
    damage: ({ orders }) => orders.pop() !== undefined,
    fault: /segment \d begins with orders .*, the lines before it make \d/,
  },
  {
    what: "position",
    damage: ({ ledger }) => {
      const had = ledger.position !== null;
      ledger.position = null;
      return had;
    },
    fault: /segment \d begins with position none, the lines before it make/,
  },
  {
    what: "known intent",
    damage: ({ knownIntents }) => knownIntents.pop() !== undefined,
    fault: /segment \d begins with intents .*, the lines before it make/,
  },
];

for (const { what, damage, fault } of DAMAGED_STATES) {
  Deno.test(`foldLedger() finds a segment that begins with another ${what}`, async () => {
    await withJournal(SEEDS[0], async ({ path, segments }) => {
      let damaged = 0;
      for (const segment of segments.slice(1)) {
        // deno-lint-ignore no-await-in-loop -- one at a time is damaged
        const bytes = await Deno.readFile(segment);
        const isDone = damageState(bytes, damage);
        if (isDone === null) continue;
        damaged++;
        // deno-lint-ignore no-await-in-loop -- as above
        await Deno.writeTextFile(segment, isDone);
        // deno-lint-ignore no-await-in-loop -- as above
        const found = await faultsIn(path);
        assert.match(found, fault);
        assert.equal(found.split("\n").length, 1, found);
        // deno-lint-ignore no-await-in-loop -- as above
        await Deno.writeFile(segment, bytes);
      }
      assert.ok(damaged > 0, "a segment should have something to damage");
    });
  });
}

/** The text of a segment with another state and good checksums; null where there is nothing to damage. */
function damageState(
  bytes: Uint8Array,
  damage: (book: AnyBook) => boolean,
): string | null {
  const { entries } = decodeJournal(bytes, "x");
  const [first] = structuredClone(entries) as [JournalEntry];
  assert.ok(first.record.type === "ACCOUNT" && first.record.state !== null);
  if (!damage(first.record.state.book)) return null;
  return [first, ...entries.slice(1)].map((entry, index) =>
    encodeEntry(index + 1, entry)
  ).join("");
}

Deno.test("readJournal() finds a segment that is missing in the middle, renamed or out of its place", async () => {
  await withJournal(SEEDS[0], async ({ path, segments }) => {
    const third = segments[2]!;
    const later = third.replace(/\d+$/, "9999");
    await Deno.rename(third, later);
    assert.match(await faultsIn(path), /begins after candle \d+, and follows/);
    await Deno.rename(later, `${path}.0-1`);
    const displaced = await faultsIn(path);
    assert.match(displaced, /\.0-1 says that it is 3/);
    assert.match(displaced, /segment 4 follows segment 2/);
    await Deno.remove(`${path}.0-1`);
    const missing = await faultsIn(path);
    assert.match(missing, /segment 4 follows segment 2/);
    assert.match(missing, /segment 4 begins with/);
    assert.doesNotMatch(missing, /says that it is/);
  });
});

Deno.test("readJournal() takes what a crash leaves beside the newest segment for none", async () => {
  await withJournal(SEEDS[0], async ({ path, account }) => {
    await Deno.link(
      path,
      `${path}.${account.journal.segment}-${account.account.seq}`,
    );
    await Deno.writeTextFile(`${path}.next`, "half a line");
    assert.equal(await faultsIn(path), "");
  });
});

Deno.test("checkJournals() counts the trades of segments that are gone, and says so where too few are kept", async () => {
  await withJournal(SEEDS[0], async (written) => {
    await Deno.remove(written.segments[0]!);
    await Deno.remove(written.segments[1]!);
    const { findings, trades } = await findingsOf(written);
    assert.equal(findings.lost.length, 1);
    assert.match(
      findings.lost[0]!,
      /the segments before 3 are gone, and only \d+ bytes are kept/,
    );
    assert.deepEqual(findings.duplicated, []);
    assert.equal(trades, written.account.trades.length);
    const none = await findingsOf(written, []);
    assert.equal(none.findings.lost.length, 1 + trades);
  });
});
