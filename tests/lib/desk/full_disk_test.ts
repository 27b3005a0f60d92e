import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import { Journal } from "../../../lib/desk/journal/journal_file.ts";
import { openJournalFile } from "../../../lib/desk/journal/storage.ts";
import {
  CAN_MOUNT,
  fillDisk,
  withSmallDisk,
} from "../../support/small_disk.ts";
import { accountConfig, randomMarket, ScriptedAgent } from "./support.ts";

Deno.test({
  name:
    `Journal on a disk that is really full keeps its account, and has all of it when there is room${
      CAN_MOUNT ? "" : " (skipped: needs root to mount a tmpfs)"
    }`,
  ignore: !CAN_MOUNT,
  fn: () => withSmallDisk(({ path }) => runOnFullDisk(path)),
});

async function runOnFullDisk(folder: string): Promise<void> {
  const clock = createSimulatedClock();
  const path = `${folder}/agt_1.journal`;
  let changed = Promise.withResolvers<void>();
  const open = () =>
    Journal.open({
      path,
      clock,
      storage: openJournalFile(path),
      onChange: () => changed.resolve(),
    });
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
  await fillDisk(folder);
  runTo(200);
  assert.match(journal.failure ?? "", /No space left.*free disk space/);
  await clock.advance(3_000);
  assert.notEqual(journal.failure, null, "the disk is full as before");
  const { length } = Deno.readFileSync(path);
  assert.equal(length % 4096, 0, "a part of a line was written");
  Deno.removeSync(`${folder}/filler`);
  const mended = journal.synced();
  changed = Promise.withResolvers();
  await clock.advance(1_000);
  assert.ok(await mended);
  await changed.promise;
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
