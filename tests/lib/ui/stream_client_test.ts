import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  BACKOFF_MAX_MS,
  BACKOFF_MIN_MS,
  backoffMs,
} from "../../../lib/ui/client/backoff.ts";
import {
  ATTEMPTS_BEFORE_POLLING,
  POLL_EVERY_MS,
  WATCHDOG_MS,
} from "../../../lib/ui/client/stream_client.ts";
import { event, hello, settle, setup } from "./stream_client_support.ts";

Deno.test("StreamClient resumes after the event the page was rendered with", () => {
  const { client, last } = setup({ headSeq: 41, topics: ["agent:update"] });
  client.start();
  equal(last().after, 41);
  ok(last().url.includes("topics=agent%3Aupdate"));
});

Deno.test("StreamClient applies each event once, and events without a place always", () => {
  const { client, last, applied } = setup();
  client.start();
  last().send(hello());
  for (const seq of [1, 2, 2, 1, 3, null, null]) last().send(event(seq));
  deepEqual(applied, [1, 2, 3, null, null]);
});

Deno.test("StreamClient reconnects from its cursor with growing waits and shows the attempts", async () => {
  const { client, last, clock, sources, states } = setup();
  client.start();
  last().send(hello());
  last().send(event(7));
  last().onerror!();
  equal(states.at(-1)!.kind, "reconnecting");
  await clock.advance(BACKOFF_MIN_MS);
  equal(sources.length, 2);
  equal(last().after, 7);
  last().send(hello(7));
  equal(states.at(-1)!.kind, "live");
});

Deno.test("StreamClient polls after five failures, keeps trying and comes back", async () => {
  const { client, last, clock, sources, state, refreshed } = setup();
  client.start();
  for (let attempt = 1; attempt <= ATTEMPTS_BEFORE_POLLING; attempt++) {
    last().onerror!();
    // deno-lint-ignore no-await-in-loop -- in this order
    if (attempt < ATTEMPTS_BEFORE_POLLING) await clock.advance(BACKOFF_MAX_MS);
  }
  await settle();
  equal(state().kind, "polling");
  deepEqual(refreshed, ["poll"]);
  await clock.advance(POLL_EVERY_MS);
  deepEqual(refreshed, ["poll", "poll"]);
  const before = sources.length;
  await clock.advance(BACKOFF_MAX_MS);
  ok(sources.length > before, "it tried the stream again");
  last().send(hello());
  equal(state().kind, "live");
  const polls = refreshed.length;
  await clock.advance(POLL_EVERY_MS * 2);
  equal(refreshed.length, polls, "polling has ended");
});

Deno.test("StreamClient says offline while polling fails too", async () => {
  const { client, last, clock, state } = setup({
    refresh: () => Promise.reject(new Error("no answer")),
  });
  client.start();
  for (let attempt = 0; attempt < ATTEMPTS_BEFORE_POLLING; attempt++) {
    last().onerror!();
    // deno-lint-ignore no-await-in-loop -- in this order
    await clock.advance(attempt < 4 ? BACKOFF_MAX_MS : 0);
  }
  await settle();
  equal(state().kind, "offline");
});

Deno.test("StreamClient ends when the session has ended", async () => {
  const { client, last, clock, state, sources } = setup({
    refresh: () => Promise.resolve("signedOut"),
  });
  client.start();
  last().send(hello());
  last().send({ v: 1, type: "resync", seq: 9, reason: "too old" });
  await settle();
  equal(state().kind, "signedOut");
  await clock.advance(BACKOFF_MAX_MS * 3);
  equal(sources.length, 1);
  // There is another login: it goes on where it was.
  client.start();
  equal(sources.length, 2);
  last().send(hello());
  equal(state().kind, "live");
});

Deno.test("StreamClient fetches anew on resync and goes on from its place", async () => {
  const { client, last, applied, refreshed } = setup();
  client.start();
  last().send(hello());
  last().send({ v: 1, type: "resync", seq: 100, reason: "events were pruned" });
  await settle();
  deepEqual(refreshed, ["resync"]);
  last().send(event(99));
  last().send(event(101));
  deepEqual(applied, [101]);
});

Deno.test("StreamClient keeps to the attempts and the wait that it is given", async () => {
  const { client, last, clock, sources, state } = setup({
    reconnectAttempts: 2,
    reconnectDelayMs: 100,
  });
  client.start();
  last().onerror!();
  equal(state().kind, "reconnecting");
  await clock.advance(100);
  equal(sources.length, 2);
  last().onerror!();
  equal(state().kind, "polling");
});

Deno.test("StreamClient takes silence for a dead connection", async () => {
  const { client, last, clock, sources } = setup();
  client.start();
  last().send(hello());
  await clock.advance(WATCHDOG_MS - 1);
  last().send({ v: 1, type: "heartbeat", seq: 3, at: "" });
  await clock.advance(WATCHDOG_MS - 1);
  equal(sources.length, 1);
  await clock.advance(1 + BACKOFF_MIN_MS);
  equal(sources.length, 2);
  equal(last().after, 3, "a heartbeat moves the cursor");
  ok(sources[0]!.isClosed);
});

Deno.test("StreamClient.stop() leaves no timer and takes nothing more", async () => {
  const { client, last, clock, applied, sources } = setup();
  client.start();
  const source = last();
  const { onmessage } = source;
  client.stop();
  onmessage?.({ data: JSON.stringify(event(1)) });
  await clock.advance(WATCHDOG_MS * 2);
  deepEqual(applied, []);
  equal(sources.length, 1);
});

Deno.test("backoffMs() stays between its bounds and doubles", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 60 }),
    fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    (attempt, random) => {
      const wait = backoffMs(attempt, () => random);
      ok(wait >= BACKOFF_MIN_MS && wait <= BACKOFF_MAX_MS);
    },
  ));
  ok(backoffMs(4, () => 0.9) > backoffMs(2, () => 0.9));
});

Deno.test("StreamClient applies every event exactly once, in order, whatever the disconnects", async () => {
  // What the line does between two events: carry on, break, break after sending twice, go silent.
  const step = fc.constantFrom(
    "send",
    "send",
    "send",
    "break",
    "repeat",
    "mute",
    "close",
  );
  await fc.assert(fc.asyncProperty(
    fc.array(step, { minLength: 1, maxLength: 80 }),
    async (steps) => {
      const { client, last, clock, applied } = setup({ headSeq: 0 });
      let head = 0;
      /** The server's promise: after a connection come all events behind its cursor. */
      const serve = () => {
        const source = last();
        source.send(hello(head));
        for (let seq = source.after + 1; seq <= head; seq++) {
          source.send(event(seq));
        }
      };
      const reconnect = async () => {
        await clock.advance(BACKOFF_MAX_MS);
        if (!last().isClosed) serve();
      };
      client.start();
      serve();
      for (const kind of steps) {
        head += 1;
        if (kind === "send" || kind === "repeat") last().send(event(head));
        if (kind === "repeat") last().send(event(Math.max(1, head - 1)));
        if (kind === "break") last().onerror?.();
        if (kind === "close") {
          last().send({ v: 1, type: "closing", reason: "slow" });
        }
        if (kind === "mute") {
          // deno-lint-ignore no-await-in-loop -- in this order
          await clock.advance(WATCHDOG_MS);
        }
        // deno-lint-ignore no-await-in-loop -- in this order
        if (last().isClosed) await reconnect();
      }
      last().onerror?.();
      await reconnect();
      deepEqual(applied, Array.from({ length: head }, (_, index) => index + 1));
      client.stop();
    },
  ));
});
