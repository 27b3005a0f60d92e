import assert from "node:assert/strict";
import type { AccountView } from "../../../lib/contracts/account.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import { decodeJournal } from "../../../lib/desk/journal/journal.ts";
import { tirelessConfig } from "../../support/config.ts";
import { whatIsLeft } from "../../../lib/fleet/settling.ts";
import { CALLER, type FleetWorld, withFleet } from "./world.ts";

/** Steps of a second after which a condition is given up. */
const MAX_STEPS = 6_000;

/** An agent that rests an order, stopped while the disk takes no journal. */
async function stopOnFullDisk(world: FleetWorld): Promise<string> {
  const { id } = await world.spawn(tirelessConfig("stopped"));
  const account = () => world.fleet.get(id).account;
  await world.until(
    () => account()!.openOrders.some(({ role }) => role === "entry"),
    "an entry rests",
  );
  world.disk.areJournalsFull = true;
  const request = { action: "stop", reason: "", positions: "close" } as const;
  await world.settled(world.fleet.control(id, request, CALLER));
  await world.until(
    () => world.fleet.get(id).observed === "stopped",
    "it is stopped",
  );
  // A report that was under way when the desk answered may be told after it.
  await world.until(
    () => account()!.openOrders.length === 0,
    "what was withdrawn in memory is shown",
  );
  return id;
}

async function isSettled({ store }: FleetWorld, id: string): Promise<boolean> {
  const [record, observed] = await Promise.all([
    store.agents.get(id),
    store.agents.observed(id),
  ]);
  return observed?.settledFor === record!.commandId;
}

/** Journals are real files, which take real time however far the clock has moved. */
async function untilSettled(world: FleetWorld, id: string): Promise<void> {
  for (let step = 0; step < MAX_STEPS; step++) {
    // deno-lint-ignore no-await-in-loop -- time passes step by step
    if (await isSettled(world, id)) return;
    // deno-lint-ignore no-await-in-loop -- time passes step by step
    await world.clock.advance(1_000);
  }
  throw new Error("The books never counted as settled");
}

Deno.test("an agent's books do not count as settled before the disk has what was withdrawn", () =>
  withFleet(async (world) => {
    const id = await stopOnFullDisk(world);
    await world.clock.advance(60_000);
    assert.equal(await isSettled(world, id), false);
    const lastError = () => world.fleet.get(id).lastError;
    assert.match(lastError()!, /the disk does not take its journal yet/);
    world.disk.areJournalsFull = false;
    await untilSettled(world, id);
    assert.equal(lastError(), null, "what is over is shown no more");
    const bytes = await Deno.readFile(`${world.journalDir}/${id}.journal`);
    const { entries } = decodeJournal(bytes, id);
    const account = DeskAccount.recover(entries, { append() {} });
    assert.deepEqual(account.view().openOrders, []);
  }));

Deno.test("whatIsLeft() says what a venue may still have, and why it is not asked", () => {
  const left = (orders: number, hasPosition: boolean, holdUp?: string) =>
    whatIsLeft({
      account: {
        openOrders: Array(orders).fill({}),
        position: hasPosition ? {} : null,
      } as unknown as AccountView,
      ...(holdUp === undefined ? {} : { holdUp }),
    });
  assert.equal(
    left(1, false),
    "1 order may still be at the venue. The desk goes on until nothing is",
  );
  assert.equal(
    left(2, true, "The venue does not take the key"),
    "2 orders and a position may still be at the venue. The venue does not take the key",
  );
  assert.match(left(0, true), /^a position may still be/);
});
