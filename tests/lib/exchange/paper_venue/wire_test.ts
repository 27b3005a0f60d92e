import assert from "node:assert/strict";
import type { VenueNews } from "../../../../lib/exchange/gateway/port.ts";
import { VenueError } from "../../../../lib/exchange/gateway/port.ts";
import {
  NEWS_MAX,
  REQUESTS_MAX,
} from "../../../../lib/exchange/paper_venue/limits.ts";
import { Wire } from "../../../../lib/exchange/paper_venue/wire.ts";
import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import { ref, request, setUp, SYMBOL } from "./support.ts";

Deno.test("PaperVenue lets an order meet the prices one latency later and answers one latency after that", async () => {
  const { clock, quote, venue, trades } = await setUp({
    costs: { latencyMs: 40 },
  });
  await quote(100, 101);
  let isAnswered = false;
  const sentAt = clock.nowMs();
  const answer = venue.create(request({ type: "market" })).then((outcome) => {
    isAnswered = true;
    return outcome;
  });
  await clock.advance(39);
  await quote(102, 103);
  await clock.advance(40);
  assert.equal(isAnswered, false);
  await clock.advance(1);
  assert.equal((await answer).kind, "accepted");
  const [trade] = trades();
  assert.deepEqual([trade!.price, trade!.at], ["103", sentAt + 40]);
});

Deno.test("PaperVenue lets a cancel come too late for what was filled on its way", async () => {
  const { clock, quote, venue } = await setUp({ costs: { latencyMs: 40 } });
  await quote(100, 101);
  const created = venue.create(request({ clientOrderId: "bid", price: "99" }));
  await clock.advance(80);
  assert.equal((await created).kind, "accepted");
  const canceled = venue.cancel(ref("bid"));
  await clock.advance(39);
  await quote(97, 98);
  await clock.advance(41);
  assert.equal((await canceled)!.status, "filled");
});

Deno.test("PaperVenue tells the trade before the order's answer, never within the call", async () => {
  const { quote, venue, clock } = await setUp();
  await quote(100, 101);
  const order: string[] = [];
  venue.watch([SYMBOL], ({ type }) => void order.push(type));
  await clock.settle();
  const answer = venue.create(request({ type: "market" }));
  order.push("sent");
  order.push((await answer).kind);
  assert.deepEqual(order, [
    "connected",
    "sent",
    "order",
    "trade",
    "order",
    "position",
    "accepted",
  ]);
});

Deno.test("PaperVenue proves absence at once: a read never overtakes an order", async () => {
  const { clock, quote, venue } = await setUp({ costs: { latencyMs: 40 } });
  await quote(100, 101);
  assert.equal(venue.profile.absenceProofMs, 0);
  const never = assert.rejects(
    venue.order(ref("never")),
    (error) => error instanceof VenueError && error.kind === "not_found",
  );
  const created = venue.create(request({ clientOrderId: "mine", price: "90" }));
  const found = venue.order(ref("mine"));
  await clock.advance(80);
  await never;
  await created;
  assert.equal((await found).status, "open");
  const canceled = assert.rejects(
    venue.cancel(ref("never")),
    (error) => error instanceof VenueError && error.kind === "not_found",
  );
  await clock.advance(80);
  await canceled;
});

Deno.test("PaperVenue.cancel() answers the end of an order that is over, and repeats it", async () => {
  const { quote, place, venue } = await setUp();
  await quote(100, 101);
  await place({ clientOrderId: "done", type: "market" });
  await place({ clientOrderId: "bid", price: "90" });
  assert.equal((await venue.cancel(ref("done")))!.status, "filled");
  assert.equal((await venue.cancel(ref("bid")))!.status, "canceled");
  assert.equal((await venue.cancel(ref("bid")))!.status, "canceled");
});

Deno.test("PaperVenue.cancelAfter() cancels everything unless it is asked again in time; 0 ends that", async () => {
  const { clock, quote, place, venue, order } = await setUp();
  await quote(100, 101);
  await place({ clientOrderId: "bid", price: "90" });
  await venue.cancelAfter(1_000);
  await clock.advance(999);
  await venue.cancelAfter(1_000);
  await clock.advance(999);
  assert.equal((await order("bid")).status, "open");
  await venue.cancelAfter(0);
  await clock.advance(5_000);
  assert.equal((await order("bid")).status, "open");
  await venue.cancelAfter(1_000);
  await clock.advance(1_000);
  assert.equal((await order("bid")).status, "canceled");
});

