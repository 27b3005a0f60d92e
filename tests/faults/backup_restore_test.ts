/**
 * Backup and restore as an operator runs them: the tasks with their own
 * permissions, a real server that trades meanwhile.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  chainTradesHash,
  EMPTY_TRADES_HASH,
} from "../../lib/desk/account/trades_hash.ts";
import { logIn, setUp } from "../support/api.ts";
import { writeReplayFile } from "../support/replay_file.ts";
import { startServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import {
  booksAtTheEnd,
  bringKey,
  FAST,
  readTrades,
  replay,
  spawn,
  stop,
  task,
  tradesOf,
} from "./backup_support.ts";

/** Candles of the file that is replayed: a backup comes in the middle. */
const CANDLES = 600;
/** What an operator is promised: from nothing to a server that trades. */
const RECOVERY_MS = 5 * 60_000;

Deno.test("backup of a trading server restores on an empty machine after a kill -9: equal books, every agent, trade and login", async () => {
  await withTempDir(async (parent) => {
    const dataDir = `${parent}/data`;
    const candlesDir = `${parent}/candles`;
    await Deno.mkdir(candlesDir);
    await writeReplayFile(candlesDir, CANDLES);
    const first = await startServer({ dataDir, candlesDir, env: FAST });
    const api = await setUp(first, dataDir);
    const trading = await spawn(api, "trades");
    const replays = [await replay(api, "one"), await replay(api, "two")];
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
    const books = await booksAtTheEnd(api, replays);
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
      new RegExp(`in use by another server \\(process ${first.pid}, version`),
    );
    const last = await readTrades(api, trading.id);
    await first.kill();

    const begun = performance.now();
    const newDir = `${parent}/machine/restored`;
    const restored = await task(
      "restore",
      ["--from", `${parent}/backup`],
      newDir,
    );
    assert.equal(restored.code, 0, restored.text);
    assert.match(restored.text, /put exchange-key-secret of that time there/);
    await bringKey(dataDir, newDir);
    const home = `${parent}/machine/home`;
    await Deno.mkdir(home);
    const env = { ...FAST, HOME: home };
    const second = await startServer({ dataDir: newDir, candlesDir, env });
    try {
      assert.doesNotMatch(second.output(), /create your account/);
      const again = await logIn(second);
      await again.waitForAgent(
        trading.id,
        ({ observed }) => observed === "running",
      );
      const tookMs = Math.round(performance.now() - begun);
      // deno-lint-ignore no-console -- the figure of the drill
      console.log(`From an empty machine to an agent that runs: ${tookMs} ms`);
      assert.ok(tookMs <= RECOVERY_MS);
      await again.waitForAgent(
        paused.id,
        (agent) => agent.observed === "paused",
      );
      assert.deepEqual(await booksAtTheEnd(again, replays), books);
      const more = known.length + 3;
      const later = await again.waitForAgent(
        trading.id,
        (agent) => agent.observed === "running" && tradesOf(agent) >= more,
      );
      assert.ok(later.epoch > trading.epoch);
      // What the dead server had traded after the backup is traded again, the same;
      // the stop that follows ends what the dead server may have held on to.
      const repeated = await readTrades(again, trading.id);
      const common = Math.min(repeated.length, last.length);
      assert.ok(common > known.length);
      assert.deepEqual(repeated.slice(0, common), last.slice(0, common));
      const stopped = await stop(again, trading.id);
      const all = await readTrades(again, trading.id);
      const ids = all.map(({ tradeId }) => tradeId);
      assert.equal(new Set(ids).size, ids.length, "no trade is stored twice");
      const hash = all.reduce(chainTradesHash, EMPTY_TRADES_HASH);
      assert.equal(stopped.account?.tradesHash, hash);
    } finally {
      await second.stop();
    }
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
