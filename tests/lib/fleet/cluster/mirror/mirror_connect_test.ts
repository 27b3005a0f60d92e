import assert from "node:assert/strict";
import { serialize } from "node:v8";
import { createRng } from "../../../../../lib/core/rng.ts";
import { MIRROR_CHUNK_BYTES } from "../../../../../lib/store/limits.ts";
import { openDenoKv } from "../../../../../lib/store/kv/deno_kv.ts";
import {
  type KvConnectFault,
  startKvConnectServer,
} from "../../../../support/kv_connect/server.ts";
import { withTempDir } from "../../../../support/temp.ts";
import { createFaultKv } from "../../../store/fault_kv.ts";
import {
  AGENT,
  filesIn,
  filesOf,
  HostAccount,
  openHost,
  stateOf,
} from "./mirror_world.ts";

const SEED = Date.now() | 0;
const FAULTS: readonly KvConnectFault[] = [
  "cut",
  "torn",
  "lost_ack",
  "error",
  "conflict",
];

Deno.test(`JournalMirror over KV Connect takes none of its own doubtful commits for another host's (seed ${SEED})`, async () => {
  const rng = createRng(SEED);
  const server = startKvConnectServer();
  await withTempDir(async (dir) => {
    const [folder, second] = [`${dir}/1`, `${dir}/2`];
    await Promise.all([Deno.mkdir(folder), Deno.mkdir(second)]);
    const kv = await openDenoKv(server.url);
    const host = await openHost(kv, folder);
    const account = new HostAccount({ folder, seed: 3 });
    server.fault = () =>
      rng.next() < 0.15
        ? FAULTS[Math.floor(rng.next() * FAULTS.length)]!
        : null;
    let refusals = 0;
    for (let round = 0; round < 15; round++) {
      for (let step = 0; step < 12; step++) account.step();
      await account.sync();
      if (round % 5 === 4) account.drop();
      // What its caller does with a store that refuses.
      while (!await host.mirror.flush(AGENT).then(() => true, () => false)) {
        assert.ok(++refusals < 100);
      }
    }
    assert.ok(server.faults.size > 0);
    server.fault = null;
    await host.mirror.flush(AGENT);
    const other = await openHost(kv, second);
    await other.mirror.restore(AGENT);
    assert.deepEqual(
      stateOf(await filesIn(second)),
      stateOf(await filesIn(folder)),
    );
    assert.deepEqual(
      await filesIn(second),
      filesOf(await host.store.journals.load(AGENT)),
    );
    account.close();
    await host.store.close();
    await other.store.close();
    kv.close();
  });
  await server.close();
});

Deno.test("JournalMirror.flush() after every candle writes what is new, half a chunk and a head", () =>
  withTempDir(async (folder) => {
    const kv = createFaultKv(await openDenoKv(":memory:"));
    const host = await openHost(kv.kv, folder);
    const segmentBytes = 256 * 1024;
    const account = new HostAccount({ folder, seed: 8, segmentBytes });
    await host.mirror.flush(AGENT);
    const begun = kv.commits.length;
    const candles = 300;
    const lengthBefore = (await Deno.stat(account.path)).size;
    for (let candle = 0; candle < candles; candle++) {
      account.step();
      await host.mirror.flush(AGENT);
    }
    const added = (await Deno.stat(account.path)).size - lengthBefore;
    const commits = kv.commits.slice(begun);
    const written = commits.reduce(
      (sum, { sets }) =>
        sum +
        sets.reduce((bytes, { key, value }) =>
          bytes + serialize(key).byteLength + serialize(value).byteLength, 0),
      0,
    );
    const perFlush = written / commits.length;
    assert.ok(commits.length <= candles);
    assert.ok(
      perFlush <= added / candles + MIRROR_CHUNK_BYTES / 2 + 1_000,
      `${perFlush} bytes a flush, ${added / candles} of them new`,
    );
    account.close();
    await host.store.close();
    kv.raw.close();
  }));
