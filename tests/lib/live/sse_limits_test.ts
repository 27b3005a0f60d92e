import assert from "node:assert/strict";
import type { StreamEnvelope } from "../../../lib/contracts/stream.ts";
import {
  agentIdOf,
  ManualTime,
  systemDraft,
  viewDraft,
} from "../store/support.ts";
import { RawConnection } from "../../support/raw_connection.ts";
import { SseClient, untilAccepted, withHub } from "./support.ts";

Deno.test("sse() sends a client's views only in their newest state when it is behind", () =>
  withHub(async ({ store, url }) => {
    const client = await SseClient.open(url);
    await client.next();
    const fill = "x".repeat(10_000);
    const count = 2_000;
    for (let n = 1; n <= count; n += 100) {
      const events = Array.from(
        { length: 100 },
        (_, k) =>
          viewDraft(agentIdOf(k % 2), { updatedAt: n + k, lastError: fill }),
      );
      const done = store.events.append({ events });
      await store.events.flush();
      await done;
    }
    await store.events.append({ events: [systemDraft("end")] });
    const views: StreamEnvelope[] = [];
    await client.until((frame) => {
      if (frame.type === "agent.updated") views.push(frame);
      return frame.type === "system.event";
    });
    const seqs = views.map(({ seq }) => seq!);
    assert.deepEqual(seqs, seqs.toSorted((a, b) => a - b), "order is kept");
    assert.deepEqual(seqs.slice(-2), [count - 1, count], "the newest arrive");
    assert.ok(views.length < count);
    await client.leave();
  }));

Deno.test("sse() drops a client that never reads, with bounded memory", async () => {
  const time = new ManualTime();
  await withHub(async ({ store, hub, url }) => {
    const stuck = await RawConnection.open({
      url,
      kind: "sse",
      query: "after=0",
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
      most = Math.max(most, hub.stats().queuedBytes);
    }
    assert.ok(most < 2 * 1024 * 1024, `${most} bytes were queued`);
    assert.equal(hub.stats().clients, 1);
    time.advance(11_000);
    assert.deepEqual(hub.stats(), { clients: 0, queuedBytes: 0, dropped: 1 });
    time.advance(2_000);
    stuck.close();
  }, { time });
});

Deno.test("sse() says why it ends when the login has ended", async () => {
  const time = new ManualTime();
  await withHub(async ({ url, allowed }) => {
    const client = await SseClient.open(url);
    await client.next();
    allowed.answer = () => Promise.resolve(false);
    await client.listenForAMinute(time);
    assert.match(await client.lastWords(), /log in again/);
    assert.equal(await client.next(), null);
  }, { time });
});

Deno.test("sse() keeps a client when one check of its login fails, and ends it at the second", async () => {
  const time = new ManualTime();
  await withHub(async ({ hub, url, allowed }) => {
    const client = await SseClient.open(url);
    await client.next();
    allowed.answer = () => Promise.reject(new Error("the store hiccups"));
    await client.listenForAMinute(time);
    assert.equal(hub.stats().clients, 1);
    await client.listenForAMinute(time);
    assert.match(await client.lastWords(), /could not be checked/);
    await client.leave();
  }, { time });
});

Deno.test("sse() refuses an eleventh stream of one user", () =>
  withHub(async ({ hub, url }) => {
    const open = await Promise.all(
      Array.from({ length: 10 }, () => SseClient.open(url)),
    );
    await assert.rejects(SseClient.open(url), { status: 429 });
    const other = await SseClient.open(url, { query: "user=usr_2" });
    await open[0]!.leave();
    const again = await untilAccepted(() => SseClient.open(url));
    assert.equal(hub.stats().clients, 11);
    for (const client of [...open.slice(1), other, again]) await client.leave();
  }));

Deno.test("close() tells every client why, and refuses new ones", () =>
  withHub(async ({ hub, url }) => {
    const client = await SseClient.open(url);
    await client.next();
    await hub.close("The server restarts");
    const last = await client.next();
    assert.deepEqual(last, {
      v: 1,
      type: "closing",
      reason: "The server restarts",
    });
    assert.equal(await client.next(), null);
    await assert.rejects(SseClient.open(url), { status: 503 });
  }));
