import assert from "node:assert/strict";
import type { StreamEnvelope } from "../../../lib/contracts/stream.ts";
import {
  agentIdOf,
  logDraft,
  ManualTime,
  systemDraft,
} from "../store/support.ts";
import { pass, SocketClient, until, withHub } from "./support.ts";

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
    await until(() => hub.stats().clients === 1);
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
      await until(() => hub.stats().clients === 0);
    }));
}

Deno.test("socket() closes with 4401 when the login has ended", async () => {
  const time = new ManualTime();
  await withHub(async ({ url, allowed }) => {
    const client = await SocketClient.open(url, "topics=system:event");
    await client.next();
    allowed.answer = () => Promise.resolve(false);
    await pass(time, 60_000);
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
    using _stalled = await stalledSocket(url);
    await until(() => hub.stats().clients === 1);
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
  }, { time });
});

/** A WebSocket connection that never reads after its request. */
async function stalledSocket(url: string): Promise<Deno.TcpConn> {
  const [hostname, port] = url.split(":") as [string, string];
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const request = [
    "GET /socket?topics=system:event HTTP/1.1",
    `Host: ${url}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "\r\n",
  ].join("\r\n");
  await connection.write(new TextEncoder().encode(request));
  return connection;
}
