import assert from "node:assert/strict";
import { createSimulatedClock } from "../../actors/simulated_clock.ts";
import { DeskAccount } from "../../lib/desk/account/account.ts";
import {
  chainTradesHash,
  EMPTY_TRADES_HASH,
} from "../../lib/desk/account/trades_hash.ts";
import { Journal } from "../../lib/desk/journal/journal_file.ts";
import { openJournalFile } from "../../lib/desk/journal/storage.ts";
import { createBackup } from "../../lib/store/backup/create_backup.ts";
import { copyPrivate } from "../../lib/store/backup/files.ts";
import { restoreBackup } from "../../lib/store/backup/restore_backup.ts";
import { copyStore } from "../../lib/store/backup/store_copy.ts";
import { readJournal } from "../chaos/journal_reader.ts";
import { foldLedger } from "../chaos/ledger.ts";
import { withStore } from "../lib/store/backup/support.ts";
import { logIn, setUp } from "../support/api.ts";
import { SegmentedAccount } from "../support/segmented_account.ts";
import { startServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import {
  bringKey,
  FAST,
  readTrades,
  spawn,
  stop,
  task,
  tradesOf,
} from "./backup_support.ts";
import { readAnnouncedTrades } from "../support/announced_trades.ts";

Deno.test("restore of journals that are ahead of the store reports again every trade that the store lacks", async () => {
  await withTempDir(async (parent) => {
    const dataDir = `${parent}/data`;
    const first = await startServer({ dataDir, env: FAST });
    const api = await setUp(first, dataDir);
    const { id } = await spawn(api, "ahead");
    await api.waitForAgent(id, (agent) => tradesOf(agent) >= 2);
    const early = `${parent}/early.sqlite`;
    await copyStore(`${dataDir}/store.sqlite`, early);
    await api.waitForAgent(id, (agent) => tradesOf(agent) >= 6);
    const stopped = await stop(api, id);
    const known = await readTrades(api, id);
    assert.equal(await first.stop(), 0);
    // The most that can happen between the copy of the store and that of the journals.
    await createBackup({
      dataDir,
      out: `${parent}/backup`,
      nowMs: Date.now(),
      copyStore: (_, to) => Deno.copyFile(early, to),
    });

    const newDir = `${parent}/restored`;
    const args = ["--from", `${parent}/backup`];
    const restored = await task("restore", args, newDir);
    assert.equal(restored.code, 0, restored.text);
    assert.match(restored.text, /put exchange-key-secret of that time there/);
    await bringKey(dataDir, newDir);
    const second = await startServer({ dataDir: newDir, env: FAST });
    try {
      const again = await logIn(second);
      await again.waitForAgent(
        id,
        (agent) => tradesOf(agent) >= known.length,
      );
      const after = await stop(again, id);
      const all = await readTrades(again, id);
      assert.deepEqual(all.slice(0, known.length), known);
      assert.equal(all.length, tradesOf(after));
      assert.equal(
        after.account?.tradesHash,
        all.reduce(chainTradesHash, EMPTY_TRADES_HASH),
      );
      assert.ok(all.length >= tradesOf(stopped));
      const announced = await readAnnouncedTrades(again, id, all.length);
      assert.deepEqual(announced, all.map(({ tradeId }) => tradeId));
    } finally {
      await second.stop();
    }
  });
});

Deno.test("backup of an account that starts and removes segments meanwhile restores to one that goes on", async () => {
  await withTempDir(async (parent) => {
    const [dataDir, newDir] = [`${parent}/data`, `${parent}/restored`];
    await Deno.mkdir(`${dataDir}/journal`, { recursive: true });
    await withStore(dataDir, () => Promise.resolve());
    const running = new SegmentedAccount(`${dataDir}/journal/agt_1.journal`, 7);
    await running.runUntil(4);
    let tradesInStore = 0;
    let copies = 0;
    const goOn = async (isRemoving: boolean) => {
      if (isRemoving) running.journal.endedSegments()[0]!.remove();
      await running.runUntil(running.journal.segment + 1);
    };
    const { folder } = await createBackup({
      dataDir,
      out: `${parent}/backup`,
      nowMs: Date.now(),
      async copyStore(from, to) {
        tradesInStore = running.trades.length;
        await copyStore(from, to);
        await goOn(false);
      },
      async copyJournal(from, to) {
        if (++copies <= 6) await goOn(copies % 2 === 0);
        await copyPrivate(from, to);
      },
    });
    await running.journal.close();
    await restoreBackup({
      from: folder,
      dataDir: newDir,
      isReplacing: false,
      nowMs: Date.now(),
      lock: () => Promise.resolve({ release() {} }),
    });
    const path = `${newDir}/journal/agt_1.journal`;
    const { lines, faults, firstSegment } = await readJournal(path);
    const { lost, duplicated } = foldLedger(lines);
    assert.deepEqual([...faults, ...lost, ...duplicated], []);
    assert.equal(firstSegment, 4);
    const { journal, newest, all } = recover(path);
    await journal.close();
    assert.ok(newest.trades > tradesInStore);
    assert.deepEqual(all, newest);
    const hash = running.trades.slice(0, newest.trades).reduce(
      chainTradesHash,
      EMPTY_TRADES_HASH,
    );
    assert.equal(newest.tradesHash, hash);
  });
});

/** The account as its newest segment has it, and as all of its segments have it. */
function recover(path: string) {
  const clock = createSimulatedClock();
  const storage = openJournalFile(path);
  const { journal, content } = Journal.open({ path, clock, storage });
  const newest = DeskAccount.recover(content.entries, journal).view();
  const all = DeskAccount.recover(journal.read(), journal).view();
  return { journal, newest, all };
}
