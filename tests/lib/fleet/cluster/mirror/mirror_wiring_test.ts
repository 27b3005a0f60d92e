import assert from "node:assert/strict";
import {
  type CellSnapshot,
  readCellSnapshot,
} from "../../../../../actors/cell/cell_snapshot.ts";
import { DeskAccount } from "../../../../../lib/desk/account/account.ts";
import { decodeJournal } from "../../../../../lib/desk/journal/journal.ts";
import { createStore } from "../../../../../lib/store/open_store.ts";
import { type FleetWorld, withFleet } from "../../world.ts";

/** How far an agent is in the store: its equity curve by candle, and its snapshot. */
async function inStore({ store }: FleetWorld, id: string) {
  const equity = await store.agents.equity(id);
  const snapshot = readCellSnapshot(await store.agents.loadSnapshot(id));
  const decidedSeq = snapshot === null
    ? -1
    : ((snapshot as CellSnapshot).state as { state: { decidedSeq: number } })
      .state.decidedSeq;
  return {
    equitySeq: equity.at(-1)?.seq ?? -1,
    decidedSeq,
    trades: await store.agents.tradeCount(id),
  };
}

/** The account that another host would open. */
async function inMirror({ store }: FleetWorld, id: string) {
  const files = await store.journals.load(id);
  const { entries } = decodeJournal(files!.at(-1)!.bytes, id);
  return DeskAccount.recover(entries, { append() {} });
}

Deno.test("projectDeskReport() and projectSnapshot() store nothing before the journal is mirrored", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "mirrored" });
    let stored = await inStore(world, id);
    const look = async () => void (stored = await inStore(world, id));
    const until = async (isSo: () => boolean, what: string) => {
      let looked = Promise.resolve();
      await world.until(() => {
        looked = looked.then(look);
        return isSo();
      }, what);
      await looked;
    };
    await until(
      () => stored.equitySeq > 0 && stored.decidedSeq > 0,
      "equity and snapshot are stored",
    );
    world.disk.isMirrorFull = true;
    await world.clock.advance(5_000);
    const before = await inStore(world, id);
    await world.clock.advance(60_000);
    assert.deepEqual(await inStore(world, id), before);
    const said = (what: string) =>
      world.errors.filter((error) => error.startsWith(what)).length;
    assert.equal(said("store a report of the desk"), 1);
    assert.ok(said(`save a snapshot of ${id}`) > 0);
    world.disk.isMirrorFull = false;
    await until(
      () =>
        stored.equitySeq > before.equitySeq &&
        stored.decidedSeq > before.decidedSeq,
      "both go on",
    );
    for (let looks = 0; looks < 10; looks++) {
      await world.clock.advance(3_000);
      // A candle on which nothing happened is in no journal, so the snapshot may be further.
      const { equitySeq, trades } = await inStore(world, id);
      const account = await inMirror(world, id);
      assert.ok(account.seq >= equitySeq, "equity");
      assert.ok(account.view().trades >= trades, "trades");
    }
  }, { isMirrored: true }));

Deno.test("projectDeskReport() stores nothing of an agent whose mirror is another host's", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "taken over" });
    const { journals } = world.store;
    const other = await createStore(world.database.connect(), {
      time: world.clock,
    });
    const takeOver = async () => {
      const mine = await journals.head(id);
      if (mine === null) return false;
      const { revision, journal: { newest } } = mine;
      const taken = { revision, newest, pieces: [], ended: null };
      return await other.journals.save(id, taken).then(() => true, () => false);
    };
    while (!await takeOver()) await world.clock.advance(1_000);
    await world.clock.advance(5_000);
    const before = await inStore(world, id);
    await world.clock.advance(120_000);
    assert.deepEqual(await inStore(world, id), before);
    const head = await journals.head(id);
    assert.equal(head!.writer, other.journals.writer);
    await world.settled(other.close());
  }, { isMirrored: true }));

Deno.test("retireAgent() leaves no mirror behind", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "removed" });
    await world.until(
      () => world.store.stats().queuedState === 0,
      "everything is stored",
    );
    const caller = {
      userId: "usr_1",
      email: "owner@example.com",
      via: "api",
    } as const;
    await world.settled(world.fleet.remove(id, caller));
    await world.until(
      () => world.fleet.list().length === 0,
      "the agent is gone",
    );
    await world.clock.advance(5_000);
    assert.equal(await world.store.journals.head(id), null);
    assert.deepEqual(world.errors, []);
  }, { isMirrored: true }));
