import assert from "node:assert/strict";
import { VenueError } from "../../../../lib/exchange/gateway/port.ts";
import { DriverBench } from "./bench.ts";
import {
  CLIENT_ID,
  ENTRY_ID,
  PROFILE,
  venueOrder,
  working,
} from "./scripted.ts";

const SAID = "ops@example.com says that it is not at the venue: in no list";

/** A driver at a venue that proves no absence, with an order that nobody knows. */
async function unknown(): Promise<DriverBench> {
  const bench = new DriverBench().start(({ gateway }) => {
    gateway.profile = { ...PROFILE, absenceProofMs: null };
  });
  await bench.pass(3_000);
  bench.side.working = [working({ phase: "unknown" })];
  bench.side.onApply = (report) => {
    if (report.type === "absent") bench.side.working = [];
  };
  bench.link.ports.send({ type: "resolve", orderId: ENTRY_ID });
  return bench;
}

/** What a person is told who calls the order absent now; null where it is taken. */
async function settle(bench: DriverBench): Promise<string | null> {
  let answer: string | null | undefined;
  bench.link.settle(ENTRY_ID, SAID).then(
    () => answer = null,
    (error) => answer = `${error.code} ${error.message}`,
  );
  for (let second = 0; answer === undefined && second < 30; second++) {
    // deno-lint-ignore no-await-in-loop -- until it is answered
    await bench.pass(1_000);
  }
  assert.notEqual(answer, undefined, "it is answered");
  return answer!;
}

function absences(bench: DriverBench): readonly string[] {
  return bench.side.reports.flatMap((report) =>
    report.type === "absent" ? [`${report.orderId}: ${report.detail}`] : []
  );
}

Deno.test("OrderSeeker.settle() takes a person's word that an order is absent when the venue has said so for a minute", async () => {
  const bench = await unknown();
  await bench.pass(30_000);
  assert.match(
    (await settle(bench))!,
    /^ORDER_STATE_CONFLICT .*has to have said for 60 s/,
  );
  assert.deepEqual(absences(bench), []);
  await bench.pass(40_000);
  assert.equal(await settle(bench), null);
  assert.deepEqual(absences(bench), [`${ENTRY_ID}: ${SAID}`]);
  const drift = bench.side.reports.findLast(({ type }) => type === "drift");
  assert.ok(drift?.type === "drift" && drift.detail === null);
  await bench.pass(60_000);
  assert.equal(absences(bench).length, 1);
  assert.match((await settle(bench))!, /it is over, or the venue knows it/);
});

Deno.test("OrderSeeker.settle() believes the venue where it knows the order after all", async () => {
  const bench = await unknown();
  await bench.pass(70_000);
  bench.gateway.onOrder = () => Promise.resolve(venueOrder());
  assert.match((await settle(bench))!, /the venue knows it after all/);
  assert.deepEqual(absences(bench), []);
  const told = bench.side.reports.at(-1);
  assert.ok(told?.type === "order" && told.order.clientOrderId === CLIENT_ID);
});

Deno.test("OrderSeeker.settle() takes nobody's word while the venue does not answer, and counts the minute anew after it knew the order", async () => {
  const bench = await unknown();
  await bench.pass(70_000);
  bench.gateway.onOrder = () => new Promise(() => {});
  assert.match((await settle(bench))!, /the venue does not answer; try again/);
  bench.gateway.onOrder = () => Promise.resolve(venueOrder());
  await bench.pass(60_000);
  bench.gateway.onOrder = () =>
    Promise.reject(new VenueError("not_found", "Unknown order"));
  await bench.pass(35_000);
  assert.match((await settle(bench))!, /has to have said for 60 s/);
  assert.deepEqual(absences(bench), []);
});
