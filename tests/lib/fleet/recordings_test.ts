import assert from "node:assert/strict";
import type { Behavior } from "../../../actors/behavior.ts";
import { patternDetector } from "../../../agents/mod.ts";
import {
  replaySession,
  type ReplayVerdict,
} from "../../../lib/backtest/recording/replay_session.ts";
import { readSession } from "../../../lib/backtest/recording/session_file.ts";
import type { RecordingInfo } from "../../../lib/contracts/recording.ts";
import type { ControlAction } from "../../../lib/contracts/agent.ts";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import { nameOf } from "../../../lib/fleet/recording_files.ts";
import { CALLER, type FleetWorld, withFleet } from "./world.ts";

async function recordings(
  world: FleetWorld,
  id: string,
): Promise<readonly RecordingInfo[]> {
  const listed = await world.settled(world.fleet.recordings(id));
  if (listed.status === "rejected") throw listed.reason;
  return listed.value;
}

async function replay(
  world: FleetWorld,
  name: string,
): Promise<ReplayVerdict> {
  const content = (await world.recordings.open(name))!;
  return await replaySession(
    readSession(content, name),
    () => patternDetector as Behavior,
  );
}

async function control(
  world: FleetWorld,
  id: string,
  action: ControlAction,
): Promise<void> {
  const request = { action, reason: "", positions: "close" } as const;
  await world.settled(world.fleet.control(id, request, CALLER));
  const expected = { pause: "paused", kill: "killed", stop: "stopped" }[
    action as string
  ] ?? "running";
  await world.until(
    () => world.fleet.get(id).observed === expected,
    `${action} has led to ${expected}`,
  );
}

/** Lets an agent decide on `count` more candles. */
async function trade(
  world: FleetWorld,
  id: string,
  count: number,
): Promise<void> {
  const goal = world.fleet.get(id).progress.seq + count;
  await world.until(
    () => world.fleet.get(id).progress.seq >= goal,
    `candle ${goal} is decided`,
  );
}

async function spawnRecorded(world: FleetWorld, name: string) {
  return await world.spawn({ name, record: true });
}

Deno.test("a recorded agent leaves a file for each incarnation, and each is replayed bit for bit", () =>
  withFleet(async (world) => {
    const { id } = await spawnRecorded(world, "Recorded");
    await trade(world, id, 40);
    await control(world, id, "pause");
    await control(world, id, "resume");
    const { config, configVersion } = world.fleet.get(id);
    const changed = agentConfigSchema.parse({
      ...config,
      strategies: {
        ...config.strategies,
        fvg: { ...config.strategies.fvg, minGapAtr: 0.1 },
      },
    });
    await world.settled(world.fleet.updateConfig(id, changed, {
      expectedVersion: configVersion,
      caller: CALLER,
    }));
    await trade(world, id, 40);
    const { epoch } = world.fleet.get(id);
    await control(world, id, "restart");
    await world.until(
      () => world.fleet.get(id).epoch > epoch,
      "the next incarnation is there",
    );
    await trade(world, id, 40);
    await control(world, id, "kill");
    await control(world, id, "start");
    await trade(world, id, 40);
    await world.restart();
    await world.until(
      () => world.fleet.get(id).observed === "running",
      "it runs again",
    );
    const found = await recordings(world, id);
    const ends = found.map(({ isWhole }) => isWhole);
    // Newest first: under way, ended by the restart of the host, killed, restarted.
    assert.deepEqual(ends, [false, true, false, true]);
    const verdicts = await Promise.all(
      found.map(({ name }) => replay(world, name)),
    );
    verdicts.forEach((verdict, index) => {
      assert.equal(verdict.isEqual, true, JSON.stringify(verdict));
      assert.equal(verdict.isWhole, ends[index]);
    });
    assert.ok(verdicts[3]!.turns > 80, JSON.stringify(verdicts[3]));
    for (const { name, startedAt, bytes, ...info } of found) {
      assert.equal(name, nameOf(id, info.epoch));
      assert.ok(startedAt! >= Date.UTC(2026, 0, 1), String(startedAt));
      assert.ok(bytes > 500);
    }
  }));

