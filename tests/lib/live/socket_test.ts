import assert from "node:assert/strict";
import type { StreamEnvelope } from "../../../lib/contracts/stream.ts";
import {
  agentIdOf,
  logDraft,
  ManualTime,
  systemDraft,
} from "../store/support.ts";
import { ALLOWED_CHECK_MS } from "../../../lib/live/limits.ts";
import { RawConnection } from "../../support/raw_connection.ts";
import { SocketClient, untilAccepted, withHub } from "./support.ts";

const id = agentIdOf(1);

Deno.test("socket() starts with the first subscribe frame, from the event it names", () =>
  withHub(async ({ store, url }) => {
    for (let n = 0; n < 4; n++) {
      await store.events.append({ events: [systemDraft(`${n}`)] });
    }
    const client = await SocketClient.open(url);
    client.send({ type: "subscribe", topics: [], after: 2 });
    assert.deepEqual(await client.next(), {
      v: 1,
      type: "hello",
      seq: 2,
      heartbeatMs: 15_000,
    });
    assert.equal((await client.next() as StreamEnvelope).seq, 3);
    assert.equal((await client.next() as StreamEnvelope).seq, 4);
    await store.events.append({ events: [systemDraft("live")] });
    assert.equal((await client.next() as StreamEnvelope).seq, 5);
    await client.close();
  }));

Deno.test("socket() changes topics without losing its place", () =>
  withHub(async ({ store, url }) => {
    const client = await SocketClient.open(url, "topics=system:event");
    assert.equal((await client.next())!.type, "hello");
    await store.events.append({ events: [systemDraft("one")] });
    assert.equal((await client.next())!.type, "system.event");
    client.send({ type: "subscribe", topics: [`logs:${id}`] });
    assert.equal((await client.next())!.type, "hello");
    await store.events.append({
      events: [systemDraft("two"), logDraft("mine", { agentId: id })],
    });
    assert.equal((await client.next())!.type, "log.added");
    await client.close();
  }));

Deno.test("socket() takes the topics of its URL when no subscribe frame comes", async () => {
  const time = new ManualTime();
  await withHub(async ({ hub, url }) => {
    const client = await SocketClient.open(url);
    assert.equal(hub.stats().clients, 1);
    const first = client.next();
    // The hub starts to wait when the socket is open at its side, too.
    const waiting = setInterval(() => time.advance(500), 1);
    assert.equal((await first)!.type, "hello");
    clearInterval(waiting);
    await client.close();
  }, { time });
});

Deno.test("socket() answers ping with a heartbeat", () =>
  withHub(async ({ url }) => {
    const client = await SocketClient.open(url, "topics=system:event");
    await client.next();
    client.send({ type: "ping" });
    assert.equal((await client.next())!.type, "heartbeat");
    await client.close();
  }));

const refusals: { name: string; code: number; frames: () => unknown[] }[] = [
  {
    name: "a frame over 16 KiB",
    code: 1009,
    frames: () => [{ type: "subscribe", topics: [], fill: "x".repeat(17_000) }],
  },
  {
    name: "more than 20 frames a second",
    code: 1008,
    frames: () => Array.from({ length: 21 }, () => ({ type: "ping" })),
  },
  { name: "text that is no JSON", code: 1008, frames: () => ["hello?"] },
  {
    name: "an unknown topic",
    code: 1008,
    frames: () => [{ type: "subscribe", topics: ["everything"] }],
  },
];

for (const { name, code, frames } of refusals) {
  Deno.test(`socket() closes with ${code} on ${name}`, () =>
    withHub(async ({ hub, url }) => {
      const client = await SocketClient.open(url, "topics=system:event");
      for (const frame of frames()) client.send(frame);
      const closed = await client.closed;
      assert.equal(closed.code, code);
      assert.notEqual(closed.reason, "");
      assert.equal(hub.stats().clients, 0);
    }));
}

Deno.test("socket() closes with 4401 when the login has ended", async () => {
  const time = new ManualTime();
  await withHub(async ({ url, allowed }) => {
    const client = await SocketClient.open(url, "topics=system:event");
    await client.next();
    allowed.answer = () => Promise.resolve(false);
    time.advance(ALLOWED_CHECK_MS);
    assert.equal((await client.closed).code, 4401);
  }, { time });
});

Deno.test("socket() refuses a sixth socket of one user", () =>
  withHub(async ({ url }) => {
    const open = await Promise.all(
      Array.from({ length: 5 }, () => SocketClient.open(url)),
    );
    await assert.rejects(SocketClient.open(url));
    for (const client of open) await client.close();
  }));

Deno.test("socket() refuses a request that is no upgrade, and keeps no client", () =>
  withHub(async ({ hub, url }) => {
    const response = await fetch(`http://${url}/socket`);
    assert.equal(response.status, 400);
    assert.match(await response.text(), /send an Upgrade request/);
    assert.equal(hub.stats().clients, 0);
  }));

Deno.test("socket() drops a client that never reads, with bounded memory", async () => {
  const time = new ManualTime();
  await withHub(async ({ store, hub, url }) => {
    const stuck = await RawConnection.open({
      url,
      kind: "socket",
      query: "topics=system:event",
    });
    assert.equal(hub.stats().clients, 1);
    let most = 0;
    for (let n = 0; n < 60; n++) {
      await store.events.append({
        events: Array.from(
          { length: 10 },
          () => systemDraft("x".repeat(50_000)),
        ),
      });
      time.advance(20);
      most = Math.max(most, hub.stats().queuedBytes);
    }
    assert.ok(most < 2 * 1024 * 1024, `${most} bytes were queued`);
    assert.equal(hub.stats().clients, 1);
    time.advance(12_000);
    assert.equal(hub.stats().clients, 0);
    assert.equal(hub.stats().dropped, 1);
    time.advance(3_000);
    stuck.close();
  }, { time });
});

Deno.test("socket() refuses a user whose closed sockets are still held open, until they are let go", async () => {
  const time = new ManualTime();
  await withHub(async ({ hub, url, allowed }) => {
    const held: RawConnection[] = [];
    const open = () =>
      RawConnection.open({ url, kind: "socket", query: "topics=system:event" });
    for (let round = 0; round < 3; round++) {
      allowed.answer = () => Promise.resolve(true);
      const sockets = await Promise.all([1, 2, 3, 4, 5].map(open));
      held.push(...sockets);
      allowed.answer = () => Promise.resolve(false);
      time.advance(ALLOWED_CHECK_MS);
      for (const socket of sockets) {
        // It hears that it is closed, and does not answer.
        assert.match(await socket.lastWords(), /^4401 /);
      }
      assert.equal(hub.stats().clients, 0);
    }
    assert.ok(held.every(({ status }) => status === 101));
    const refused = await open();
    assert.equal(refused.status, 429);
    const other = await SocketClient.open(url, "user=usr_2");
    for (const connection of [...held, refused]) connection.close();
    await other.close();
    const again = await untilAccepted(() => SocketClient.open(url));
    await again.close();
  }, { time });
});
