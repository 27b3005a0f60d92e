/** Trades of orders that the journal lost, and answers of many pages. */
import assert from "node:assert/strict";
import {
  LOST_TRADES_MAX_MS,
  LOST_TRADES_MS,
  READ_DEADLINE_MS,
  WALL_CLOCK_DOUBT_MS,
} from "../../../../lib/desk/venue/limits.ts";
import type { NextPage } from "../../../../lib/exchange/gateway/port.ts";
import { DriverBench } from "./bench.ts";
import { venueOrder } from "./scripted.ts";

const CLIENT_ID = "abcagent001e00004";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** From when on the trades of a lost order were asked for, less now. */
async function lostSince(
  order: { at: number | null; placedAt?: number },
): Promise<number> {
  const lost = venueOrder({
    ...order,
    clientOrderId: CLIENT_ID,
    status: "filled",
    filled: "1",
  });
  let asked = 0;
  const bench = new DriverBench().start(({ gateway, side }) => {
    side.open = [CLIENT_ID];
    gateway.onOrder = () => Promise.resolve(lost);
    gateway.onTrades = ({ sinceAt, venueOrderId }) => {
      if (venueOrderId !== undefined) asked = sinceAt - bench.clock.nowMs();
      return Promise.resolve([]);
    };
    side.onApply = ({ type }) => {
      if (type === "adopt") side.open = [];
    };
  });
  await bench.pass(3_000);
  assert.ok(bench.side.types().includes("adopt"));
  return Math.round(asked / HOUR_MS);
}

Deno.test("LostOrders asks for the trades of an order from when it was placed, however long it rested, and never from the beginning", async () => {
  const nowAt = new DriverBench().clock.nowMs();
  const doubt = WALL_CLOCK_DOUBT_MS / HOUR_MS;
  const cases: [{ at: number | null; placedAt?: number }, number][] = [
    [{ at: nowAt, placedAt: nowAt - 40 * DAY_MS }, -40 * 24 - doubt],
    [{ at: nowAt - DAY_MS }, -24 - LOST_TRADES_MS / HOUR_MS - doubt],
    [{ at: null }, -LOST_TRADES_MS / HOUR_MS - doubt],
    [{ at: nowAt, placedAt: -1e12 }, -LOST_TRADES_MAX_MS / HOUR_MS],
  ];
  for (const [order, expected] of cases) {
    // deno-lint-ignore no-await-in-loop -- one bench at a time
    assert.equal(await lostSince(order), expected, JSON.stringify(order));
  }
});

Deno.test("VenueCalls lets each page of an answer wait for the budget, and none out once nobody waits", async () => {
  const bench = new DriverBench().start();
  await bench.pass(5_000);
  let pages = 0;
  const later = (ms: number) =>
    new Promise<void>((resolve) => bench.clock.after(ms, resolve));
  const walk = async (nextPage: NextPage) => {
    for (;;) {
      // deno-lint-ignore no-await-in-loop -- page after page
      await later(6_000);
      // deno-lint-ignore no-await-in-loop -- as above
      await nextPage();
      pages++;
    }
  };
  let isOver = false;
  bench.gateway.onTrades = ({ nextPage }) =>
    walk(nextPage!).finally(() => isOver = true) as Promise<never>;
  const trades = () => bench.gateway.count("trades");
  const asked = trades();
  for (let second = 0; second < 60 && trades() === asked; second++) {
    // deno-lint-ignore no-await-in-loop -- until they are asked for
    await bench.pass(1_000);
  }
  const lanes = bench.lanes.length;
  await bench.pass(READ_DEADLINE_MS - 1_000);
  assert.equal(pages, 3);
  assert.ok(bench.lanes.length >= lanes + 3);
  assert.equal(trades(), asked + 1);
  await bench.pass(5_000);
  assert.ok(isOver, "the first walk has ended");
});
