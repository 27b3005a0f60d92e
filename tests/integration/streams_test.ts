import assert from "node:assert/strict";
import { createLiveHub } from "../../lib/live/hub.ts";
import type { LiveHub } from "../../lib/live/port.ts";
import { type OpenedStore, openStore } from "../../lib/store/open_store.ts";
import type { EventStore } from "../../lib/store/port.ts";
import { answerStream } from "../lib/live/support.ts";
import {
  agentIdOf,
  ManualTime,
  systemDraft,
  systemTime,
  viewDraft,
} from "../lib/store/support.ts";
import { StreamListeners } from "../support/stream_clients.ts";
import { withTempDir } from "../support/temp.ts";

const STUCK = 20;
const HEALTHY = 180;
/** More than the kernel holds for a connection, in views that replace each other. */
const VIEWS = 160;
const VIEW_AGENTS = 8;
const VIEW_FILL = "x".repeat(50_000);
/** What one client may hold at most: its queue, the socket's buffer, and a frame that came when both were not yet full. */
const MAX_HELD_BYTES = 1.5 * 1024 * 1024;

async function withStore(
  run: (store: OpenedStore) => Promise<void>,
): Promise<void> {
  await withTempDir(async (folder) => {
    const store = await openStore({
      path: `${folder}/kv.sqlite`,
      time: systemTime,
    });
    try {
      await run(store);
    } finally {
      await store.close();
    }
  });
}

function serveHub(hub: LiveHub) {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => answerStream(request, { hub }),
  );
}

for (const kind of ["socket", "sse"] as const) {
  Deno.test(`${kind} drops 20 of 200 clients that never read, with a reason and bounded memory; the others get everything`, () =>
    withStore(async (store) => {
      const time = new ManualTime();
      const hub = createLiveHub({ events: store.events, time });
      const server = serveHub(hub);
      const listeners = await StreamListeners.connect({
        url: `127.0.0.1:${server.addr.port}`,
        kind,
        healthy: HEALTHY,
        stuck: STUCK,
        topics: "system:event",
        stuckTopics: "system:event,agent:update",
      });
      try {
        assert.equal(hub.stats().clients, HEALTHY + STUCK);
        let mostBytes = 0;
        for (let n = 0; n < VIEWS; n++) {
          const agentId = agentIdOf(n % VIEW_AGENTS);
          const view = viewDraft(agentId, {
            updatedAt: n,
            lastError: VIEW_FILL,
          });
          // deno-lint-ignore no-await-in-loop -- a commit each, so that none is skipped
          await store.events.append({ events: [view, systemDraft(`${n}`)] });
          // Sockets that are full are looked at again.
          time.advance(20);
          mostBytes = Math.max(mostBytes, hub.stats().queuedBytes);
        }
        await listeners.reached(store.events.headSeq());
        assert.ok(
          mostBytes < STUCK * MAX_HELD_BYTES,
          `${mostBytes} bytes were held for ${STUCK} clients`,
        );
        assert.ok(mostBytes > 0, "the stuck clients have filled their pipes");
        // Nothing waits for the healthy ones, so that only the stuck are found.
        time.advance(11_000);
        assert.deepEqual(hub.stats(), {
          clients: HEALTHY,
          queuedBytes: 0,
          dropped: STUCK,
        });
        const { received, unordered, closed } = listeners.report();
        assert.deepEqual(received, { least: VIEWS, most: VIEWS });
        assert.equal(unordered, 0);
        assert.deepEqual(closed, []);
        const said = listeners.lastWords();
        // A socket cannot be cut: its close frame comes behind what was buffered.
        if (kind === "socket") time.advance(2_000);
        const reason = "Nothing was read for 10 s; connect again to resume";
        assert.deepEqual(
          await said,
          Array(STUCK).fill(kind === "socket" ? `1013 ${reason}` : reason),
        );
      } finally {
        listeners.close();
        const closed = hub.close("The test is over");
        time.advance(5_000);
        await closed;
        await server.shutdown();
      }
    }));

  Deno.test(`${kind}: 200 clients that come back at once after a restart resume without loss or double, and share the reads of the log`, () =>
    withStore(async (store) => {
      const clients = 200;
      const first = createLiveHub({ events: store.events, time: systemTime });
      const firstServer = serveHub(first);
      const listeners = await StreamListeners.connect({
        url: `127.0.0.1:${firstServer.addr.port}`,
        kind,
        healthy: clients,
        stuck: 0,
        topics: "system:event",
        stuckTopics: "",
      });
      await append(store.events, { from: 0, count: 250 });
      await listeners.reached(store.events.headSeq());
      await first.close("The server restarts");
      listeners.cut();
      await firstServer.shutdown();
      await append(store.events, { from: 250, count: 700 });
      const { events, reads } = countReads(store.events);
      const second = createLiveHub({ events, time: systemTime });
      const secondServer = serveHub(second);
      try {
        const resumed = listeners.resume(
          `127.0.0.1:${secondServer.addr.port}`,
        );
        await append(store.events, { from: 950, count: 50 });
        await resumed;
        await listeners.reached(store.events.headSeq());
        const { received, unordered } = listeners.report();
        assert.deepEqual(received, { least: 1_000, most: 1_000 });
        assert.equal(unordered, 0);
        // Four pages, and again what was added to the last one while they came.
        assert.ok(reads() <= 60, `The log was read ${reads()} times`);
      } finally {
        listeners.close();
        await second.close("The test is over");
        await secondServer.shutdown();
      }
    }));
}

async function append(
  events: EventStore,
  { from, count }: { from: number; count: number },
): Promise<void> {
  for (let n = from; n < from + count; n += 50) {
    // deno-lint-ignore no-await-in-loop -- some commits, one after the other
    await events.append({
      events: Array.from({ length: 50 }, (_, k) => systemDraft(`${n + k}`)),
    });
  }
}

/** The log with a count of how often it was read. */
function countReads(events: EventStore) {
  let count = 0;
  return {
    reads: () => count,
    events: {
      headSeq: () => events.headSeq(),
      watch: (onHead: (seq: number) => void) => events.watch(onHead),
      after: (seq: number, limit: number) => {
        count++;
        return events.after(seq, limit);
      },
    },
  };
}
