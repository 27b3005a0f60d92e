import assert from "node:assert/strict";
import type { Heartbeat } from "../../../actors/mod.ts";
import { ServiceHeaps } from "../../../lib/fleet/service_heaps.ts";
import { withFleet } from "./world.ts";

Deno.test("ServiceHeaps has the newest figures of each worker until it has ended", () => {
  const heaps = new ServiceHeaps();
  const beat = (heapUsedBytes: number, liveHeapBytes: number | null) =>
    ({ heapUsedBytes, liveHeapBytes }) as Heartbeat;
  heaps.beat("desk:paper", beat(9, null));
  heaps.beat("feed:replay", beat(5, 4));
  heaps.beat("desk:paper", beat(8, 7));
  heaps.ended("feed:replay");
  assert.deepEqual(heaps.list(), [
    { service: "desk:paper", heapBytes: 8, liveHeapBytes: 7 },
  ]);
});

Deno.test("Fleet.serviceHeaps() tells of desks and feeds, and of no agent", () =>
  withFleet(async (world) => {
    await world.spawn({ name: "one" });
    const names = () =>
      world.fleet.serviceHeaps().map(({ service }) => service).sort();
    await world.until(
      () => names().includes("feed:simulated"),
      "the feed gives a sign of life",
    );
    assert.ok(names().includes("desk:paper"));
    assert.ok(names().every((name) => /^(desk|feed):/.test(name)));
  }));
