import assert from "node:assert/strict";
import {
  type ActorMessage,
  PROTOCOL_VERSION,
} from "../../../actors/protocol.ts";
import {
  createWorkerHost,
  NO_PERMISSIONS,
} from "../../../actors/worker_host.ts";
import { unpackCandle } from "../../../lib/contracts/candle.ts";
import type { CandleBatch } from "../../../lib/contracts/links.ts";
import { AGENT, CONFIG, FIXTURES, MAX, streamOf } from "./fake_feed.ts";

/** A feed in a real worker that may read the candle folder and nothing else. */
async function startWorker() {
  const host = createWorkerHost({
    entry: new URL("../../../lib/exchange/worker.ts", import.meta.url),
    name: "feed",
    permissions: { ...NO_PERMISSIONS, read: [FIXTURES] },
  });
  const waiting = new Map<string, (message: ActorMessage) => void>();
  const next = (key: string) =>
    new Promise<ActorMessage>((resolve) => waiting.set(key, resolve));
  host.start({
    onMessage(message) {
      const known = message as ActorMessage;
      const key = known.type === "ack" ? `ack ${known.id}` : known.type;
      waiting.get(key)?.(known);
    },
    onFailure: (failure) => assert.fail(failure.message),
  });
  const ready = next("ready");
  host.post({
    type: "init",
    v: PROTOCOL_VERSION,
    actorId: "feed",
    epoch: 1,
    config: CONFIG,
    snapshot: null,
    paused: false,
  });
  await ready;
  return { host, next };
}

Deno.test("feed worker reads its folder alone and sends packed candles over a port", async () => {
  const { host, next } = await startWorker();
  const { port1, port2 } = new MessageChannel();
  try {
    const opened = next("ack 1");
    const query = { type: "openStream", stream: MAX, headSeq: -1 };
    host.post({ type: "ask", id: 1, query });
    assert.equal((await opened as { ok: boolean }).ok, true);
    const batch = new Promise<CandleBatch>((resolve) => {
      port2.onmessage = ({ data }) => resolve(data[0]);
    });
    host.post({
      type: "link_open",
      link: AGENT,
      info: { streamId: "s1", peerId: "a1", peerEpoch: 1 },
      window: 4,
      port: port1,
    }, [port1]);
    port2.postMessage([{ type: "subscribe", fromSeq: 7 }]);
    const { fromSeq, count, packed } = await batch;
    assert.deepEqual([fromSeq, count], [7, 64]);
    assert.equal(unpackCandle(packed, 0, fromSeq).seq, 7);
  } finally {
    port2.close();
    host.terminate();
  }
});

Deno.test("feed worker answers a wrong file with its code and sentence", async () => {
  const { host, next } = await startWorker();
  try {
    const answered = next("ack 1");
    const stream = streamOf({ kind: "replay", file: "no.csv", speed: "max" });
    const query = { type: "openStream", stream, headSeq: -1 };
    host.post({ type: "ask", id: 1, query });
    const answer = await answered as Extract<
      ActorMessage,
      { type: "ack"; ok: false }
    >;
    assert.equal(answer.ok, false);
    assert.equal(answer.error.code, "CANDLES_NOT_FOUND");
    assert.match(
      answer.error.message,
      /no\.csv does not exist: check the name/,
    );
  } finally {
    host.terminate();
  }
});
