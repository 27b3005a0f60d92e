import assert from "node:assert/strict";
import {
  type OrderRef,
  VenueError,
} from "../../../../lib/exchange/gateway/port.ts";
import { DriverBench } from "./bench.ts";
import {
  CLIENT_ID,
  ENTRY_ID,
  PROFILE,
  REQUEST,
  venueOrder,
  working,
} from "./scripted.ts";

async function running(): Promise<DriverBench> {
  const bench = new DriverBench().start();
  await bench.pass(3_000);
  assert.equal(bench.block, null);
  bench.side.reports.length = 0;
  return bench;
}

function create(bench: DriverBench): void {
  bench.side.working = [working({ sentAt: bench.clock.nowMs() })];
  bench.link.ports.send({
    type: "create",
    orderId: ENTRY_ID,
    request: REQUEST,
  });
}

Deno.test("VenueDriver hands an order to the gateway in the turn of its command", async () => {
  const bench = await running();
  create(bench);
  assert.deepEqual(bench.gateway.created, [REQUEST]);
  assert.deepEqual(bench.side.types(), [], "no report in the same turn");
  await bench.clock.settle();
  assert.equal(bench.side.reports[0]!.type, "outcome");
});

Deno.test("VenueDriver counts the requests that an account's orders cause, and no shared reads", async () => {
  const bench = await running();
  const other = bench.register("agt_2", "ETH/USDT");
  await bench.pass(120_000);
  assert.equal(bench.link.requests.total, 0, "books are compared meanwhile");
  create(bench);
  assert.equal(bench.link.requests.total, 1);
  bench.side.working = [
    working({ phase: "open", cancel: { reason: "Expired" } }),
  ];
  bench.gateway.onCancel = () => {
    bench.side.working = [];
    return Promise.resolve(venueOrder({ status: "canceled" }));
  };
  bench.link.ports.send({ type: "cancel", orderId: ENTRY_ID });
  await bench.pass(1_000);
  assert.equal(bench.link.requests.total, 2);
  assert.equal(other.requests.total, 0);
});

Deno.test("VenueDriver sends an order once, whatever the gateway throws", async () => {
  const bench = await running();
  bench.gateway.onCreate = () => Promise.reject(new TypeError("socket"));
  create(bench);
  bench.side.working = [];
  await bench.pass(60_000);
  assert.equal(bench.gateway.created.length, 1);
  const [report] = bench.side.reports;
  assert.ok(report?.type === "outcome" && report.outcome.kind === "unknown");
});

Deno.test("VenueDriver calls an order unknown that hangs, and still tells a late acceptance", async () => {
  const bench = await running();
  let accept = () => {};
  bench.gateway.onCreate = () =>
    new Promise((resolve) => {
      accept = () => resolve({ kind: "accepted", order: venueOrder() });
    });
  create(bench);
  bench.gateway.onOrder = () => new Promise(() => {});
  await bench.pass(21_000);
  accept();
  await bench.clock.settle();
  const outcomes = bench.side.reports.flatMap((report) =>
    report.type === "outcome" ? [report.outcome.kind] : []
  );
  assert.deepEqual(outcomes, ["unknown", "accepted"]);
});

Deno.test("VenueDriver proves an absence only after the venue's bound and by two answers five seconds apart", async () => {
  const bench = await running();
  bench.gateway.onCreate = () =>
    Promise.resolve({ kind: "unknown", venueCode: null, detail: "timeout" });
  create(bench);
  const sentMs = bench.clock.monotonicMs();
  bench.side.working = [working({ phase: "unknown" })];
  bench.link.ports.send({ type: "resolve", orderId: ENTRY_ID });
  let absentMs: number | null = null;
  bench.side.onApply = ({ type }) => {
    if (type !== "absent") return;
    absentMs = bench.clock.monotonicMs();
    bench.side.working = [];
  };
  await bench.pass(60_000);
  assert.ok(absentMs !== null);
  assert.ok(absentMs - sentMs > PROFILE.absenceProofMs! + 5_000);
});

Deno.test("VenueDriver looks for a stop entry, which was sent at the market, and withdraws it among orders, and a stop among stops", async () => {
  const bench = await running();
  const asked: string[] = [];
  const ask = (what: string, { isStop }: OrderRef) => {
    asked.push(`${what} ${isStop ? "stop" : "order"}`);
    bench.side.working = [];
    return Promise.resolve(venueOrder({ status: "canceled" }));
  };
  bench.gateway.onOrder = (ref) => ask("find", ref);
  bench.gateway.onCancel = (ref) => ask("withdraw", ref);
  const { order } = working();
  for (const role of ["entry", "stop"] as const) {
    const change = { order: { ...order, role, type: "stop" as const } };
    bench.side.working = [working({ ...change, phase: "unknown" })];
    bench.link.ports.send({ type: "resolve", orderId: ENTRY_ID });
    // deno-lint-ignore no-await-in-loop -- one command after the other
    await bench.pass(1_000);
    bench.side.working = [
      working({ ...change, phase: "open", cancel: { reason: "Expired" } }),
    ];
    bench.link.ports.send({ type: "cancel", orderId: ENTRY_ID });
    // deno-lint-ignore no-await-in-loop -- as above
    await bench.pass(1_000);
  }
  assert.deepEqual(asked, [
    "find order",
    "withdraw order",
    "find stop",
    "withdraw stop",
  ]);
});

