import assert from "node:assert/strict";
import fc from "fast-check";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import {
  decodeJournal,
  encodeEntry,
} from "../../../lib/desk/journal/journal.ts";
import { Journal } from "../../../lib/desk/journal/journal_file.ts";
import {
  openJournalFile,
  retireJournalFile,
} from "../../../lib/desk/journal/storage.ts";
import type { JournalEntry } from "../../../lib/desk/journal/records.ts";
import { accountConfig, randomMarket, ScriptedAgent } from "./support.ts";
import { MemoryStorage } from "./memory_storage.ts";

const SEED = 20_260_805;
const CANDLES = 150;

/** Runs an agent over a market with a journal; returns the account and the file. */
function runJournaled(seed: number) {
  const storage = new MemoryStorage();
  const { journal } = openJournal(storage);
  const account = DeskAccount.open({ config: accountConfig(), sink: journal });
  const agent = new ScriptedAgent(seed);
  for (const bar of randomMarket(seed, CANDLES)) {
    const actions = agent.decide(bar, account.step(bar));
    account.decide({ type: "decided", seq: bar.seq, actions });
  }
  return { account, storage };
}

function openJournal(storage: MemoryStorage) {
  return Journal.open({
    path: "/journal/agt_1.journal",
    clock: createSimulatedClock(),
    storage,
  });
}

function recover(bytes: Uint8Array<ArrayBuffer>) {
  const storage = new MemoryStorage(bytes);
  const { journal, content } = openJournal(storage);
  return {
    account: DeskAccount.recover(content.entries, journal),
    content,
    storage,
  };
}

const RUN = runJournaled(11);
const BYTES = RUN.storage.bytes;

Deno.test("Journal folds to the account that wrote it", () => {
  const { account } = recover(BYTES);
  const written = RUN.account.view();
  assert.ok(written.trades > 0);
  // The candles after the last record are not in the journal.
  assert.equal(account.view().tradesHash, written.tradesHash);
  assert.equal(account.view().cash, written.cash);
});

Deno.test("Journal cut anywhere recovers to the last whole transaction before the cut", () => {
  const whole = decodeJournal(BYTES, "x").entries;
  const marks = whole.flatMap(({ mark }) => mark === undefined ? [] : [mark]);
  const firstEnd = BYTES.indexOf(0x0a) + 1;
  fc.assert(
    fc.property(
      fc.integer({ min: firstEnd, max: BYTES.length }),
      (length) => {
        const { account, content, storage } = recover(BYTES.slice(0, length));
        const { length: kept } = content.entries;
        assert.deepEqual(content.entries, whole.slice(0, kept));
        const last = content.entries.at(-1)!.mark!;
        assert.ok(marks.some((mark) => mark.seq === last.seq));
        assert.equal(account.seq, last.seq);
        assert.equal(account.view().cash, last.cash);
        assert.ok(storage.bytes.length <= length);
        const again = decodeJournal(storage.bytes, "x");
        assert.equal(again.isTorn, false);
      },
    ),
    { seed: SEED, numRuns: 200 },
  );
});

Deno.test("Journal with a damaged byte before its last line is refused with line, byte and what to do", () => {
  const lastLine = BYTES.lastIndexOf(0x0a, BYTES.length - 2);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: lastLine - 1 }),
      fc.integer({ min: 1, max: 255 }),
      (at, flip) => {
        const damaged = BYTES.slice();
        damaged[at] = damaged[at]! ^ flip;
        assert.throws(() => recover(damaged), (error: Error) => {
          assert.equal((error as { code?: string }).code, "JOURNAL_CORRUPT");
          assert.match(error.message, /agt_1\.journal": line \d+ \(byte \d+\)/);
          assert.match(error.message, /restore the file from a backup/);
          return true;
        });
      },
    ),
    { seed: SEED, numRuns: 200 },
  );
});

Deno.test("Journal with a damaged last line loses that transaction only", () => {
  const damaged = BYTES.slice();
  damaged[BYTES.length - 5]! ^= 1;
  const { content } = recover(damaged);
  const whole = decodeJournal(BYTES, "x").entries;
  assert.ok(content.isTorn);
  assert.ok(content.entries.length < whole.length);
  assert.ok(content.entries.length > whole.length - 8);
});

Deno.test("Journal with a missing line is refused", () => {
  const start = BYTES.indexOf(0x0a) + 1;
  const end = BYTES.indexOf(0x0a, start) + 1;
  const missing = new Uint8Array(BYTES.length - (end - start));
  missing.set(BYTES.subarray(0, start));
  missing.set(BYTES.subarray(end), start);
  assert.throws(() => recover(missing), /JOURNAL|line 2 /);
});

Deno.test("decodeJournal() of nothing is empty", () => {
  assert.deepEqual(decodeJournal(new Uint8Array(), "x"), {
    entries: [],
    firstLength: 0,
    length: 0,
    isTorn: false,
    format: 1,
  });
});

Deno.test("DeskAccount.recover() refuses a journal whose fills do not add up to its cash", () => {
  const entries = decodeJournal(BYTES, "x").entries;
  const fill = entries.find(({ record }) => record.type === "FILL")!;
  assert.ok(fill.record.type === "FILL");
  fill.record.fill.fee = "77";
  const { journal } = openJournal(new MemoryStorage());
  assert.throws(
    () => DeskAccount.recover(entries, journal),
    /cash after candle \d+ is .* its fills add up to/,
  );
});

