import assert from "node:assert/strict";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import {
  FormatReader,
  JOURNAL_FORMAT,
} from "../../../lib/desk/journal/format.ts";
import { openLong } from "./open_account.ts";
import {
  decodeJournal,
  encodeEntry,
} from "../../../lib/desk/journal/journal.ts";
import type { JournalEntry } from "../../../lib/desk/journal/records.ts";
import { FORMAT_1_JOURNAL, FORMAT_1_TRADES_HASH } from "./format_1_journal.ts";
import { FORMAT_2_JOURNAL, FORMAT_2_TRADES_HASH } from "./format_2_journal.ts";
import { MemoryStorage } from "./memory_storage.ts";
import { Bench } from "./program_world.ts";
import { accountConfig, candle, submit } from "./support.ts";

const OLD = new TextEncoder().encode(FORMAT_1_JOURNAL);

function openOld(): Bench {
  const storage = new MemoryStorage(OLD.slice());
  return new Bench([{ entriesAllowed: false }], { storage, storedTrades: 1 });
}

Deno.test("decodeJournal() brings records of format 1 to the present one", () => {
  const { entries, format } = decodeJournal(OLD, "x");
  assert.equal(format, 1);
  const first = entries[0]!;
  assert.ok(first.record.type === "ACCOUNT");
  assert.equal(first.record.format, JOURNAL_FORMAT);
  const rearm = entries.find(({ record }) => record.type === "REARM")!.record;
  assert.ok(rearm.type === "REARM" && rearm.commandId === null);
});

Deno.test("desk goes on with a journal of format 1 and notes from where on its lines are of the present one", async () => {
  const bench = openOld();
  const { account } = await bench.ask({ type: "account" });
  assert.equal(account.tradesHash, FORMAT_1_TRADES_HASH);
  assert.equal(account.trades, 1);
  await bench.ask({ type: "rearm", commandId: "cmd_1", reason: "Checked" });
  const { entries, format } = decodeJournal(bench.storage.bytes, "x");
  assert.equal(format, JOURNAL_FORMAT);
  const rearms = entries.flatMap(({ record }) =>
    record.type === "REARM" ? [record.commandId] : []
  );
  assert.deepEqual(rearms, [null, "cmd_1"]);
  const { storage } = bench;
  void new Bench([{ entriesAllowed: false }], { storage, storedTrades: 1 });
  const notes = decodeJournal(storage.bytes, "x").entries.filter((entry) =>
    entry.record.type === "FORMAT"
  );
  assert.equal(notes.length, 1, "noted once");
});

Deno.test("desk goes on with a journal of format 2, and its next segment is of the present one", async () => {
  const bytes = new TextEncoder().encode(FORMAT_2_JOURNAL);
  const bench = new Bench([{}], {
    storage: new MemoryStorage(bytes),
    storedTrades: 1,
    segmentBytes: 2_000,
  });
  const { account } = await bench.ask({ type: "account" });
  assert.equal(account.tradesHash, FORMAT_2_TRADES_HASH);
  bench.link(2);
  bench.agent({ type: "attached", decidedSeq: account.seq });
  bench.candle(account.seq + 1);
  bench.agent(submit(account.seq + 1));
  await bench.clock.advance(1_000);
  const { entries } = decodeJournal(bench.storage.bytes, "x");
  const { record } = entries[0]!;
  assert.ok(record.type === "ACCOUNT" && record.state?.segment === 2);
  assert.equal(record.format, JOURNAL_FORMAT);
  const [first] = bench.storage.endedSegments();
  assert.deepEqual(first!.read().subarray(0, bytes.length), bytes);
  // A command of the older segment is known: it would forgive losses again.
  const { length } = bench.storage.bytes;
  const again = { type: "rearm", commandId: "cmd_old", reason: "Checked" };
  const { account: after } = await bench.ask(again);
  assert.equal(after.tradesHash, FORMAT_2_TRADES_HASH);
  assert.equal(bench.storage.bytes.length, length);
});

Deno.test("decodeJournal() brings records of format 3 to the present one: nothing but their number has changed", () => {
  const entries: JournalEntry[] = [];
  const account = DeskAccount.open({
    config: accountConfig(),
    sink: { append: (added) => void entries.push(...added) },
  });
  account.step(candle(0, { close: 100 }));
  account.decide(submit(0));
  account.step(candle(1, { close: 100 }));
  const older = structuredClone(entries);
  assert.ok(older[0]!.record.type === "ACCOUNT");
  older[0]!.record.format = 3;
  const text = older.map((entry, index) => encodeEntry(index + 1, entry));
  const bytes = new TextEncoder().encode(text.join(""));
  const read = decodeJournal(bytes, "x");
  assert.equal(read.format, 3);
  assert.deepEqual(read.entries, entries);
});

Deno.test("desk names the present format in the first record of a new journal", () => {
  const bench = new Bench([{}]);
  const { entries, format } = decodeJournal(bench.storage.bytes, "x");
  assert.equal(format, JOURNAL_FORMAT);
  assert.ok(entries[0]!.record.type === "ACCOUNT");
});

