/** From when on trades and funding are read where there were none for long. */
import assert from "node:assert/strict";
import { FUNDING_LATE_MS } from "../../../../lib/desk/limits.ts";
import {
  TRADES_OVERLAP_MS,
  WALL_CLOCK_DOUBT_MS,
} from "../../../../lib/desk/venue/limits.ts";
import { DriverBench } from "./bench.ts";
import { venueTrade } from "./scripted.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A bench in a market without trades and payments, and from when on it asks for them. */
function quiet() {
  const since = { trades: NaN, funding: NaN };
  const bench = new DriverBench().start(({ gateway }) => {
    gateway.onTrades = ({ sinceAt }) => {
      since.trades = sinceAt;
      return Promise.resolve([]);
    };
    gateway.onFunding = ({ sinceAt }) => {
      since.funding = sinceAt;
      return Promise.resolve([]);
    };
  });
  return { bench, since };
}

Deno.test("TradesCheck asks for trades and funding of the last hours alone where there were none for longer", async () => {
  const { bench, since } = quiet();
  await bench.pass(5 * HOUR_MS);
  const nowAt = bench.clock.nowMs();
  const slackMs = TRADES_OVERLAP_MS + 2 * 60_000;
  assert.ok(since.trades >= nowAt - WALL_CLOCK_DOUBT_MS - slackMs);
  assert.ok(since.funding >= nowAt - FUNDING_LATE_MS - slackMs);
});

Deno.test("TradesCheck leaves nothing out because the clock is wrong", async () => {
  const { bench, since } = quiet();
  await bench.pass(5_000);
  bench.gateway.errorMs = 3 * DAY_MS;
  await bench.pass(2 * 60_000);
  const before = { ...since };
  await bench.pass(5 * 60_000);
  assert.deepEqual(since, before);
});

Deno.test("TradesCheck does not pass over what was not on a full page of funding or trades", async () => {
  const { bench, since } = quiet();
  await bench.pass(5_000);
  const at = bench.clock.nowMs();
  bench.gateway.onTrades = ({ sinceAt }) => {
    since.trades = sinceAt;
    const foreign = { venueOrderId: "v9", clientOrderId: "web_1", at };
    return Promise.resolve([venueTrade(foreign)]);
  };
  bench.gateway.onFunding = ({ sinceAt }) => {
    since.funding = sinceAt;
    const funding = { fundingId: "f1", symbol: "BTC/USDT", amount: "1", at };
    return Promise.resolve([funding]);
  };
  await bench.pass(5 * 60_000);
  assert.equal(since.trades, at - TRADES_OVERLAP_MS);
  assert.equal(since.funding, at - TRADES_OVERLAP_MS);
});