/** Commands of a person, each of which must survive a crash right after it. */
const COMMANDS: Record<string, (account: DeskAccount) => void> = {
  "quiesce and close": (account) =>
    account.quiesce({ positions: "close", reason: "Stopped" }),
  "quiesce and keep": (account) =>
    account.quiesce({ positions: "keep", reason: "Stopped" }),
  "pause and resume": (account) => {
    account.setEntries({ allowed: false, reason: "Paused" });
    account.setEntries({ allowed: true, reason: "Resumed" });
  },
  "re-arm": (account) =>
    account.rearm({ commandId: `cmd_${account.seq}`, reason: "Checked" }),
  "tighter limits": (account) =>
    account.updateConfig(
      accountConfig({ risk: { maxDrawdownPct: 1, dailyLossLimit: "10" } }),
    ),
};

for (const [name, command] of Object.entries(COMMANDS)) {
  Deno.test(`Journal keeps the command to ${name}, and the run goes on alike`, () => {
    const storage = new MemoryStorage();
    const { journal } = openJournal(storage);
    const config = accountConfig({
      risk: { maxDrawdownPct: 6, dailyLossLimit: "250" },
      safety: { breakerConsecutiveLosses: 4 },
    });
    let account = DeskAccount.open({ config, sink: journal });
    const straight = DeskAccount.open({ config });
    const agents = [new ScriptedAgent(11), new ScriptedAgent(11)] as const;
    const both = () => [[straight, agents[0]], [account, agents[1]]] as const;
    const market = randomMarket(11, CANDLES);
    for (const bar of market) {
      for (const [desk, agent] of both()) {
        const actions = agent.decide(bar, desk.step(bar));
        desk.decide({ type: "decided", seq: bar.seq, actions });
      }
      if (bar.seq % 30 !== 17) continue;
      for (const [desk] of both()) command(desk);
      const reopened = openJournal(storage);
      account = DeskAccount.recover(reopened.content.entries, reopened.journal);
      // Candles that left no record are processed again, decided as they are.
      while (account.seq < bar.seq) {
        account.skipDecisions(account.seq);
        account.step(market[account.seq + 1]!);
      }
      account.skipDecisions(bar.seq);
      assert.deepEqual(account.view(), straight.view(), `candle ${bar.seq}`);
    }
    assert.deepEqual(account.view(), straight.view());
  });
}

Deno.test("DeskAccount.recallSteps() tells again what memory has forgotten", () => {
  const storage = new MemoryStorage();
  const { journal } = openJournal(storage);
  const account = DeskAccount.open({ config: accountConfig(), sink: journal });
  const agent = new ScriptedAgent(11);
  const told = randomMarket(11, CANDLES).map((bar) => {
    const step = account.step(bar);
    const copy = structuredClone({ seq: bar.seq, events: step.events });
    const actions = agent.decide(bar, step);
    account.decide({ type: "decided", seq: bar.seq, actions });
    return { ...copy, hasPosition: step.hasPosition };
  });
  const { account: recovered } = recover(storage.bytes);
  recovered.recallSteps(decodeJournal(storage.bytes, "x").entries);
  for (const { seq, events, hasPosition } of told) {
    if (seq > recovered.seq) break;
    const again = recovered.steppedAt(seq);
    assert.deepEqual(again.events, events, `step ${seq}`);
    assert.equal(again.hasPosition, hasPosition, `step ${seq}`);
  }
});

function entry(seq: number): JournalEntry {
  return {
    seq,
    toldSeq: seq,
    record: { type: "ATTACHED", epoch: seq, decidedSeq: 0 },
  };
}

Deno.test("Journal.append() writes at once and syncs once for what came within 5 ms", async () => {
  const clock = createSimulatedClock();
  const storage = new MemoryStorage();
  const { journal } = Journal.open({ path: "x", clock, storage });
  for (let seq = 0; seq < 10; seq++) journal.append([entry(seq)]);
  assert.equal(decodeJournal(storage.bytes, "x").entries.length, 10);
  assert.equal(storage.syncs, 0);
  await clock.advance(5);
  assert.equal(storage.syncs, 1);
  await journal.close();
  assert.equal(storage.syncs, 1, "nothing was left to sync");
});

Deno.test("Journal.synced() waits for what was written before the call", async () => {
  const storage = new MemoryStorage();
  const clock = createSimulatedClock();
  const { journal } = Journal.open({ path: "x", clock, storage });
  journal.append([entry(1)]);
  const first = journal.synced();
  journal.append([entry(2)]);
  await first;
  await journal.synced();
  assert.equal(storage.syncs, 2);
});

Deno.test("Journal in a real file survives being torn, and is retired under a free name", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/desk/agt_1.journal`;
    const clock = createSimulatedClock();
    const open = () =>
      Journal.open({ path, clock, storage: openJournalFile(path) });
    const first = open().journal;
    first.append([entry(1), entry(2)]);
    await first.close();
    await Deno.writeTextFile(path, encodeEntry(3, entry(3)).slice(0, 20), {
      append: true,
    });
    const { journal, content } = open();
    assert.equal(content.isTorn, true);
    assert.deepEqual(content.entries, [entry(1), entry(2)]);
    journal.append([entry(3)]);
    await journal.close();
    const again = open();
    assert.deepEqual(again.content.entries, [1, 2, 3].map(entry));
    await again.journal.close();
    retireJournalFile(path);
    await Deno.writeTextFile(path, "");
    retireJournalFile(path);
    const names = [...Deno.readDirSync(`${folder}/desk`)].map(({ name }) =>
      name
    );
    assert.deepEqual(names.sort(), [
      "agt_1.journal.closed",
      "agt_1.journal.closed.2",
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
