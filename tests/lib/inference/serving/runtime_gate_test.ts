import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../../actors/mod.ts";
import {
  LOOK_EVERY_MS,
  NEWS_EVERY_MS,
} from "../../../../lib/inference/install/limits.ts";
import type { RuntimeOutlook } from "../../../../lib/inference/install/runtime_wait.ts";
import { RuntimeGate } from "../../../../lib/inference/serving/runtime_gate.ts";

/** A gate, with what the engines hear of it. */
class World {
  readonly clock = createSimulatedClock();
  looks = 0;
  /** How the runtime stands; null is that it is being fetched. */
  outlook: RuntimeOutlook | Error | null = null;
  readonly gate: RuntimeGate;
  #heard: string[] = [];

  constructor() {
    this.gate = new RuntimeGate({
      clock: this.clock,
      look: (waitedMs) => {
        this.looks++;
        if (this.outlook instanceof Error) return Promise.reject(this.outlook);
        return Promise.resolve(
          this.outlook ?? { kind: "waits", text: `${waitedMs} ms so far` },
        );
      },
      send: (link, message) => {
        const words = message.type === "loading"
          ? `${message.model} waits: ${message.waitsFor}`
          : message.type === "failed"
          ? `${message.model} failed: ${message.reason}`
          : message.type;
        this.#heard.push(`${link} ${words}`);
      },
    });
  }

  take(): string[] {
    return this.#heard.splice(0);
  }
}

Deno.test("RuntimeGate admits who asks when the runtime is there, and looks once", async () => {
  const world = new World();
  world.outlook = { kind: "installed" };
  assert(await world.gate.admits("one", ["alpha"]));
  assert(await world.gate.admits("two", ["alpha"]));
  assert.deepEqual([world.looks, world.clock.pending], [1, 0]);
  assert.deepEqual(world.take(), []);
});

Deno.test("RuntimeGate tells who waits how it goes, at a measured pace, and has all ask again when the runtime is there", async () => {
  const world = new World();
  assert.equal(await world.gate.admits("one", ["alpha", "beta"]), false);
  assert.deepEqual(world.take(), [
    "one alpha waits: 0 ms so far",
    "one beta waits: 0 ms so far",
  ]);
  await world.clock.advance(NEWS_EVERY_MS - LOOK_EVERY_MS);
  assert.deepEqual(world.take(), []);
  assert.equal(await world.gate.admits("two", ["alpha"]), false);
  await world.clock.advance(LOOK_EVERY_MS);
  assert.deepEqual(world.take(), [
    "two alpha waits: 0 ms so far",
    `one alpha waits: ${NEWS_EVERY_MS} ms so far`,
    `one beta waits: ${NEWS_EVERY_MS} ms so far`,
  ]);
  world.outlook = { kind: "installed" };
  await world.clock.advance(LOOK_EVERY_MS);
  assert.deepEqual(world.take(), ["one load_again", "two load_again"]);
  assert.equal(world.clock.pending, 0);
  assert(await world.gate.admits("one", ["alpha", "beta"]));
});

Deno.test("RuntimeGate says of every model why it cannot be used where the runtime cannot be had, and looks anew for who asks again", async () => {
  const world = new World();
  await world.gate.admits("one", ["alpha", "beta"]);
  world.take();
  world.outlook = { kind: "failed", reason: "no network" };
  await world.clock.advance(LOOK_EVERY_MS);
  assert.deepEqual(world.take(), [
    "one alpha failed: no network",
    "one beta failed: no network",
  ]);
  assert.equal(world.clock.pending, 0);
  world.outlook = new Error("the disk is gone");
  assert.equal(await world.gate.admits("one", ["alpha"]), false);
  assert.deepEqual(world.take(), [
    "one alpha failed: The ONNX runtime cannot be looked for: the disk is gone",
  ]);
  world.outlook = { kind: "installed" };
  assert(await world.gate.admits("one", ["alpha"]));
});

Deno.test("RuntimeGate forgets an engine that is gone, and looks no more when it is closed", async () => {
  const world = new World();
  await world.gate.admits("one", ["alpha"]);
  await world.gate.admits("two", ["alpha"]);
  world.take();
  world.gate.forget("one");
  world.outlook = { kind: "failed", reason: "no network" };
  await world.clock.advance(LOOK_EVERY_MS);
  assert.deepEqual(world.take(), ["two alpha failed: no network"]);

  world.outlook = null;
  await world.gate.admits("one", ["alpha"]);
  const looks = world.looks;
  world.gate.close();
  await world.clock.advance(10 * LOOK_EVERY_MS);
  assert.equal(world.looks, looks);
  // The engine left while its first look was under way.
  const admitted = world.gate.admits("three", ["alpha"]);
  world.gate.forget("three");
  assert.equal(await admitted, false);
  assert.deepEqual(world.take(), ["one alpha waits: 0 ms so far"]);
});