Deno.test("an agent is not recorded unless its configuration says so, and a change needs a restart", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "Plain" });
    await trade(world, id, 20);
    assert.deepEqual(await recordings(world, id), []);
    const { config, configVersion } = world.fleet.get(id);
    const changed = await world.settled(
      world.fleet.updateConfig(id, { ...config, record: true }, {
        expectedVersion: configVersion,
        caller: CALLER,
      }),
    );
    assert.equal(
      changed.status === "fulfilled" && changed.value.effect,
      "needs_restart",
    );
  }));

Deno.test("a disk that takes no recording ends it with one line, and the agent goes on", () =>
  withFleet(async (world) => {
    const { id } = await spawnRecorded(world, "Full disk");
    await trade(world, id, 40);
    world.disk.areRecordingsFull = true;
    await trade(world, id, 120);
    world.disk.areRecordingsFull = false;
    await trade(world, id, 60);
    const { items } = await world.store.events.logs({
      level: undefined,
      category: undefined,
      agentId: id,
      limit: 200,
    });
    const told = items.filter(({ message }) => /recording/.test(message));
    assert.equal(told.length, 1);
    assert.match(
      told[0]!.message,
      /has ended\. It cannot be written: No space left on device; the agent goes on/,
    );
    const [first] = await recordings(world, id);
    const verdict = await replay(world, first!.name);
    assert.equal(verdict.isEqual, true);
    assert.equal(verdict.isWhole, false);
    await control(world, id, "restart");
    await world.until(
      () => world.fleet.get(id).epoch > first!.epoch,
      "the next incarnation runs",
    );
    await trade(world, id, 40);
    const [next] = await recordings(world, id);
    assert.ok(next!.epoch > first!.epoch);
    assert.equal((await replay(world, next!.name)).isEqual, true);
  }));

Deno.test("the newest five recordings of an agent are kept, and none of a deleted one", () =>
  withFleet(async (world) => {
    const { id } = await spawnRecorded(world, "Kept");
    const other = await spawnRecorded(world, "Other");
    for (let run = 0; run < 6; run++) {
      const { epoch } = world.fleet.get(id);
      // deno-lint-ignore no-await-in-loop -- one incarnation after the other
      await control(world, id, "stop");
      // deno-lint-ignore no-await-in-loop -- as above
      await control(world, id, "start");
      // deno-lint-ignore no-await-in-loop -- as above
      await world.until(
        () => world.fleet.get(id).epoch > epoch,
        "the next incarnation runs",
      );
    }
    await trade(world, id, 20);
    const kept = await recordings(world, id);
    const { epoch } = world.fleet.get(id);
    assert.deepEqual(
      kept.map((info) => info.epoch),
      [0, 1, 2, 3, 4].map((back) => epoch - back),
    );
    assert.equal((await recordings(world, other.id)).length, 1);
    await world.settled(world.fleet.remove(id, CALLER));
    await world.until(
      () => world.fleet.list().every((agent) => agent.id !== id),
      "it is forgotten",
    );
    await world.clock.advance(100);
    const names = await world.recordings.list();
    assert.ok(names.every((name) => name.startsWith(other.id)), String(names));
    assert.equal(names.length, 1);
  }));

Deno.test("a start removes recordings of agents that are not there", () =>
  withFleet(async (world) => {
    const gone = nameOf("agt_01JA0000000000000000000000", 3);
    await world.recordings.write(gone, new Uint8Array(8), true);
    await world.restart();
    await world.until(() => world.fleet.health().ready, "it is ready");
    assert.deepEqual(await world.recordings.list(), []);
  }));

Deno.test("a recording is found by its exact name alone", () =>
  withFleet(async (world) => {
    const { id } = await spawnRecorded(world, "Named");
    const other = await spawnRecorded(world, "Other");
    await trade(world, id, 20);
    const [mine] = await recordings(world, id);
    const [foreign] = await recordings(world, other.id);
    await (await world.fleet.recording(id, mine!.name)).cancel();
    const wrong = [
      foreign!.name,
      nameOf(id, 99),
      "",
      `../${mine!.name}`,
      `./${mine!.name}`,
      `${mine!.name}/`,
      `${mine!.name}\0`,
      `${id}-1.session/../../store.sqlite`,
      "../store.sqlite",
      "setup-token",
    ];
    for (const name of wrong) {
      // deno-lint-ignore no-await-in-loop -- each has its own refusal
      await assert.rejects(world.fleet.recording(id, name), {
        code: "RECORDING_NOT_FOUND",
      });
    }
  }));
