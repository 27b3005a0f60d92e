import assert from "node:assert/strict";
import {
  type CellSnapshot,
  readCellSnapshot,
} from "../../../actors/cell/cell_snapshot.ts";
import type { DeskQuery } from "../../../lib/contracts/desk.ts";
import { CALLER, type FleetWorld, withFleet } from "./world.ts";

/** Candles up to which the desk was told that it need not tell steps again. */
function released({ told }: FleetWorld): number[] {
  return told.flatMap(({ kind, message }) => {
    if (kind !== "desk" || message.type !== "ask") return [];
    const query = message.query as DeskQuery;
    return query.type === "releaseSteps" ? [query.seq] : [];
  });
}

async function storedSeq({ store }: FleetWorld, id: string): Promise<number> {
  const snapshot = readCellSnapshot(await store.agents.loadSnapshot(id));
  const { state } = (snapshot as CellSnapshot).state as {
    state: { decidedSeq: number };
  };
  return state.decidedSeq;
}

Deno.test("desk is told how far an agent's stored snapshot is, and nothing while the store refuses it", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "saved" });
    await world.until(() => released(world).length >= 2, "two snapshots");
    const before = released(world);
    assert.deepEqual(before, before.toSorted((a, b) => a - b));
    assert.equal(before.at(-1), await storedSeq(world, id));
    world.disk.isFull = true;
    await world.clock.advance(40_000);
    assert.deepEqual(released(world), before);
    world.disk.isFull = false;
    await world.until(
      () => released(world).length > before.length,
      "the next snapshot is stored",
    );
  }));

Deno.test("a snapshot is stored after a candle, and not again while nothing comes to the agent", () =>
  withFleet(async (world) => {
    // One candle in 144 s at the speed of this world.
    const { id } = await world.spawn({ name: "slow", timeframe: "1d" });
    const asked = () =>
      world.told.filter(({ kind, message }) =>
        kind === "agent" && message.type === "snapshot"
      ).length;
    const candle = async (seq: number) =>
      await world.until(
        async () =>
          released(world).length > 0 && await storedSeq(world, id) >= seq,
        `the snapshot after candle ${seq} is stored`,
      );
    await candle(0);
    const first = await storedSeq(world, id);
    await candle(first + 1);
    const before = { asked: asked(), stored: released(world).length };
    await candle(first + 3);
    const stored = released(world).length - before.stored;
    // After the candle, and once more where it came while one was being taken.
    assert.ok(stored >= 2 && stored <= 4, `${stored} stored`);
    assert.ok(asked() - before.asked >= 12, `${asked() - before.asked} asked`);
  }));

Deno.test("a snapshot that the store has refused is asked for again although nothing has come since", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "slow", timeframe: "1d" });
    world.disk.isFull = true;
    await world.clock.advance(40_000);
    assert.equal(await world.store.agents.loadSnapshot(id), null);
    world.disk.isFull = false;
    await world.until(
      async () => await world.store.agents.loadSnapshot(id) !== null,
      "it is stored",
    );
  }));

Deno.test("the worker that follows another starts from the snapshot that was stored of it, and so does the one after a crash", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "restarted" });
    const nextStart = async (epoch: number) => {
      await world.until(() => {
        const agent = world.fleet.get(id);
        return agent.epoch === epoch && agent.observed === "running";
      }, `incarnation ${epoch} runs`);
      const inits = world.told.flatMap(({ kind, message }) =>
        kind === "agent" && message.type === "init" ? [message] : []
      );
      assert.equal(inits.at(-1)!.epoch, epoch);
      assert.deepEqual(
        inits.at(-1)!.snapshot,
        await world.store.agents.loadSnapshot(id),
      );
    };
    const request = {
      action: "restart",
      reason: "",
      positions: "keep",
    } as const;
    await world.settled(world.fleet.control(id, request, CALLER));
    await nextStart(2);
    world.hosts.agent.at(-1)!.terminate();
    await nextStart(3);
  }));
