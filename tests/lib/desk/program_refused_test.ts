import assert from "node:assert/strict";
import type { AppError } from "../../../lib/core/errors.ts";
import type { DeskFiles } from "../../../lib/desk/journal/storage.ts";
import { MemoryStorage } from "./memory_storage.ts";
import { Bench } from "./program_world.ts";
import { accountConfig, candle } from "./support.ts";
import { toBatch } from "./batch.ts";

/** A folder of journals, each on a disk of its own. */
class Folder implements DeskFiles {
  readonly files = new Map<string, MemoryStorage>();
  readonly retired: string[] = [];
  /** What opening this path fails with. */
  readonly refusals = new Map<string, string>();

  of(agentId: string): MemoryStorage {
    const path = pathOf(agentId);
    const file = this.files.get(path) ?? new MemoryStorage();
    this.files.set(path, file);
    return file;
  }

  open(path: string): MemoryStorage {
    const code = this.refusals.get(path);
    if (code !== undefined) {
      throw Object.assign(new Error(`Disk says ${code}`), { code });
    }
    return this.of(path.slice("/journal/".length, -".journal".length));
  }

  retire(path: string): void {
    this.retired.push(path);
  }
}

function pathOf(agentId: string): string {
  return `/journal/${agentId}.journal`;
}

const ACCOUNTS = [{ agentId: "agt_1" }, { agentId: "agt_2" }];

async function seqOf(bench: Bench, agentId: string): Promise<number> {
  return (await bench.ask({ type: "account", agentId })).account.seq;
}

/** Both agents' links, one candle, and what the second account is then. */
function linkBoth(bench: Bench): void {
  for (const agentId of ["agt_1", "agt_2"]) {
    const agent = `agent:${agentId}`;
    const candles = `candles:${agentId}`;
    bench.desk.linkOpened!(candles, { peerId: "feed", peerEpoch: 1 });
    bench.desk.linkOpened!(agent, { peerId: agentId, peerEpoch: 1 });
    void bench.desk.receive(agent, { type: "attached", decidedSeq: -1 });
  }
}

function refusedWith(code: string, status: number) {
  return (error: AppError) => error.code === code && error.status === status;
}

Deno.test("desk refuses to begin a journal that the disk does not take, with one sentence, and begins it when it does", async () => {
  const folder = new Folder();
  const bench = new Bench([], { files: folder });
  const ask = () =>
    bench.ask({
      type: "openAccount",
      account: accountConfig(),
      storedTrades: 0,
    });
  folder.refusals.set(pathOf("agt_1"), "EROFS");
  await assert.rejects(ask(), (error: AppError) => {
    assert.match(
      error.message,
      /^Cannot open journal ".*agt_1\.journal": Disk says EROFS; make the file system writable again and try again$/,
    );
    return refusedWith("JOURNAL_UNAVAILABLE", 503)(error);
  });
  folder.refusals.clear();
  folder.of("agt_1").refuse("ENOSPC");
  folder.of("agt_1").tornPart = 0.5;
  await assert.rejects(ask(), refusedWith("JOURNAL_UNAVAILABLE", 503));
  folder.of("agt_1").mend();
  await bench.clock.advance(5_000);
  assert.equal((await ask()).account.tradingState, "active");
  assert.deepEqual(bench.notices, []);
});

Deno.test("desk starts although one account's journal cannot be opened, and opens it when the disk is mended", async () => {
  const folder = new Folder();
  folder.refusals.set(pathOf("agt_2"), "EACCES");
  const bench = new Bench(ACCOUNTS, { files: folder });
  linkBoth(bench);
  void bench.desk.receive(
    "candles:agt_1",
    toBatch([candle(0, { close: 100 })]),
  );
  assert.equal(await seqOf(bench, "agt_1"), 0);
  for (const type of ["account", "quiesce"]) {
    // deno-lint-ignore no-await-in-loop -- one question after the other
    await assert.rejects(
      bench.ask({ type, agentId: "agt_2", positions: "keep", reason: "x" }),
      refusedWith("JOURNAL_UNAVAILABLE", 503),
    );
  }
  await bench.clock.advance(3_000);
  assert.deepEqual(
    bench.notices.map(({ agentId, isFailing }) => [agentId, isFailing]),
    [["agt_2", true]],
  );
  folder.refusals.clear();
  await bench.clock.advance(1_000);
  assert.equal(bench.notices.at(-1)!.isFailing, false);
  void bench.desk.receive(
    "candles:agt_2",
    toBatch([candle(0, { close: 100 })]),
  );
  assert.equal(await seqOf(bench, "agt_2"), 0);
  assert.ok(
    bench.sent.some(({ link, message }) =>
      link === "agent:agt_2" && (message as { type: string }).type === "stepped"
    ),
    "what its agent said before was kept",
  );
});

Deno.test("desk refuses an account with a damaged journal and serves the others; closing it keeps the file aside", async () => {
  const folder = new Folder();
  const first = new Bench(ACCOUNTS, { files: folder });
  await first.ask({
    type: "setEntries",
    agentId: "agt_2",
    allowed: false,
    reason: "x",
  });
  const { bytes } = folder.of("agt_2");
  bytes[20] = bytes[20]! ^ 1;
  const bench = new Bench(ACCOUNTS, { files: folder });
  linkBoth(bench);
  assert.equal(await seqOf(bench, "agt_1"), -1);
  await assert.rejects(
    seqOf(bench, "agt_2"),
    refusedWith("JOURNAL_CORRUPT", 500),
  );
  await bench.clock.advance(10_000);
  assert.deepEqual(
    bench.notices.map(({ agentId, isFailing }) => [agentId, isFailing]),
    [["agt_2", true]],
  );
  assert.match(bench.notices[0]!.detail, /line 1 .* is damaged/);
  assert.equal(
    await bench.ask({ type: "closeAccount", agentId: "agt_2" }),
    null,
  );
  assert.deepEqual(folder.retired, [pathOf("agt_2")]);
  await assert.rejects(
    seqOf(bench, "agt_2"),
    refusedWith("ACCOUNT_NOT_FOUND", 404),
  );
});

Deno.test("desk opens an account again whose damaged journal was restored, when its owner asks", async () => {
  const folder = new Folder();
  void new Bench(ACCOUNTS, { files: folder });
  const { bytes } = folder.of("agt_2");
  const whole = bytes.slice();
  // The only line and one more, so that the damage is inside.
  folder.of("agt_2").bytes = new Uint8Array([0x78, 0x0a, ...whole]);
  const bench = new Bench(ACCOUNTS, { files: folder });
  const ask = () =>
    bench.ask({
      type: "openAccount",
      account: accountConfig({ agentId: "agt_2" }),
      storedTrades: 0,
    });
  await assert.rejects(ask(), refusedWith("JOURNAL_CORRUPT", 500));
  folder.of("agt_2").bytes = whole;
  assert.equal((await ask()).account.seq, -1);
  assert.deepEqual(bench.notices.map(({ isFailing }) => isFailing), [
    true,
    false,
  ]);
});
