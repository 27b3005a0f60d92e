/**
 * Backup and restore as an operator runs them: the tasks with their own
 * permissions, a real server that trades meanwhile.
 *
 * @module
 */
import assert from "node:assert/strict";
import { createSimulatedClock } from "../../actors/simulated_clock.ts";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { Trade } from "../../lib/contracts/order.ts";
import { DeskAccount } from "../../lib/desk/account/account.ts";
import {
  chainTradesHash,
  EMPTY_TRADES_HASH,
} from "../../lib/desk/account/trades_hash.ts";
import { Journal } from "../../lib/desk/journal/journal_file.ts";
import { openJournalFile } from "../../lib/desk/journal/storage.ts";
import type { StorePage } from "../../lib/store/port.ts";
import { createBackup } from "../../lib/store/backup/create_backup.ts";
import { copyPrivate } from "../../lib/store/backup/files.ts";
import { restoreBackup } from "../../lib/store/backup/restore_backup.ts";
import { copyStore } from "../../lib/store/backup/store_copy.ts";
import { readJournal } from "../chaos/journal_reader.ts";
import { foldLedger } from "../chaos/ledger.ts";
import { withStore } from "../lib/store/backup/support.ts";
import {
  logIn,
  setUp,
  type StreamedEvent,
  type TestApi,
} from "../support/api.ts";
import { tirelessConfig } from "../support/config.ts";
import { SegmentedAccount } from "../support/segmented_account.ts";
import { startServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

const ROOT = new URL("../../", import.meta.url);
/** Fast enough that an agent trades within seconds of real time. */
const FAST = { SIMULATION_SPEED: "6000" };

/** The key that seals is in no backup: an operator keeps it apart. */
async function bringKey(from: string, to: string): Promise<void> {
  const name = "exchange-key-secret";
  await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
}

Deno.test("backup of a trading server restores into a new folder with every agent, trade and login", async () => {
  await withTempDir(async (parent) => {
    const dataDir = `${parent}/data`;
    const first = await startServer({ dataDir, env: FAST });
    const api = await setUp(first, dataDir);
    const trading = await spawn(api, "trades");
    const paused = await spawn(api, "paused");
    await api.waitForAgent(paused.id, ({ observed }) => observed === "running");
    await api.send("POST", `/api/agents/${paused.id}/control`, {
      action: "pause",
    });
    await api.waitForAgent(paused.id, ({ observed }) => observed === "paused");
    await api.waitForAgent(trading.id, (agent) => tradesOf(agent) >= 3);
    const known = await readTrades(api, trading.id);

    const backup = await task("backup", ["--out", `${parent}/backup`], dataDir);
    assert.equal(backup.code, 0, backup.text);
    assert.match(backup.text, /Backed up \d+ files .*\/backup\n/);
    // It goes on trading as if nothing had been.
    const count = known.length + 2;
    await api.waitForAgent(trading.id, (agent) => tradesOf(agent) >= count);
    const inUse = await task("restore", [
      "--from",
      `${parent}/backup`,
      "--replace",
    ], dataDir);
    assert.equal(inUse.code, 1);
    assert.match(
      inUse.text,
      new RegExp(`in use by another server \\(process ${first.pid}\\)`),
    );
    assert.equal(await first.stop(), 0);

    const newDir = `${parent}/restored`;
    const restored = await task(
      "restore",
      ["--from", `${parent}/backup`],
      newDir,
    );
    assert.equal(restored.code, 0, restored.text);
    assert.match(restored.text, /put exchange-key-secret of that time there/);
    await bringKey(dataDir, newDir);
    const second = await startServer({ dataDir: newDir, env: FAST });
    try {
      assert.doesNotMatch(second.output(), /create your account/);
      const again = await logIn(second);
      await again.waitForAgent(
        paused.id,
        (agent) => agent.observed === "paused",
      );
      const more = known.length + 3;
      const later = await again.waitForAgent(
        trading.id,
        (agent) => agent.observed === "running" && tradesOf(agent) >= more,
      );
      assert.ok(later.epoch > trading.epoch);
      const stopped = await stop(again, trading.id);
      const all = await readTrades(again, trading.id);
      assert.deepEqual(all.slice(0, known.length), known);
      const ids = all.map(({ tradeId }) => tradeId);
      assert.equal(new Set(ids).size, ids.length, "no trade is stored twice");
      const hash = all.reduce(chainTradesHash, EMPTY_TRADES_HASH);
      assert.equal(stopped.account?.tradesHash, hash);
    } finally {
      await second.stop();
    }
  });
});

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
      const announced = await readAnnounced(again, id, all.length);
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

Deno.test("backup and restore explain themselves and answer wrong input with exit code 2", async () => {
  await withTempDir(async (dataDir) => {
    const runs = [
      ["backup", ["--help"], 0, /--out FOLDER/],
      ["restore", ["--help"], 0, /--from FOLDER/],
      ["backup", ["--into", "x"], 2, /Unknown option '--into'/],
      ["backup", [], 2, /nothing to back up/],
      ["restore", [], 2, /Give the folder of a backup/],
      ["restore", ["--from", dataDir], 2, /no finished backup/],
    ] as const;
    for (const [name, args, code, text] of runs) {
      // deno-lint-ignore no-await-in-loop -- one process at a time
      const ended = await task(name, args, dataDir);
      assert.equal(ended.code, code, ended.text);
      assert.match(ended.text, text);
      assert.doesNotMatch(ended.text, /\n {4}at /, "no stack is shown");
    }
    assert.deepEqual(await Array.fromAsync(Deno.readDir(dataDir)), []);
  });
});

/** Runs a task as it stands in deno.json; answers with its code and everything it printed. */
async function task(
  name: "backup" | "restore",
  args: readonly string[],
  dataDir: string,
): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", name, ...args],
    cwd: ROOT,
    env: { DATA_DIR: dataDir, NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** The account as its newest segment has it, and as all of its segments have it. */
function recover(path: string) {
  const clock = createSimulatedClock();
  const storage = openJournalFile(path);
  const { journal, content } = Journal.open({ path, clock, storage });
  const newest = DeskAccount.recover(content.entries, journal).view();
  const all = DeskAccount.recover(journal.read(), journal).view();
  return { journal, newest, all };
}

async function spawn(api: TestApi, name: string): Promise<AgentView> {
  return await api.send<AgentView>("POST", "/api/agents/spawn", {
    config: tirelessConfig(name),
    acknowledgeWarnings: true,
  });
}

async function stop(api: TestApi, id: string): Promise<AgentView> {
  await api.send("POST", `/api/agents/${id}/control`, { action: "stop" });
  return await api.waitForAgent(id, ({ observed }) => observed === "stopped");
}

function tradesOf(agent: AgentView): number {
  return agent.account?.trades ?? 0;
}

/** The agent's first trades, oldest first; tests make fewer than one page. */
async function readTrades(api: TestApi, id: string): Promise<Trade[]> {
  const page = await api.get<StorePage<Trade>>(
    `/api/agents/${id}/trades?limit=200`,
  );
  assert.equal(page.nextCursor, null);
  return page.items.toReversed();
}

/** Ids of the trades that the event log tells of, in its order. */
async function readAnnounced(
  api: TestApi,
  id: string,
  count: number,
): Promise<string[]> {
  const isTrade = (event: StreamedEvent) =>
    event.type === "trade.closed" && event.data.agentId === id;
  const events = await api.follow({
    after: 0,
    until: (seen) => seen.filter(isTrade).length >= count,
  });
  return events.filter(isTrade).map((event) => event.data.trade.tradeId);
}