Deno.test("PaperVenue.cancelAll() cancels what is open", async () => {
  const { quote, place, venue } = await setUp();
  await quote(100, 101);
  await place({ price: "90" });
  await place({ price: "91" });
  await venue.cancelAll(SYMBOL);
  assert.deepEqual(await venue.openOrders(SYMBOL), []);
});

Deno.test("PaperVenue.trades() gives an order's trades, and all from a moment on", async () => {
  const { clock, quote, place, venue } = await setUp();
  await quote(100, 101);
  const { venueOrderId } = await place({ type: "market" });
  await clock.advance(5);
  await place({ type: "market", quantity: "2" });
  const sizes = async (query: { sinceAt: number; venueOrderId?: string }) =>
    (await venue.trades({ symbol: SYMBOL, ...query })).map((t) => t.quantity);
  assert.deepEqual(await sizes({ sinceAt: 0 }), ["1", "2"]);
  assert.deepEqual(await sizes({ sinceAt: clock.nowMs() }), ["2"]);
  assert.deepEqual(await sizes({ sinceAt: 0, venueOrderId }), ["1"]);
  await assert.rejects(
    venue.trades({ symbol: "ETH/USDT", sinceAt: 0 }),
    /BTC\/USDT alone/,
  );
});

Deno.test("PaperVenue.close() leaves no order on its way, and says that its outcome is not known", async () => {
  const { clock, quote, venue, trades } = await setUp({
    costs: { latencyMs: 40 },
  });
  await quote(100, 101);
  const created = venue.create(request({ type: "market" }));
  const read = assert.rejects(venue.balances(), /closed before it answered/);
  await venue.close();
  assert.equal((await created).kind, "unknown");
  await read;
  assert.equal(
    (await venue.create(request({ type: "market" }))).kind,
    "unknown",
  );
  await clock.advance(1_000);
  assert.deepEqual(trades(), []);
});

Deno.test("PaperVenue.watch() ends with close, and hears nothing of other markets", async () => {
  const { quote, place, venue, clock } = await setUp();
  await quote(100, 101);
  const heard: VenueNews[] = [];
  const other = venue.watch(["ETH/USDT"], (news) => void heard.push(news));
  const own = venue.watch([SYMBOL], (news) => void heard.push(news));
  await clock.settle();
  own.close();
  await place({ type: "market" });
  other.close();
  assert.deepEqual(heard, [{ type: "connected" }, { type: "connected" }]);
});

Deno.test("PaperVenue.create() is rejected as asked too often beyond the limit of requests on their way", async () => {
  const { clock, quote, venue } = await setUp({ costs: { latencyMs: 40 } });
  await quote(100, 101);
  const reads = Array.from({ length: REQUESTS_MAX }, () => venue.balances());
  const outcome = await venue.create(request());
  assert.ok(
    outcome.kind === "rejected" && outcome.errorKind === "rate_limited",
  );
  await assert.rejects(
    venue.balances(),
    (error) => error instanceof VenueError && error.kind === "rate_limited",
  );
  await clock.advance(80);
  await Promise.all(reads);
});

Deno.test("Wire drops news beyond its limit and says so once, in their place", async () => {
  const clock = createSimulatedClock();
  let overflows = 0;
  let told = 0;
  const wire = new Wire({
    clock,
    latencyMs: 10,
    onOverflow: () => void overflows++,
  });
  for (let count = 0; count < NEWS_MAX + 5; count++) {
    wire.tell(() => void told++);
  }
  await clock.stall(10);
  assert.deepEqual([told, overflows], [NEWS_MAX, 1]);
  wire.tell(() => void told++);
  await clock.advance(10);
  assert.deepEqual([told, overflows], [NEWS_MAX + 1, 1]);
});

Deno.test("PaperVenue says of its key that it trades and takes nothing out, and that its clock is ours", async () => {
  const { venue } = await setUp();
  assert.deepEqual(await venue.keyRights(), {
    canRead: true,
    canTrade: true,
    canWithdraw: false,
    canTransfer: false,
    isAddressBound: null,
  });
  assert.equal(venue.clockErrorMs(), 0);
  assert.equal(venue.profile.isSimulated, true);
});
