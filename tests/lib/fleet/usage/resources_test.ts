import assert from "node:assert/strict";
import { AGENT_REGISTRY } from "../../../../agents/mod.ts";
import { CALLER, withFleet } from "../world.ts";

Deno.test("Fleet.resources() has the estimate of the spawn beside figures, and null where nobody can know", () =>
  withFleet(async ({ fleet, spawn, until }) => {
    const { id } = await spawn({ name: "measured", timeframe: "1m" });
    await until(
      async () => {
        const { lastMinute } = (await fleet.resources(id)).measured;
        return (lastMinute.busyShare ?? 0) >= 0 &&
          (lastMinute.messagesPerMinute ?? 0) > 0;
      },
      "its messages are counted",
    );
    const { estimate, measured, compared, measuredSince, ageSeconds } =
      await fleet.resources(id);
    const { config } = fleet.get(id);
    const expected = AGENT_REGISTRY[config.type].estimate(config, {
      simulationSpeed: 600,
    });
    assert.equal(estimate?.messagesPerMinute, expected.messagesPerMinute);
    assert.equal(estimate?.agentsUsed, 0, "as it was told before");
    const { lastMinute } = measured;
    // Here actors share one isolate, whose figures would be those of all.
    assert.equal(lastMinute.cores, null);
    assert.equal(lastMinute.heapMiBMax, null);
    assert.equal(lastMinute.apiCallsPerMinute, null, "there is no venue");
    assert.equal(compared.cores, null);
    assert.ok(compared.messagesPerMinute! > 0);
    assert.ok(lastMinute.measuredSeconds > 0 && measuredSince !== null);
    assert.ok(ageSeconds! <= 1);
  }));

Deno.test("Fleet.resources() of an agent that stopped is unknown with an age, and unknown altogether after a restart", () =>
  withFleet(async (world) => {
    const { spawn, until, settled, clock } = world;
    const { id } = await spawn({ name: "stopped", timeframe: "1m" });
    await until(
      async () => (await world.fleet.resources(id)).measuredAt !== null,
      "it is measured",
    );
    const stop = { action: "stop", reason: "", positions: "close" } as const;
    await settled(world.fleet.control(id, stop, CALLER));
    await until(
      () => world.fleet.get(id).observed === "stopped",
      "it has stopped",
    );
    await clock.advance(10_000);
    const { measured, measuredAt, ageSeconds, estimate } = await world.fleet
      .resources(id);
    const { measuredSeconds, ...figures } = measured.lastMinute;
    assert.equal(measuredSeconds, 0);
    assert.ok(Object.values(figures).every((figure) => figure === null));
    assert.ok(measured.lastHour.measuredSeconds > 0);
    assert.ok(ageSeconds! >= 10 && measuredAt! <= clock.nowMs() - 10_000);

    await world.restart();
    const fresh = await world.fleet.resources(id);
    assert.deepEqual(fresh.estimate, estimate, "it is kept with the agent");
    assert.deepEqual(
      [fresh.measuredSince, fresh.measuredAt, fresh.ageSeconds],
      [null, null, null],
    );
    assert.equal(fresh.measured.lastHour.busyShare, null);
  }));
