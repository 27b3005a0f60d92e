import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import { Journal } from "../../../lib/desk/journal/journal_file.ts";
import { openJournalFile } from "../../../lib/desk/journal/storage.ts";
import { accountConfig, randomMarket, ScriptedAgent } from "./support.ts";

/** A real disk of a megabyte needs root and mount(8). */
function canMount(): boolean {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  const folder = Deno.makeTempDirSync();
  const isMounted = mount(folder);
  if (isMounted) unmount(folder);
  Deno.removeSync(folder);
  return isMounted;
}

function mount(folder: string): boolean {
  return run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
}

function unmount(folder: string): boolean {
  return run("umount", [folder]);
}

function run(command: string, args: string[]): boolean {
  try {
    const options = { args, stdout: "null", stderr: "null" } as const;
    return new Deno.Command(command, options).outputSync().success;
  } catch {
    return false;
  }
}

/** Fills the disk up to its last byte. */
function fill(path: string): void {
  using file = Deno.openSync(path, { create: true, write: true });
  for (const size of [65_536, 4_096, 256, 1]) {
    try {
      for (;;) file.writeSync(new Uint8Array(size));
    } catch (error) {
      assert.equal((error as { code?: string }).code, "ENOSPC");
    }
  }
}

const IS_ABLE = canMount();

Deno.test({
  name: IS_ABLE
    ? "Journal on a disk that is really full keeps its account, and has all of it when there is room"
    : "Journal on a disk that is really full (needs root and mount: not run on this machine)",
  ignore: !IS_ABLE,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    assert.ok(mount(folder));
    try {
      await runOnFullDisk(folder);
    } finally {
      assert.ok(unmount(folder));
      await Deno.remove(folder);
    }
  },
});

async function runOnFullDisk(folder: string): Promise<void> {
  const clock = createSimulatedClock();
  const path = `${folder}/agt_1.journal`;
  const open = () =>
    Journal.open({ path, clock, storage: openJournalFile(path) });
  const { journal } = open();
  const account = DeskAccount.open({ config: accountConfig(), sink: journal });
  const agent = new ScriptedAgent(1);
  const market = randomMarket(1, 300);
  const runTo = (end: number) => {
    for (const bar of market.slice(account.seq + 1, end)) {
      const actions = agent.decide(bar, account.step(bar));
      account.decide({ type: "decided", seq: bar.seq, actions });
    }
  };
  runTo(100);
  await journal.synced();
  fill(`${folder}/filler`);
  runTo(200);
  assert.match(journal.failure ?? "", /No space left.*free disk space/);
  await clock.advance(3_000);
  assert.notEqual(journal.failure, null, "the disk is full as before");
  const { length } = Deno.readFileSync(path);
  assert.equal(length % 4096, 0, "a part of a line was written");
  Deno.removeSync(`${folder}/filler`);
  const mended = journal.synced();
  await clock.advance(1_000);
  assert.ok(await mended);
  assert.equal(journal.failure, null);
  runTo(300);
  await journal.close();
  const { journal: again, content } = open();
  const recovered = DeskAccount.recover(content.entries, again);
  await again.close();
  assert.equal(content.isTorn, false);
  assert.equal(recovered.view().tradesHash, account.view().tradesHash);
  assert.equal(recovered.view().cash, account.view().cash);
}
