import { deepEqual, equal, ok } from "node:assert/strict";
import {
  BACKOFF_MAX_MS,
  BACKOFF_MIN_MS,
} from "../../../lib/ui/client/backoff.ts";
import { event, hello, settle, setup } from "./stream_client_support.ts";

/** Reads of the state that are answered when the test says so. */
function heldReads() {
  const reads: PromiseWithResolvers<"ok" | "signedOut">[] = [];
  const refresh = () => {
    const read = Promise.withResolvers<"ok" | "signedOut">();
    reads.push(read);
    return read.promise;
  };
  return { reads, refresh };
}

Deno.test("StreamClient whose resync fails asks again from before the gap, and tells nothing twice", async () => {
  const { client, last, applied, clock, sources } = setup({
    refresh: () => Promise.reject(new Error("down")),
  });
  client.start();
  last().send(hello());
  last().send(event(7));
  last().send({ v: 1, type: "resync", seq: 100, reason: "events were pruned" });
  last().send(event(101));
  await settle();
  ok(sources[0]!.isClosed);
  await clock.advance(BACKOFF_MIN_MS);
  equal(last().after, 7);
  last().send(hello());
  last().send(event(100));
  last().send(event(101));
  last().send(event(102));
  deepEqual(applied, [7, 101, 100, 102]);
});

Deno.test("StreamClient whose connection drops while a resync is read keeps the gap open until one is read", async () => {
  const { reads, refresh } = heldReads();
  const { client, last, applied, clock, sources } = setup({ refresh });
  client.start();
  last().send(hello());
  last().send(event(7));
  last().send({ v: 1, type: "resync", seq: 100, reason: "events were pruned" });
  last().send(event(101));
  last().onerror!();
  // It is connected again, from behind the gap, before the answer is known.
  await clock.advance(BACKOFF_MIN_MS);
  equal(last().after, 101);
  reads[0]!.reject(new Error("no answer"));
  await settle();
  ok(sources[1]!.isClosed);
  await clock.advance(BACKOFF_MAX_MS);
  equal(last().after, 7);
  last().send(hello());
  last().send({ v: 1, type: "resync", seq: 102, reason: "events were pruned" });
  reads[1]!.resolve("ok");
  await settle();
  last().send(event(103));
  deepEqual(applied, [7, 101, 103]);
  equal(client.cursor, 103);
});

Deno.test("StreamClient does not go back for a resync that failed after a later one was read", async () => {
  const { reads, refresh } = heldReads();
  const { client, last, sources } = setup({ refresh });
  client.start();
  last().send(hello());
  for (const seq of [100, 200]) {
    last().send({ v: 1, type: "resync", seq, reason: "events were pruned" });
  }
  reads[1]!.resolve("ok");
  await settle();
  reads[0]!.reject(new Error("no answer"));
  await settle();
  equal(client.cursor, 200);
  equal(sources.length, 1);
  equal(sources[0]!.isClosed, false);
});

Deno.test("StreamClient that finds the login ended at a resync asks for the gap again after the next login", async () => {
  const { client, last } = setup({
    refresh: () => Promise.resolve("signedOut"),
  });
  client.start();
  last().send(hello());
  last().send(event(7));
  last().send({ v: 1, type: "resync", seq: 100, reason: "events were pruned" });
  await settle();
  client.start();
  equal(last().after, 7);
});
