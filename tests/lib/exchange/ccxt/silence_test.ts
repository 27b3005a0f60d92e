import assert from "node:assert/strict";
import { systemClock } from "../../../../actors/mod.ts";
import { SharedSilence } from "../../../../lib/exchange/budget/shared_silence.ts";
import {
  newCallRecord,
  SilentVenue,
  Transport,
} from "../../../../lib/exchange/ccxt/transport.ts";
import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";

const INIT = {
  method: "GET",
  headers: {} as Record<string, string>,
  body: undefined,
  signal: new AbortController().signal,
};

Deno.test("Transport sends nothing within a silence that anybody of the address was told", async () => {
  let asked = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () =>
      ++asked === 1
        ? new Response("{}", { status: 429, headers: { "retry-after": "7" } })
        : new Response("{}"),
  );
  const url = `http://127.0.0.1:${server.addr.port}/x`;
  const time = createSimulatedClock();
  const silence = SharedSilence.create(time);
  const create = (shared: SharedSilence) =>
    new Transport({
      clock: systemClock,
      hooks: {},
      onlyOrigin: null,
      silence: shared,
    });
  const desk = create(silence);
  const feed = create(new SharedSilence(silence.memory, time));
  try {
    await desk.fetch(url, INIT);
    const record = newCallRecord();
    for (const transport of [feed, desk]) {
      await assert.rejects(
        transport.run(record, () => transport.fetch(url, INIT)),
        SilentVenue,
      );
    }
    assert.equal(record.isSent, false);
    assert.equal(record.retryAfterMs, 7_000);
    assert.equal(asked, 1);
    await time.advance(6_999);
    await assert.rejects(feed.fetch(url, INIT), SilentVenue);
    await time.advance(1);
    await feed.fetch(url, INIT);
    assert.equal(asked, 2);
  } finally {
    desk.close();
    feed.close();
    await server.shutdown();
  }
});
