import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import { VenueCalls } from "../../../../lib/desk/venue/calls.ts";
import { ClockGuard } from "../../../../lib/desk/venue/clock_guard.ts";
import { VenueHealth } from "../../../../lib/desk/venue/health.ts";
import { MinuteCounter } from "../../../../lib/desk/venue/minute_counter.ts";
import type { OpenedVenue } from "../../../../lib/desk/venue/opener.ts";
import { RISK_RETRY_MS } from "../../../../lib/desk/venue/limits.ts";
import { Sleeper } from "../../../../lib/desk/venue/sleeper.ts";
import {
  BREAKER_OPEN_MAX_MS,
  BREAKER_RISK_PROBE_MS,
} from "../../../../lib/exchange/budget/limits.ts";
import { createRateBudget } from "../../../../lib/exchange/budget/rate_budget.ts";
import { VenueError } from "../../../../lib/exchange/gateway/port.ts";
import { DriverBench } from "./bench.ts";
import {
  PROFILE,
  ScriptedGateway,
  ScriptedSide,
  venueOrder,
  working,
} from "./scripted.ts";

const SILENT = () => Promise.reject(new VenueError("unknown", "no answer"));

/** How long an outage lasts after which the breaker is open for minutes. */
const OUTAGE_MS = 600_000;

/** How soon a venue that answers again is asked: the check's wait, the probe's wait, and a tick. */
const LOOKS_WITHIN_MS = BREAKER_RISK_PROBE_MS + 1_000;

/** A bench whose open orders and trades got no answer for ten minutes. */
async function afterOutage(
  prepare: (bench: DriverBench) => void,
): Promise<DriverBench> {
  const bench = new DriverBench().start(({ gateway }) => {
    gateway.onOrder = () => Promise.resolve(venueOrder());
  });
  await bench.pass(3_000);
  assert.equal(bench.block, null);
  prepare(bench);
  Object.assign(bench.gateway, { onOpenOrders: SILENT, onTrades: SILENT });
  await bench.pass(OUTAGE_MS);
  bench.gateway.onTrades = () => Promise.resolve([]);
  bench.gateway.calls.length = 0;
  return bench;
}

Deno.test("VenueDriver sees within seconds that a resting entry was filled, although the breaker is open for minutes", async () => {
  const bench = await afterOutage(({ side }) => {
    side.working = [working({ phase: "open", venueOrderId: "v1" })];
  });
  const filled = venueOrder({ status: "filled", filled: "1" });
  Object.assign(bench.gateway, {
    onOpenOrders: () => Promise.resolve([]),
    onOrder: () => Promise.resolve(filled),
  });
  await bench.pass(LOOKS_WITHIN_MS);
  const told = bench.side.reports.at(-1);
  assert.ok(told?.type === "order" && told.order.status === "filled");
  assert.equal(bench.block, "VENUE_UNAVAILABLE", "entries wait for its time");
  await bench.pass(BREAKER_OPEN_MAX_MS);
  assert.equal(bench.block, null);
});

Deno.test("VenueDriver asks a silent venue for the sake of a position once in 5 s, in an outage of any length", async () => {
  const bench = await afterOutage(({ side, gateway }) => {
    side.position = "1";
    gateway.held = "1";
    Object.assign(gateway, { position: SILENT, balances: SILENT });
  });
  Object.assign(bench.gateway, { onTrades: SILENT });
  await bench.pass(60_000);
  const { length } = bench.gateway.calls;
  assert.ok(length >= 8 && length <= 12, `${length} requests`);
});

Deno.test("VenueDriver leaves a venue alone while the breaker is open and nothing is at risk", async () => {
  const bench = await afterOutage(() => {});
  const { length } = bench.gateway.calls;
  await bench.pass(10_000);
  assert.equal(bench.gateway.calls.length, length);
});

Deno.test("VenueDriver brings a position together after a gap of the stream although the breaker is open", async () => {
  const bench = await afterOutage(({ side, gateway }) => {
    side.position = "1";
    gateway.held = "1";
  });
  bench.gateway.listener!({ type: "disconnected", detail: "1006" });
  bench.gateway.listener!({ type: "connected" });
  bench.gateway.onOpenOrders = () => Promise.resolve([]);
  await bench.pass(LOOKS_WITHIN_MS);
  for (const call of ["openOrders", "trades", "funding", "position"]) {
    assert.ok(bench.gateway.count(call) > 0, call);
  }
});

