import assert from "node:assert/strict";
import { movePrice } from "./engine/market_moves.ts";
import type { StreamFault } from "./faults/kinds.ts";
import { withVenue } from "./harness.ts";
import type { FakeVenue } from "./venue.ts";

/** A subscriber that remembers what it hears. */
class Listener {
  // deno-lint-ignore no-explicit-any -- JSON of the venue, read by tests
  readonly heard: any[] = [];
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  #waiting: { count: number; resolve: () => void } | null = null;

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.closed = new Promise((resolve) =>
      this.#socket.onclose = () => resolve()
    );
    this.#socket.onmessage = ({ data }) => {
      this.heard.push(JSON.parse(data));
      if (this.heard.length < (this.#waiting?.count ?? Infinity)) return;
      this.#waiting!.resolve();
      this.#waiting = null;
    };
  }

  /** Resolves when so many messages have come. */
  async until(count: number): Promise<void> {
    if (this.heard.length >= count) return;
    await new Promise<void>((resolve) => this.#waiting = { count, resolve });
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.closed;
  }
}

/** Bids that a subscriber hears after the first, while one fault strikes the second move of four. */
async function heardUnder(fault: StreamFault): Promise<(number | string)[]> {
  const heard: (number | string)[] = [];
  await withVenue({}, async (venue) => {
    movePrice(venue.state, "BTCUSDT", "100");
    const listener = new Listener(
      `${venue.url.replace("http", "ws")}/ws/btcusdt@bookTicker`,
    );
    await listener.until(1);
    venue.state.faults.add({
      on: "stream.bookTicker",
      fault,
      skip: 1,
      ms: 1,
    });
    for (const price of ["101", "102", "103", "104"]) {
      movePrice(venue.state, "BTCUSDT", price);
    }
    await settle(venue, listener, fault);
    heard.push(
      ...listener.heard.slice(1).map(({ b }) => Math.ceil(Number(b))),
    );
    if (fault === "cut") heard.push("closed");
    await listener.close();
  });
  return heard;
}

/** Waits until all has come that will come. */
async function settle(
  venue: FakeVenue,
  listener: Listener,
  fault: StreamFault,
): Promise<void> {
  if (fault === "cut") return await listener.closed;
  const expected = { drop: 4, duplicate: 6, reorder: 5, delay: 5, silence: 2 };
  await listener.until(expected[fault]);
  assert.equal(venue.state.faults.log().length, 1);
}

Deno.test("StreamConnection drops, doubles, swaps, delays, goes silent and is cut as a fault says", async () => {
  assert.deepEqual(await heardUnder("drop"), [101, 103, 104]);
  assert.deepEqual(await heardUnder("duplicate"), [101, 102, 102, 103, 104]);
  assert.deepEqual(await heardUnder("reorder"), [101, 103, 102, 104]);
  assert.deepEqual(await heardUnder("delay"), [101, 103, 104, 102]);
  assert.deepEqual(await heardUnder("silence"), [101]);
  assert.deepEqual(await heardUnder("cut"), [101, "closed"]);
});

Deno.test("a fill event can be doubled alone, by what the message contains", async () => {
  await withVenue({}, async (venue) => {
    venue.state.listenKeys.add("f".repeat(32));
    const listener = new Listener(
      `${venue.url.replace("http", "ws")}/fstream/private/ws?listenKey=${
        "f".repeat(32)
      }`,
    );
    await venue.streams.whenUserListens();
    venue.state.faults.add({
      on: "stream.user",
      fault: "duplicate",
      containing: '"x":"TRADE"',
    });
    venue.state.engines.futures.place({
      symbol: "BTCUSDT",
      side: "BUY",
      type: "MARKET",
      timeInForce: "GTC",
      quantity: 1_000_000n,
      price: 0n,
      stopPrice: 0n,
      clientOrderId: "doubled",
      reduceOnly: false,
      closePosition: false,
      listId: -1,
      isForeign: false,
    });
    await listener.until(4);
    assert.deepEqual(
      listener.heard.map(({ e, o }) => o?.x ?? e),
      ["NEW", "ACCOUNT_UPDATE", "TRADE", "TRADE"],
    );
    venue.streams.expireListenKeys();
    await listener.closed;
    assert.equal(listener.heard.at(-1).e, "listenKeyExpired");
  });
});

Deno.test("depth updates join without a hole, and a dropped one leaves a gap in their numbers", async () => {
  await withVenue({}, async (venue) => {
    const listener = new Listener(
      `${
        venue.url.replace("http", "ws")
      }/stream?streams=btcusdt@markPrice/btcusdt@depth@100ms`,
    );
    // The first price says that both are subscribed.
    await listener.until(1);
    venue.state.faults.add({ on: "stream.depth", fault: "drop", skip: 2 });
    for (const price of ["101", "102", "103", "104"]) {
      movePrice(venue.state, "BTCUSDT", price);
    }
    // Four prices and three of four depths.
    await listener.until(8);
    const [first, second, third] = listener.heard
      .filter(({ stream }) => stream.includes("depth"))
      .map(({ data }) => data);
    assert.equal(second.U, first.u + 1);
    assert.ok(third.U > second.u + 1);
    await listener.close();
  });
});
