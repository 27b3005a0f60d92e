import assert from "node:assert/strict";
import { ABSENCE_APART_MS } from "../../../../lib/desk/venue/limits.ts";
import { VenueError } from "../../../../lib/exchange/gateway/port.ts";
import { DriverBench } from "./bench.ts";
import { ENTRY_ID, PROFILE, working } from "./scripted.ts";

const SILENT = () => Promise.reject(new VenueError("unknown", "no answer"));

/** Attempts to open a silent venue within a minute, when there were some before. */
async function attemptsInMinute(
  prepare: (bench: DriverBench) => void,
): Promise<number> {
  let attempts = 0;
  const bench = new DriverBench().start((bench) => {
    prepare(bench);
    bench.gateway.onOpen = () => {
      attempts++;
      return SILENT();
    };
  });
  await bench.pass(120_000);
  attempts = 0;
  await bench.pass(60_000);
  return attempts;
}

Deno.test("VenueDriver tries every few seconds to open a venue where something may be at risk, and seldom where nothing is", async () => {
  const calm = await attemptsInMinute(() => {});
  const atRisk = await attemptsInMinute(({ side }) => {
    side.working = [working({ phase: "open" })];
  });
  assert.ok(calm >= 2 && calm <= 4, `${calm} attempts`);
  assert.ok(atRisk >= 12 && atRisk <= 24, `${atRisk} attempts`);
});

Deno.test("OrderSeeker counts an order of an earlier process from the opening of its account, however late the venue opens", async () => {
  const lateMs = 10_000;
  const { absenceProofMs } = PROFILE;
  const bench = new DriverBench().start(({ gateway, side, clock }) => {
    gateway.onOpen = () =>
      clock.monotonicMs() < lateMs ? SILENT() : Promise.resolve();
    side.working = [working({ phase: "unknown" })];
    side.onApply = (report) => {
      if (report.type === "absent") side.working = [];
    };
  });
  bench.link.ports.send({ type: "resolve", orderId: ENTRY_ID });
  await bench.pass(absenceProofMs!);
  assert.equal(bench.side.types().includes("absent"), false);
  // Two answers, the looks of which are up to five seconds apart.
  await bench.pass(3 * ABSENCE_APART_MS);
  assert.equal(bench.side.types().includes("absent"), true);
});

Deno.test("AccountLink.holdUp says why the venue is asked nothing, and null while nothing stands in the way", async () => {
  const bench = new DriverBench().start(({ gateway }) => {
    gateway.onOpen = SILENT;
  });
  await bench.pass(3_000);
  assert.match(
    bench.link.holdUp!,
    /^The venue does not open; the desk goes on/,
  );
  bench.gateway.onOpen = () => Promise.resolve();
  await bench.pass(10_000);
  assert.equal(bench.link.holdUp, null);
  bench.silentUntilMs = Date.UTC(2026, 0, 5, 8, 1, 59, 900);
  assert.equal(
    bench.link.holdUp,
    "The venue wants no requests until 08:01:59 UTC; the desk goes on then",
  );
  bench.silentUntilMs = null;
  bench.gateway.onOpenOrders = () =>
    Promise.reject(new VenueError("auth", "Invalid API-key"));
  await bench.pass(20_000);
  assert.match(bench.link.holdUp!, /does not take the key: Invalid API-key/);
});