Deno.test("VenueDriver looks after every agent of a key soon after an outage, one probe at a time", async () => {
  const bench = new DriverBench().start();
  const { clock, gateway } = bench;
  const later = (ms: number) =>
    new Promise<void>((resolve) => clock.after(ms, resolve));
  const sides = Array.from({ length: 10 }, (_, index) => {
    const side = new ScriptedSide();
    side.working = [
      working({ phase: "open", clientOrderId: `abcagent001e0000${index}` }),
    ];
    bench.register(`agt_${index + 2}`, `A${index}/USDT`)
      .attach(side, () => null as never);
    return side;
  });
  gateway.onOpenOrders = () => later(10_000).then(SILENT);
  gateway.onOrder = SILENT;
  await bench.pass(OUTAGE_MS);
  for (const side of sides) side.reports.length = 0;
  gateway.onOpenOrders = () => later(100).then(() => []);
  gateway.onOrder = ({ clientOrderId }) =>
    Promise.resolve(venueOrder({ clientOrderId, status: "filled" }));
  // The last probe of the outage may still be under way.
  await bench.pass(10_000 + 3 * LOOKS_WITHIN_MS);
  const isTold = sides.map(({ reports }) =>
    reports.some((report) =>
      report.type === "order" && report.order.status === "filled"
    )
  );
  assert.deepEqual(isTold, sides.map(() => true));
});

Deno.test("VenueDriver that starts in an outage looks after what its journal holds as soon as the venue opens", async () => {
  const bench = new DriverBench().start(({ gateway, side }) => {
    gateway.onOpen = SILENT;
    gateway.held = "1";
    side.position = "1";
    side.open = ["abcagent001e00004"];
  });
  await bench.pass(OUTAGE_MS);
  bench.gateway.onOpen = () => Promise.resolve();
  await bench.pass(RISK_RETRY_MS + 2 * LOOKS_WITHIN_MS);
  assert.ok(bench.gateway.count("openOrders") > 0);
  assert.ok(bench.gateway.count("position") > 0);
});

Deno.test("VenueDriver turns the venue's switch off past an open breaker, before it takes the stops of a position", async () => {
  const bench = new DriverBench().start(({ gateway }) => {
    gateway.profile = { ...PROFILE, hasCancelAfter: true };
    gateway.onOrder = () => Promise.resolve(venueOrder());
  });
  await bench.pass(3_000);
  bench.side.working = [working({ phase: "open" })];
  await bench.pass(3_000);
  assert.ok(bench.gateway.count("cancelAfter 60000") > 0);
  bench.gateway.onOpenOrders = SILENT;
  await bench.pass(30_000);
  assert.equal(bench.block, "VENUE_UNAVAILABLE");
  bench.side.position = "1";
  await bench.pass(2_000);
  assert.equal(bench.gateway.count("cancelAfter 0"), 1);
});

for (const status of ["429", "418"]) {
  Deno.test(`VenueCalls lets no read that guards a risk out within the silence after a ${status}`, async () => {
    const clock = createSimulatedClock({ startMs: 1_000_000 });
    const gateway = new ScriptedGateway();
    const window = { name: "weight", limit: 100, windowMs: 60_000 };
    const budget = createRateBudget({
      clock,
      venue: "test",
      windows: [{ ...window, counts: "weight" }],
    });
    const venue: OpenedVenue = {
      gateway,
      budget,
      costOf: () => 1,
      syncClock: () => Promise.resolve(),
    };
    const clockGuard = new ClockGuard({ clock, venue });
    const alert = () => {};
    const calls = new VenueCalls({
      clock,
      random: () => 0.5,
      venue,
      health: new VenueHealth({ clock, venue, clockGuard, alert }),
      clockGuard,
      sleeper: new Sleeper(clock),
      messages: new MinuteCounter(clock),
    });
    if (status === "418") budget.banned(null, status);
    else budget.retryAfter(120_000, status);
    for (let read = 0; read < 120; read++) {
      calls.read("openOrders", () => gateway.openOrders(), {
        guardsRisk: true,
      }).catch((error) => assert.equal(error.kind, "rate_limited"));
      // deno-lint-ignore no-await-in-loop -- second by second
      await clock.advance(1_000 - (read === 119 ? 1 : 0));
    }
    assert.equal(gateway.calls.length, 0);
    await clock.advance(1);
    assert.ok(gateway.calls.length > 0);
  });
}
