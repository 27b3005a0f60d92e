import assert from "node:assert/strict";
import { createMemoryDatabase } from "../../../../../lib/store/kv/memory_database.ts";
import { withTempDir } from "../../../../support/temp.ts";
import { AGENT, filesIn, HostAccount, openHost } from "./mirror_world.ts";

/** Two hosts with folders of their own over one store; the first has the agent in its first epoch. */
async function withHosts(
  run: (
    hosts: Record<"first" | "second", Awaited<ReturnType<typeof openHost>>> & {
      folders: readonly [string, string];
      account: HostAccount;
    },
  ) => Promise<void>,
): Promise<void> {
  await withTempDir(async (folder) => {
    const folders = [`${folder}/a`, `${folder}/b`] as const;
    for (const path of folders) Deno.mkdirSync(path);
    const connection = createMemoryDatabase().connect();
    const first = await openHost(connection, folders[0]);
    const second = await openHost(connection, folders[1]);
    await first.mirror.resume(AGENT, { epoch: 1, isFromHere: false });
    const account = new HostAccount({ folder: folders[0], seed: 7 });
    for (let step = 0; step < 60; step++) account.step();
    await account.sync();
    await first.mirror.flush(AGENT);
    await run({ first, second, folders, account });
    await first.store.close();
    await second.store.close();
  });
}

Deno.test("JournalMirror.resume keeps what this host wrote after its last flush where it was the owner before", () =>
  withHosts(async ({ first, folders, account }) => {
    for (let step = 0; step < 10; step++) account.step();
    await account.sync();
    account.close();
    const before = await filesIn(folders[0]);
    await first.mirror.resume(AGENT, { epoch: 2, isFromHere: true });
    assert.deepEqual(await filesIn(folders[0]), before);
  }));

Deno.test("JournalMirror.resume goes on from the mirror where another host was the owner between", () =>
  withHosts(async ({ first, second, folders, account }) => {
    account.close();
    const mirrored = await filesIn(folders[0]);
    // What it wrote after its session had been ended.
    Deno.writeTextFileSync(`${folders[0]}/${AGENT}.journal`, "late\n", {
      append: true,
    });
    await second.mirror.resume(AGENT, { epoch: 2, isFromHere: false });
    assert.deepEqual(await filesIn(folders[1]), mirrored);
    await first.mirror.resume(AGENT, { epoch: 3, isFromHere: false });
    assert.deepEqual(await filesIn(folders[0]), mirrored);
  }));

Deno.test("JournalMirror.resume restores where the host that was the owner before had ended before its own restore was through", () =>
  withHosts(async ({ second, folders, account }) => {
    account.close();
    const mirrored = await filesIn(folders[0]);
    // Epoch 2 was claimed by the second host, which ended at once: its disk knows of none.
    await second.mirror.resume(AGENT, { epoch: 3, isFromHere: true });
    assert.deepEqual(await filesIn(folders[1]), mirrored);
  }));