Deno.test("desk refuses a journal of a newer build with a sentence, wherever the newer lines begin", async () => {
  const newer = JOURNAL_FORMAT + 1;
  const whole = decodeJournal(OLD, "x").entries;
  const note: JournalEntry = {
    seq: 2,
    toldSeq: 2,
    record: { type: "FORMAT", format: newer },
  };
  const first = structuredClone(whole[0]!);
  assert.ok(first.record.type === "ACCOUNT");
  first.record.format = newer;
  const texts = [
    encodeEntry(1, first),
    FORMAT_1_JOURNAL + encodeEntry(whole.length + 1, note),
  ];
  for (const text of texts) {
    const bytes = new TextEncoder().encode(text);
    const storage = new MemoryStorage(bytes);
    const bench = new Bench([{}], { storage });
    // deno-lint-ignore no-await-in-loop -- one journal after the other
    await assert.rejects(
      bench.ask({ type: "account" }),
      /is of format 8 and this build reads up to 7; start the build that wrote it/,
    );
    assert.deepEqual(storage.bytes, bytes, "it is left as it was");
  }
});

Deno.test("DeskAccount.rearm() carries a command out once, also after a recovery, as long as its id is remembered", () => {
  const entries: JournalEntry[] = [];
  const sink = {
    append: (added: readonly JournalEntry[]) => void entries.push(...added),
  };
  const account = DeskAccount.open({ config: accountConfig(), sink });
  const rearm = (target: DeskAccount, commandId: string) =>
    target.rearm({ commandId, reason: "Checked" });
  const count = () =>
    entries.filter(({ record }) => record.type === "REARM").length;
  rearm(account, "cmd_0");
  rearm(account, "cmd_0");
  assert.equal(count(), 1);
  const recovered = DeskAccount.recover([...entries], sink);
  rearm(recovered, "cmd_0");
  assert.equal(count(), 1);
  for (let id = 1; id < 1024; id++) rearm(recovered, `cmd_${id}`);
  rearm(recovered, "cmd_0");
  assert.equal(count(), 1024);
  rearm(recovered, "cmd_1024");
  rearm(recovered, "cmd_0");
  assert.equal(count(), 1026, "the oldest is forgotten beyond the limit");
});

Deno.test("FormatReader reads the state of a segment of format 3 as one without funding", () => {
  const account = openLong();
  const start = account.toSegmentStart({ segment: 2, newestEpoch: 0 });
  const old = JSON.parse(JSON.stringify(start));
  old.record.format = 3;
  delete old.record.state.book.ledger.fundingPaid;
  delete old.record.state.book.ledger.position.funding;
  const reader = new FormatReader("x");
  const read = reader.read(old);
  assert.equal(reader.format, 3);
  assert.deepEqual(read, JSON.parse(JSON.stringify(start)));
  const recovered = DeskAccount.recover([read], { append: () => {} });
  assert.deepEqual(recovered.view(), account.view());
});

Deno.test("FormatReader brings a segment of format 5 to the present one, without a venue", () => {
  const account = DeskAccount.open({ config: accountConfig() });
  account.step(candle(0, { close: 100 }));
  const start = account.toSegmentStart({ segment: 2, newestEpoch: 1 });
  const old = structuredClone(start) as unknown as {
    record: { format: number; state: { book: { venue?: null } } };
  };
  old.record.format = 5;
  delete old.record.state.book.venue;
  const read = new FormatReader("x").read(old as unknown as JournalEntry);
  assert.deepEqual(read, start);
});

Deno.test("desk reads a journal of format 6, whose entries have no parts, and goes on in the present one", () => {
  const entries: JournalEntry[] = [];
  const sink = {
    append: (added: readonly JournalEntry[]) => void entries.push(...added),
  };
  const account = DeskAccount.open({ config: accountConfig(), sink });
  account.step(candle(0, { close: 100 }));
  account.decide(submit(0, { entry: { type: "limit", price: 99 } }));
  account.step(candle(1, { close: 100 }));
  const start = account.toSegmentStart({ segment: 2, newestEpoch: 1 });
  assert.ok(start.record.type === "ACCOUNT");
  start.record.format = 6;
  const text = encodeEntry(1, start);
  const read = decodeJournal(new TextEncoder().encode(text), "x");
  assert.equal(read.format, 6);
  assert.ok(read.entries[0]!.record.type === "ACCOUNT");
  assert.equal(read.entries[0]!.record.format, JOURNAL_FORMAT);
  const again = DeskAccount.recover(read.entries, sink);
  assert.deepEqual(again.view(), account.view());
  again.decide({
    type: "decided",
    seq: 1,
    actions: [{
      kind: "reprice",
      intentId: "0.0",
      part: 0,
      price: 99.5,
      reason: "It follows the market",
    }],
  });
  assert.equal(again.view().openOrders[0]!.price, "99.5");
});
