import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import {
  START_GATE_MAX_MS,
  START_GATE_RETRY_MS,
} from "../../../lib/fleet/limits.ts";
import type { AgentEntry } from "../../../lib/fleet/registry.ts";
import { StartGate } from "../../../lib/fleet/start_gate.ts";
import { withFleet } from "./world.ts";

Deno.test("a start brings every agent back before any of them trades on", async () => {
  await withFleet(async (world) => {
    const first = await world.spawn({ name: "first" });
    const second = await world.spawn({ name: "second" });
    const seqOf = (id: string) => world.fleet.get(id).account?.seq ?? -1;
    await world.until(() => seqOf(first.id) > 0, "the first one trades");
    await world.restart();
    const stoppedAtSeq = seqOf(first.id);
    const isBack = (id: string) => world.fleet.get(id).observed === "running";
    await world.until(
      () => isBack(first.id) && isBack(second.id),
      "both are back",
    );
    assert.equal(seqOf(first.id), stoppedAtSeq);
    await world.until(
      () => seqOf(first.id) > stoppedAtSeq,
      "the first one trades on",
    );
  });
});

/** Agents that stay where they are, and feeds that fail `failures` times when they are asked to let go. */
function createGate(observed: readonly string[], failures = 0) {
  const clock = createSimulatedClock();
  const heard: string[] = [];
  const entries = observed.map((state) => ({
    record: { desired: "running" },
    observed: { state },
  }));
  const gate = new StartGate({
    clock,
    isDraining: false,
    agents: { own: () => entries as unknown as AgentEntry[] },
    supervisor: {
      ask: (id, query) => {
        const { isHeld } = query as { isHeld: boolean };
        if (!isHeld && failures-- > 0) {
          return Promise.reject(new Error("It has died"));
        }
        heard.push(`${id} ${isHeld}`);
        return Promise.resolve(null);
      },
    },
  });
  const arrive = () => {
    for (const { observed } of entries) observed.state = "running";
    gate.look();
  };
  return { clock, heard, gate, arrive };
}

const HELD = ["feed:simulated true", "feed:replay true"];
const RELEASED = ["feed:simulated false", "feed:replay false"];

Deno.test("StartGate.close() holds nothing when nobody is on its way", async () => {
  for (const states of [[], ["quarantined", "killed"], ["running"]]) {
    const { gate, heard, clock } = createGate(states);
    // deno-lint-ignore no-await-in-loop -- one gate after the other
    await gate.close();
    assert.deepEqual(heard, []);
    assert.equal(clock.pending, 0);
  }
});

Deno.test("StartGate waits for what else is loading, and no longer when that fails", async () => {
  for (const end of ["resolve", "reject"] as const) {
    const loading = Promise.withResolvers<void>();
    const { gate, heard, clock, arrive } = createGate(["starting"]);
    // deno-lint-ignore no-await-in-loop -- one gate after the other
    await gate.close(loading.promise);
    arrive();
    assert.deepEqual(heard, HELD);
    loading[end]();
    // deno-lint-ignore no-await-in-loop -- as above
    await clock.advance(0);
    assert.deepEqual(heard, [...HELD, ...RELEASED]);
    assert.equal(clock.pending, 0);
  }
});

Deno.test("StartGate lets the candles go at its limit, whoever is still missing", async () => {
  const { gate, heard, clock } = createGate(["running", "starting"]);
  await gate.close();
  gate.look();
  await clock.advance(START_GATE_MAX_MS - 1);
  assert.deepEqual(heard, HELD);
  await clock.advance(1);
  assert.deepEqual(heard, [...HELD, ...RELEASED]);
  assert.equal(clock.pending, 0);
});

Deno.test("StartGate asks a feed again that did not let go, and no more after cancel()", async () => {
  const { gate, heard, clock } = createGate(["starting"], 3);
  await gate.close();
  await clock.advance(START_GATE_MAX_MS);
  assert.deepEqual(heard, HELD);
  await clock.advance(START_GATE_RETRY_MS);
  assert.deepEqual(heard, [...HELD, RELEASED[1]]);
  gate.cancel();
  await clock.advance(START_GATE_RETRY_MS);
  assert.deepEqual(heard, [...HELD, RELEASED[1]]);
  assert.equal(clock.pending, 0);
});
