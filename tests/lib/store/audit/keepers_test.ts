import assert from "node:assert/strict";
import { AUDIT_STREAMS } from "../../../../lib/contracts/audit_trail.ts";
import type { AuditFault } from "../../../../lib/contracts/audit_trail.ts";
import { BackgroundCheck } from "../../../../lib/store/audit/background_check.ts";
import { CheckpointKeeper } from "../../../../lib/store/audit/checkpoint_keeper.ts";
import { exportLines } from "../../../../lib/store/audit/export_lines.ts";
import {
  CHECK_AGAIN_MS,
  CHECKPOINT_ENTRIES,
  CHECKPOINT_MS,
} from "../../../../lib/store/audit/limits.ts";
import { parseLine } from "../../../../lib/store/audit/lines.ts";
import {
  createMirrorFile,
  MIRROR_FILE,
} from "../../../../lib/store/audit/mirror_file.ts";
import {
  collectCheckpoints,
  verifyLines,
} from "../../../../lib/store/audit/verify_lines.ts";
import { createMemoryDatabase } from "../../../../lib/store/kv/memory_database.ts";
import { createStore } from "../../../../lib/store/open_store.ts";
import { withTempDir } from "../../../support/temp.ts";
import { auditOf, ManualTime } from "../support.ts";
import { signer } from "./trail.ts";

async function createWorld(folder: string) {
  const time = new ManualTime();
  const database = createMemoryDatabase();
  const store = await createStore(database.connect(), { time });
  const reader = store.auditReader;
  const mirrors = [createMirrorFile(folder)];
  const keeper = new CheckpointKeeper({ reader, time, signer, mirrors });
  const faults: AuditFault[] = [];
  const check = new BackgroundCheck({
    reader,
    time,
    key: signer.key,
    onFault: (fault) => void faults.push(fault),
  });
  const raw = database.connect();
  return { time, store, reader, keeper, check, faults, raw, mirrors };
}

type World = Awaited<ReturnType<typeof createWorld>>;

async function write({ store }: World, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    // deno-lint-ignore no-await-in-loop -- in order
    await store.audit(auditOf(n % 3 === 0 ? "auth.login" : "stop"));
  }
}

Deno.test("CheckpointKeeper signs after 100 entries or 60 s, numbers without holes, and mirrors into a file of mode 600", () =>
  withTempDir(async (folder) => {
    const world = await createWorld(folder);
    const { keeper, reader } = world;
    await keeper.look();
    await write(world, 3);
    await keeper.look();
    assert.equal(await reader.lastCheckpoint("commands"), null, "not due yet");
    world.time.advance(CHECKPOINT_MS);
    await keeper.look();
    assert.equal((await reader.lastCheckpoint("commands"))!.n, 2);
    await write(world, 3 * CHECKPOINT_ENTRIES);
    await keeper.look();
    const last = await reader.lastCheckpoint("commands");
    assert.deepEqual([last!.serial, last!.n], [2, 202]);
    assert.equal(keeper.trouble, null);
    const path = `${folder}/${MIRROR_FILE}`;
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    const mirrored = await collectCheckpoints(
      (await Deno.readTextFile(path)).trimEnd().split("\n").map(parseLine),
    );
    const stored = await Promise.all(
      AUDIT_STREAMS.map((stream) =>
        reader.checkpoints(stream, { from: 1, limit: 9 })
      ),
    );
    assert.deepEqual(
      new Set(mirrored.map(({ signature }) => signature)),
      new Set(stored.flat().map(({ signature }) => signature)),
    );
    await world.store.close();
  }));

