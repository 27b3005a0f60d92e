/**
 * The store over a remote KV that fails: row 10 of the test matrix. The client
 * of Deno prints each failure, so the campaign runs in a process of its own.
 *
 * @module
 */
import assert from "node:assert/strict";
import { createLiveHub } from "../../lib/live/hub.ts";
import { type OpenedStore, openStore } from "../../lib/store/open_store.ts";
import { auditOf, systemDraft, systemTime } from "../lib/store/support.ts";
import {
  type KvConnectServer,
  startKvConnectServer,
} from "../support/kv_connect/server.ts";
import { fastTime } from "./fast_time.ts";
import type { CampaignReport } from "./kv_connect_campaign.ts";

/** How many operations the gate spends; a release spends 10,000. */
const OPERATIONS = Number(Deno.env.get("KV_FAULT_OPERATIONS") ?? 1_000);

Deno.test(`openStore() on a remote KV loses and doubles nothing in ${OPERATIONS} operations under random faults`, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--quiet",
      "-A",
      new URL("kv_connect_campaign.ts", import.meta.url).href,
      String(OPERATIONS),
      String(seed),
    ],
  }).output();
  const text = new TextDecoder();
  const what = `seed ${seed}\n${text.decode(stderr).slice(-2_000)}`;
  const report: CampaignReport = JSON.parse(text.decode(stdout) || "null");
  assert.notEqual(report, null, what);
  assert.deepEqual(
    { lost: report.lost, doubled: report.doubled, holes: report.holes },
    { lost: 0, doubled: 0, holes: 0 },
    what,
  );
  for (const fault of ["lost_ack", "error", "hang", "late", "conflict"]) {
    assert.ok(fault in report.faults, `No ${fault} struck: ${what}`);
  }
});

Deno.test("openStore() on a remote KV that answers no more ends every call with a deadline error", async () => {
  await withRemoteStore({}, async ({ server, store }) => {
    server.fault = (kind) => kind === "watch" ? null : "hang";
    const unavailable = {
      code: "STORE_UNAVAILABLE",
      message: /No answer|did not answer/,
    };
    await Promise.all([
      assert.rejects(store.audit(auditOf("spawn")), unavailable),
      assert.rejects(store.agents.list(), unavailable),
      assert.rejects(
        store.secret("key", () => Promise.resolve("s")),
        unavailable,
      ),
    ]);
    assert.equal(store.health().ok, false);
    server.fault = null;
    await store.audit(auditOf("stop"));
    assert.equal(store.health().ok, true);
    const { items } = await store.auditPage({ limit: 9, cursor: null });
    assert.deepEqual(items.map(({ n, action }) => [n, action]), [[1, "stop"]]);
  });
});

// Within which time is shown on a simulated clock: tests/lib/store/half_open_watch_test.ts.
Deno.test("createLiveHub() tells its listener of an event behind a half-open watch", async () => {
  await withRemoteStore({ speed: 1 }, async ({ server, store }) => {
    // The other store is another process on the same database: nothing tells this one but watch and poll.
    const other = await openStore({ path: server.url, time: systemTime });
    const hub = createLiveHub({ events: store.events, time: systemTime });
    const abort = new AbortController();
    const response = hub.sse({
      request: new Request("http://localhost/api/stream", {
        signal: abort.signal,
      }),
      userId: "usr_1",
      topics: [],
      after: 0,
      isStillAllowed: () => Promise.resolve(true),
    });
    await other.events.append({ events: [systemDraft("from elsewhere")] });
    await readUntil(response, "from elsewhere");
    assert.ok((server.faults.get("silent") ?? 0) > 0);
    abort.abort();
    await hub.close("done");
    await other.close();
  });
});

/** A store whose watch is silent from the start, on a server of its own. */
async function withRemoteStore(
  { speed = 20 }: { speed?: number },
  test: (
    parts: { server: KvConnectServer; store: OpenedStore },
  ) => Promise<void>,
): Promise<void> {
  const server = startKvConnectServer();
  server.fault = (kind) => kind === "watch" ? "silent" : null;
  const store = await openStore({ path: server.url, time: fastTime(speed) });
  try {
    await test({ server, store });
  } finally {
    await store.close();
    await server.close();
  }
}

async function readUntil(response: Response, text: string): Promise<void> {
  const reader = response.body!.pipeThrough(new TextDecoderStream())
    .getReader();
  let seen = "";
  while (!seen.includes(text)) {
    // deno-lint-ignore no-await-in-loop -- pieces come one after another
    const { value, done } = await reader.read();
    assert.ok(!done, `The stream ended after: ${seen}`);
    seen += value;
  }
  await reader.cancel();
}