Deno.test("VenueDriver does not let a jump of the wall clock prove an absence", async () => {
  const bench = await running();
  bench.gateway.onCreate = () =>
    Promise.resolve({ kind: "unknown", venueCode: null, detail: "timeout" });
  create(bench);
  bench.side.working = [working({ phase: "unknown" })];
  bench.link.ports.send({ type: "resolve", orderId: ENTRY_ID });
  bench.clock.jumpWall(3_600_000);
  await bench.pass(14_000);
  assert.equal(bench.side.types().includes("absent"), false);
});

Deno.test("VenueDriver leaves an order unknown where nothing proves its absence, and tells a person", async () => {
  const bench = new DriverBench().start(({ gateway }) => {
    gateway.profile = { ...PROFILE, absenceProofMs: null };
  });
  await bench.pass(3_000);
  bench.side.working = [working({ phase: "unknown" })];
  bench.link.ports.send({ type: "resolve", orderId: ENTRY_ID });
  await bench.pass(120_000);
  assert.equal(bench.side.types().includes("absent"), false);
  assert.ok(bench.alerts.some(({ code }) => code === "ORDER_UNPROVEN"));
  const drift = bench.side.reports.findLast(({ type }) => type === "drift");
  assert.ok(drift?.type === "drift" && drift.detail?.includes(CLIENT_ID));
});

Deno.test("VenueDriver repeats a withdrawal until the order is over", async () => {
  const bench = await running();
  bench.side.working = [
    working({ phase: "open", cancel: { reason: "Expired" } }),
  ];
  let attempts = 0;
  bench.gateway.onOrder = () => Promise.resolve(venueOrder());
  bench.gateway.onCancel = () => {
    attempts++;
    return attempts < 3
      ? Promise.reject(new VenueError("unknown", "504"))
      : Promise.resolve(venueOrder({ status: "canceled" }));
  };
  bench.side.onApply = (report) => {
    const isOver = report.type === "order" && report.order.status !== "open";
    if (isOver) bench.side.working = [];
  };
  bench.link.ports.send({ type: "cancel", orderId: ENTRY_ID });
  await bench.pass(30_000);
  assert.equal(attempts, 3);
});

Deno.test("VenueDriver drops a queued entry that waited too long, and says why", async () => {
  const bench = await running();
  bench.canTake = false;
  assert.equal(bench.link.ports.tryReserve("entry"), false);
  bench.side.working = [working({ phase: "queued", sentAt: null })];
  bench.link.ports.send({ type: "queue", orderId: ENTRY_ID, lane: "entry" });
  await bench.pass(12_000);
  assert.equal(bench.side.released.length, 0);
  assert.match(bench.side.dropped[0]!.reason, /waited too long/);
});

Deno.test("VenueDriver releases a queued order when the budget lets it go, and drops an entry that may not go any more", async () => {
  const bench = await running();
  const queue = () => {
    bench.side.working = [working({ phase: "queued", sentAt: null })];
    bench.link.ports.send({ type: "queue", orderId: ENTRY_ID, lane: "entry" });
  };
  queue();
  await bench.pass(1_000);
  assert.deepEqual(bench.side.released, [ENTRY_ID]);
  queue();
  bench.gateway.listener!({ type: "disconnected", detail: "1006" });
  await bench.clock.settle();
  assert.deepEqual(bench.side.released, [ENTRY_ID]);
  assert.match(bench.side.dropped[0]!.reason, /broke off/);
});

Deno.test("VenueDriver does not send an entry whose record the disk did not take", async () => {
  const bench = await running();
  bench.isFailing = true;
  create(bench);
  await bench.clock.settle();
  assert.equal(bench.gateway.created.length, 0);
  const [report] = bench.side.reports;
  assert.ok(report?.type === "outcome" && report.outcome.kind === "rejected");
});

Deno.test("VenueDriver says that ids are on the disk", async () => {
  const bench = await running();
  bench.link.ports.send({ type: "syncIds", to: 64 });
  await bench.clock.settle();
  assert.equal(bench.side.syncedTo, 64);
});
