import assert from "node:assert/strict";
import fc from "fast-check";
import { openDenoKv } from "../../../../../lib/store/kv/deno_kv.ts";
import { withTempDir } from "../../../../support/temp.ts";
import {
  AGENT,
  filesIn,
  filesOf,
  HostAccount,
  mirrorKeys,
  openHost,
  stateOf,
} from "./mirror_world.ts";

const SEED = Date.now() | 0;

type Action =
  | { kind: "steps"; count: number }
  | { kind: "drop" | "flush" | "restart" }
  | { kind: "busy flush"; count: number }
  | { kind: "crash"; torn: number; isSeen: boolean };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("steps" as const),
      count: fc.integer({ min: 1, max: 25 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      { kind: "flush" as const },
      { kind: "drop" as const },
      { kind: "restart" as const },
    ),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("busy flush" as const),
      count: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("crash" as const),
      torn: fc.integer({ min: -600, max: 200 }),
      isSeen: fc.boolean(),
    }),
  },
);

type Host = Awaited<ReturnType<typeof openHost>>;

/** Every mirrored file is the beginning of what its segment was, and only the newest may be short. */
async function checkPrefix(
  { store }: Host,
  { account, atLeast }: {
    account: HostAccount;
    atLeast: Map<number, Uint8Array>;
  },
): Promise<void> {
  const loaded = await store.journals.load(AGENT);
  assert.ok(loaded !== null);
  const contents = account.contents();
  let number = loaded[0]!.segment?.number ??
    [...contents].find(([, bytes]) => startsWith(bytes, loaded[0]!.bytes))![0];
  for (const { segment, bytes } of loaded) {
    assert.equal(segment?.number ?? number, number, "no hole");
    const whole = contents.get(number)!;
    assert.ok(startsWith(whole, bytes), `segment ${number} is a beginning`);
    if (segment !== null) assert.equal(bytes.length, whole.length);
    number++;
  }
  const newest = [...atLeast].at(-1)!;
  assert.ok(number - 1 >= newest[0], "not behind in segments");
  if (number - 1 > newest[0]) return;
  assert.ok(loaded.at(-1)!.bytes.length >= newest[1].length, "nor in bytes");
}

function startsWith(whole: Uint8Array, start: Uint8Array): boolean {
  return start.length <= whole.length &&
    start.every((byte, index) => byte === whole[index]);
}

Deno.test("JournalMirror.flush() mirrors a beginning of every file, from which an account opens as from the original", async () => {
  let segments = 0;
  const run = async (
    { seed, actions }: { seed: number; actions: readonly Action[] },
  ) => {
    await withTempDir(async (dir) => {
      const [folder, second] = [`${dir}/1`, `${dir}/2`];
      await Promise.all([Deno.mkdir(folder), Deno.mkdir(second)]);
      const kv = await openDenoKv(`${dir}/kv.sqlite`);
      let host = await openHost(kv, folder);
      const account = new HostAccount({ folder, seed });
      for (const act of actions) await perform(act);
      await host.mirror.flush(AGENT);
      assert.deepEqual(
        filesOf(await host.store.journals.load(AGENT)).get("agt_1.journal"),
        (await filesIn(folder)).get("agt_1.journal"),
      );
      const other = await openHost(kv, second);
      await other.mirror.restore(AGENT);
      assert.deepEqual(
        await filesIn(second),
        filesOf(await host.store.journals.load(AGENT)),
      );
      assert.deepEqual(
        stateOf(await filesIn(second)),
        stateOf(await filesIn(folder)),
      );
      segments += account.journal.segment;
      account.close();
      await host.store.journals.remove(AGENT);
      assert.deepEqual(await mirrorKeys(kv), []);
      await host.store.close();
      await other.store.close();
      kv.close();

      async function perform(act: Action): Promise<void> {
        switch (act.kind) {
          case "steps":
            for (let step = 0; step < act.count; step++) {
              account.step();
              if (step % 5 === 4) await account.sync();
            }
            return;
          case "drop":
            return account.drop();
          case "restart":
            await host.store.close();
            host = await openHost(kv, folder);
            return;
          case "flush": {
            const atLeast = account.contents();
            await host.mirror.flush(AGENT);
            return await checkPrefix(host, { account, atLeast });
          }
          case "busy flush": {
            const atLeast = account.contents();
            const flushed = host.mirror.flush(AGENT);
            for (let step = 0; step < act.count; step++) {
              account.step();
              if (step % 5 === 4) await account.sync();
              if (step % 7 === 3) account.drop();
            }
            await flushed;
            return await checkPrefix(host, { account, atLeast });
          }
          case "crash":
            account.crash(act.torn);
            if (act.isSeen) await host.mirror.flush(AGENT);
            account.reopen();
            await host.mirror.flush(AGENT);
            return await checkPrefix(host, {
              account,
              atLeast: account.contents(),
            });
        }
      }
    });
  };
  const runs = fc.record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    actions: fc.array(action, { minLength: 5, maxLength: 25 }),
  });
  await fc.assert(fc.asyncProperty(runs, run), { seed: SEED, numRuns: 10 });
  assert.ok(segments > 15, `${segments} segments`);
});
