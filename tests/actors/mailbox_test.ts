import assert from "node:assert/strict";
import fc from "fast-check";
import { Fifo } from "../../actors/fifo.ts";
import {
  CONTROL_LANE_MAX,
  EVENTS_LANE_MAX,
  IN_FLIGHT_MAX,
  LOGS_LANE_MAX,
} from "../../actors/limits.ts";
import { type Lane, LANES, Mailbox } from "../../actors/mailbox.ts";

/** In the name of each property test, so that a failure can be repeated. */
const SEED = Date.now() | 0;

interface Item {
  lane: Lane;
  key?: string;
  number: number;
}

/** A step of a property: offer to a lane, take one, or give credit for some. */
type Step =
  | { do: "offer"; lane: Lane; key: string }
  | { do: "take" }
  | { do: "credit"; share: number };

const LIMITS = { control: 4, events: 6, market: 3, logs: 5 };

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("offer" as const),
    lane: fc.constantFrom(...LANES),
    key: fc.constantFrom("a", "b", "c", "d"),
  }),
  fc.record({ do: fc.constant("take" as const) }),
  fc.record({
    do: fc.constant("credit" as const),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);

/** The same mailbox, written the slow and obvious way. */
class Model {
  readonly lanes: Record<Lane, Item[]> = {
    control: [],
    events: [],
    market: [],
    logs: [],
  };
  inFlight = 0;

  offer(item: Item): string {
    const lane = this.lanes[item.lane];
    if (item.lane === "market") {
      const index = lane.findIndex((other) => other.key === item.key);
      if (index >= 0) {
        lane[index] = item;
        return "conflated";
      }
    }
    if (lane.length < LIMITS[item.lane]) {
      lane.push(item);
      return "queued";
    }
    if (item.lane === "control") return "refused";
    if (item.lane !== "logs") return "overflowed";
    lane.shift();
    lane.push(item);
    return "displaced";
  }

  take(window: number, reserve: number): Item | undefined {
    if (this.inFlight === window) return undefined;
    const lanes = window - this.inFlight > reserve ? LANES : ["control"];
    for (const lane of lanes as Lane[]) {
      const item = this.lanes[lane].shift();
      if (item === undefined) continue;
      this.inFlight++;
      return item;
    }
    return undefined;
  }
}

Deno.test(`Mailbox does what its model does under any sequence of offers, takes and credits (seed ${SEED})`, () => {
  fc.assert(
    fc.property(
      fc.array(stepArbitrary, { maxLength: 200 }),
      fc.integer({ min: 3, max: 8 }),
      fc.integer({ min: 0, max: 2 }),
      (steps, window, controlReserve) => {
        const mailbox = new Mailbox<Item>({
          window,
          controlReserve,
          limits: LIMITS,
        });
        const model = new Model();
        steps.forEach((step, number) => {
          if (step.do === "offer") {
            const { lane, key } = step;
            const item = { lane, key, number };
            assert.equal(mailbox.offer(item, { lane, key }), model.offer(item));
          } else if (step.do === "take") {
            assert.equal(mailbox.take(), model.take(window, controlReserve));
          } else {
            const count = Math.floor(step.share * model.inFlight);
            if (count > 0) mailbox.credit(count);
            model.inFlight -= count;
          }
          assert.equal(mailbox.inFlight, model.inFlight);
          assert.ok(mailbox.inFlight <= window);
          assert.equal(
            mailbox.depth,
            Object.values(model.lanes).reduce((sum, l) => sum + l.length, 0),
          );
        });
      },
    ),
    { seed: SEED, numRuns: 500 },
  );
});

Deno.test("Mailbox refuses the 257th command and keeps the first 256 in order", () => {
  const mailbox = new Mailbox<number>();
  for (let number = 0; number < CONTROL_LANE_MAX; number++) {
    assert.equal(mailbox.offer(number, { lane: "control" }), "queued");
  }
  assert.equal(mailbox.offer(-1, { lane: "control" }), "refused");
  for (let number = 0; number < IN_FLIGHT_MAX; number++) {
    assert.equal(mailbox.take(), number);
  }
});

Deno.test("Mailbox reports the overflow of events instead of dropping one", () => {
  const mailbox = new Mailbox<number>();
  for (let number = 0; number < EVENTS_LANE_MAX; number++) {
    mailbox.offer(number, { lane: "events" });
  }
  assert.equal(mailbox.offer(-1, { lane: "events" }), "overflowed");
  assert.equal(mailbox.depth, EVENTS_LANE_MAX);
  assert.equal(mailbox.dropped, 0);
});

Deno.test("Mailbox keeps the latest market message of each key at the place of the first", () => {
  const mailbox = new Mailbox<string>();
  mailbox.offer("BTC 1", { lane: "market", key: "BTC" });
  mailbox.offer("ETH 1", { lane: "market", key: "ETH" });
  assert.equal(
    mailbox.offer("BTC 2", { lane: "market", key: "BTC" }),
    "conflated",
  );
  assert.deepEqual([mailbox.take(), mailbox.take()], ["BTC 2", "ETH 1"]);
  assert.equal(mailbox.conflated, 1);
});

Deno.test("Mailbox drops the oldest log and counts it", () => {
  const mailbox = new Mailbox<number>();
  for (let number = 0; number <= LOGS_LANE_MAX; number++) {
    mailbox.offer(number, { lane: "logs" });
  }
  assert.equal(mailbox.dropped, 1);
  assert.equal(mailbox.take(), 1);
});

Deno.test("Mailbox keeps its reserve of credit for control", () => {
  const mailbox = new Mailbox<string>({ window: 2, controlReserve: 1 });
  mailbox.offer("event 1", { lane: "events" });
  mailbox.offer("event 2", { lane: "events" });
  assert.equal(mailbox.take(), "event 1");
  assert.equal(mailbox.take(), undefined);
  mailbox.offer("stop", { lane: "control" });
  assert.equal(mailbox.take(), "stop");
  assert.equal(mailbox.credits, 0);
});

Deno.test("Mailbox.tryPass() never overtakes what waits", () => {
  const mailbox = new Mailbox<string>({ window: 1 });
  assert.equal(mailbox.tryPass(), true);
  assert.equal(mailbox.tryPass(), false);
  mailbox.offer("waits", { lane: "events" });
  mailbox.credit(1);
  assert.equal(mailbox.tryPass(), false);
  assert.equal(mailbox.take(), "waits");
});

Deno.test("Mailbox.credit() refuses more than is under way", () => {
  const mailbox = new Mailbox<string>();
  mailbox.tryPass();
  assert.throws(() => mailbox.credit(2), /Credit must not exceed the 1 items/);
  assert.throws(() => mailbox.credit(0.5), /Credit must not exceed/);
});

Deno.test("Fifo gives back what it took in the same order across compactions", () => {
  const fifo = new Fifo<number>();
  let next = 0;
  for (let number = 0; number < 1_000; number++) {
    fifo.push(number);
    if (number % 3 !== 0) assert.equal(fifo.shift(), next++);
  }
  while (fifo.size > 0) assert.equal(fifo.shift(), next++);
  assert.equal(next, 1_000);
  assert.equal(fifo.shift(), undefined);
});
