import assert from "node:assert/strict";
import fc from "fast-check";
import type { MarketUpdate } from "../../../lib/contracts/market.ts";
import type { StreamEnvelope } from "../../../lib/contracts/stream.ts";
import {
  agentIdOf,
  logDraft,
  ManualTime,
  systemDraft,
} from "../store/support.ts";
import { SocketClient, SseClient, withHub } from "./support.ts";

const id = agentIdOf(1);

Deno.test("sse() greets, then sends events from now on", () =>
  withHub(async ({ store, url }) => {
    await store.events.append({ events: [systemDraft("before")] });
    const client = await SseClient.open(url);
    const hello = await client.next();
    assert.deepEqual(hello, {
      v: 1,
      type: "hello",
      seq: 1,
      heartbeatMs: 15_000,
    });
    await store.events.append({ events: [systemDraft("after")] });
    const event = await client.next() as StreamEnvelope;
    assert.equal(event.seq, 2);
    assert.equal(event.topic, "system:event");
    assert.equal(client.lastId, "2");
    await client.leave();
  }));

Deno.test("sse() brings every event exactly once and in order over any disconnects", async () => {
  const scenario = fc.record({
    before: fc.integer({ min: 0, max: 80 }),
    /** Frames read before each disconnect. */
    reads: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(
      scenario,
      ({ before, reads }) =>
        withHub(async ({ store, url }) => {
          const total = 300;
          const append = (n: number) =>
            store.events.append({
              events: n % 3 === 0
                ? [systemDraft(`${n}`)]
                : [logDraft(`${n}`, { agentId: id })],
            });
          await Promise.all(
            Array.from({ length: before }, (_, n) => append(n)),
          );
          const writing = (async () => {
            for (let n = before; n < total; n += 5) {
              const done = [0, 1, 2, 3, 4].map((k) =>
                n + k < total ? append(n + k) : undefined
              );
              await store.events.flush();
              await Promise.all(done);
            }
          })();
          const seen: number[] = [];
          let lastEventId: string | null = null;
          for (const limit of [...reads, Infinity]) {
            const client: SseClient = await SseClient.open(url, {
              query: "after=0",
              lastEventId,
            });
            let left = limit;
            while (left-- > 0 && seen.length < total) {
              const frame = await client.next();
              if (frame !== null && "seq" in frame && "topic" in frame) {
                seen.push(frame.seq!);
              }
            }
            lastEventId = client.lastId;
            await client.leave();
          }
          await writing;
          assert.deepEqual(
            seen,
            Array.from({ length: total }, (_, n) => n + 1),
          );
        }),
    ),
    { numRuns: 15 },
  );
});

Deno.test("sse() sends the topics that were asked for, and no market data otherwise", () =>
  withHub(async ({ store, hub, url }) => {
    const all = await SseClient.open(url);
    const some = await SseClient.open(url, {
      query: `topics=market:update,logs:${id}`,
    });
    await Promise.all([all.next(), some.next()]);
    hub.publishVolatile(marketUpdate(1), id);
    await store.events.append({
      events: [logDraft("other", { agentId: agentIdOf(2) }), systemDraft("s")],
    });
    await store.events.append({ events: [logDraft("mine", { agentId: id })] });
    assert.equal((await some.next())!.type, "market.updated");
    const mine = await some.next() as StreamEnvelope;
    assert.equal((mine.data as { message: string }).message, "mine");
    assert.equal((await all.next())!.type, "system.event");
    await all.leave();
    await some.leave();
  }));

Deno.test("publishVolatile() sends an alert that is not stored to all who listen to its topic, without a place to resume from", () =>
  withHub(async ({ store, hub, url }) => {
    await store.events.append({ events: [systemDraft("stored")] });
    const query = { query: "topics=system:event&after=0" };
    const alerted = await SseClient.open(url, query);
    const socket = await SocketClient.open(url, query.query);
    const byDefault = await SseClient.open(url, { query: "after=0" });
    const other = await SseClient.open(url, { query: "topics=trade:alert" });
    for (const client of [alerted, socket, byDefault]) {
      await client.next();
      assert.equal((await client.next() as StreamEnvelope).seq, 1);
    }
    await other.next();
    const alert: StreamEnvelope = {
      v: 1,
      seq: null,
      topic: "system:event",
      type: "system.event",
      at: "2026-01-01T00:00:00.000Z",
      data: {
        kind: "store",
        severity: "error",
        agentId: null,
        agentName: null,
        message: "The store is down",
      },
    };
    hub.publishVolatile(alert, null);
    for (const client of [alerted, socket, byDefault]) {
      assert.deepEqual(await client.next(), alert);
    }
    assert.equal(
      alerted.lastId,
      "1",
      "a reconnect resumes from what is stored",
    );
    await hub.close("The test is over");
    assert.equal((await other.next())!.type, "closing");
    await socket.close();
    for (const client of [alerted, byDefault, other]) await client.leave();
  }));

Deno.test("sse() says resync when the events after the client's were pruned", () =>
  withHub(async ({ store, url }) => {
    const client = await SseClient.open(url, { query: "after=14" });
    assert.equal((await client.next())!.type, "hello");
    assert.deepEqual(await client.next(), {
      v: 1,
      type: "resync",
      seq: 20,
      reason: "Older events are no longer kept",
    });
    assert.equal(client.lastId, "20");
    await store.events.append({ events: [systemDraft("next")] });
    assert.equal((await client.next() as StreamEnvelope).seq, 21);
    await client.leave();
    const near = await SseClient.open(url, { query: "after=15" });
    await near.next();
    assert.equal((await near.next() as StreamEnvelope).seq, 16);
    await near.leave();
  }, {
    retention: { system: 5 },
    prepare: async (store) => {
      for (let n = 0; n < 20; n++) {
        await store.events.append({ events: [systemDraft(`${n}`)] });
      }
      await store.prune();
    },
  }));

Deno.test("sse() says resync to a client that knows events the store has not", () =>
  withHub(async ({ url }) => {
    const client = await SseClient.open(url, { query: "after=999" });
    const resync = await client.until((frame) => frame.type === "resync");
    assert.equal((resync as { seq: number }).seq, 0);
    assert.match((resync as { reason: string }).reason, /was replaced/);
    await client.leave();
  }));

Deno.test("sse() says resync when more than 5,000 events were missed", () =>
  withHub(async ({ store, url }) => {
    for (let n = 0; n < 2; n++) {
      const events = Array.from({ length: 2_600 }, () => logDraft("x"));
      const done = store.events.append({ events });
      await store.events.flush();
      await done;
    }
    const tooFar = await SseClient.open(url, { query: "after=1" });
    await tooFar.until((frame) => frame.type === "resync");
    await store.events.append({ events: [systemDraft("next")] });
    assert.equal((await tooFar.next() as StreamEnvelope).seq, 5_201);
    await tooFar.leave();
    const near = await SseClient.open(url, { query: "after=300" });
    await near.next();
    assert.equal((await near.next() as StreamEnvelope).seq, 301);
    await near.leave();
  }));

Deno.test("sse() sends a heartbeat with the place to resume from", async () => {
  const time = new ManualTime();
  await withHub(async ({ store, url }) => {
    const client = await SseClient.open(url, { query: "topics=trade:alert" });
    const other = await SseClient.open(url);
    await client.next();
    await store.events.append({ events: [systemDraft("not wanted")] });
    await other.until((frame) => frame.type === "system.event");
    time.advance(15_000);
    await other.leave();
    const beat = await client.next();
    assert.equal(beat!.type, "heartbeat");
    assert.equal((beat as { seq: number }).seq, 1);
    assert.equal(client.lastId, "1");
    await client.leave();
  }, { time });
});

function marketUpdate(seq: number): StreamEnvelope {
  return {
    v: 1,
    seq: null,
    topic: "market:update",
    type: "market.updated",
    at: new Date(seq).toISOString(),
    data: { agentId: id, symbol: "BTC/USDT" } as unknown as MarketUpdate,
  };
}