Deno.test("a mirror catches up with what it missed, drops half a line of a crash, and tells of a store that is older than it", () =>
  withTempDir(async (folder) => {
    const world = await createWorld(folder);
    const { keeper, reader, time } = world;
    await write(world, 6);
    await keeper.signNow();
    const path = `${folder}/${MIRROR_FILE}`;
    const whole = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, whole.slice(0, -30));
    const second = new CheckpointKeeper({
      reader,
      time,
      signer,
      mirrors: [createMirrorFile(folder)],
    });
    await second.signNow();
    assert.equal(await Deno.readTextFile(path), whole);
    const older = await createWorld(folder);
    await write(older, 1);
    await older.keeper.signNow();
    assert.match(older.keeper.trouble!, /has checkpoint 1 of the stream/);
    assert.equal(await Deno.readTextFile(path), whole, "and writes nothing");
    await world.store.close();
    await older.store.close();
  }));

Deno.test("BackgroundCheck walks a bounded number of entries at a time and goes on with new ones", () =>
  withTempDir(async (folder) => {
    const world = await createWorld(folder);
    const { check } = world;
    await write(world, 600);
    await world.keeper.signNow();
    const wholeTo = () => check.streams()[0]!.wholeTo;
    await check.step();
    assert.equal(wholeTo(), 250);
    await check.step();
    assert.equal(wholeTo(), 400);
    await write(world, 2);
    await check.step();
    assert.equal(wholeTo(), 401);
    assert.equal(check.streams()[0]!.checkedAt, world.time.nowMs());
    assert.deepEqual(world.faults, []);
    await world.store.close();
  }));

Deno.test("BackgroundCheck finds at its next walk what was changed behind it, tells it once and names the entry", () =>
  withTempDir(async (folder) => {
    const world = await createWorld(folder);
    const { check, time, raw, faults } = world;
    await write(world, 30);
    await world.keeper.signNow();
    await check.step();
    const key = ["audit", 7];
    const { value } = await raw.get<Record<string, unknown>>(key);
    const entry = { ...value!["entry"] as object, action: "start" };
    const sets = [{ key, value: { ...value, entry } }];
    await raw.write({ checks: [], sets, deletes: [] });
    await check.step();
    assert.deepEqual(faults, []);
    time.advance(CHECK_AGAIN_MS);
    await check.step();
    await check.step();
    assert.deepEqual(
      faults.map(({ kind, stream, n }) => [kind, stream, n]),
      [["edited", "commands", 7]],
    );
    assert.equal(check.streams()[0]!.fault!.n, 7);
    await world.store.close();
  }));

Deno.test("BackgroundCheck tells of entries that are gone behind a checkpoint and of a checkpoint by another key", () =>
  withTempDir(async (folder) => {
    const world = await createWorld(folder);
    const { raw, faults, keeper } = world;
    await write(world, 30);
    await keeper.signNow();
    await raw.write({
      checks: [],
      sets: [],
      deletes: [["audit", 20], ["audit", 19]],
    });
    const forged = ["audit_checkpoint", "access", 1];
    const { value } = await raw.get<{ checkpoint: object }>(forged);
    const checkpoint = { ...value!.checkpoint, hash: "f".repeat(64) };
    const sets = [{ key: forged, value: { ...value, checkpoint } }];
    await raw.write({ checks: [], sets, deletes: [] });
    await world.check.step();
    assert.deepEqual(
      faults.map(({ kind, stream, n }) => [kind, stream, n]),
      [["truncated", "commands", 19], ["signature wrong", "access", 10]],
    );
    await world.store.close();
  }));

Deno.test("exportLines() ends at the newest checkpoint, and the file verifies by itself", () =>
  withTempDir(async (folder) => {
    const world = await createWorld(folder);
    await write(world, 450);
    await world.keeper.signNow();
    await write(world, 3);
    let text = "";
    for await (const part of exportLines(world.reader)) text += part;
    const lines = text.trimEnd().split("\n").map(parseLine);
    const verdict = await verifyLines({
      lines,
      checkpoints: [{
        name: "the export",
        checkpoints: await collectCheckpoints(lines),
      }],
      key: signer.key,
      heads: null,
    });
    assert.deepEqual(verdict.faults, []);
    assert.deepEqual(verdict.streams.map(({ entries }) => entries), [300, 150]);
    await world.store.close();
  }));
