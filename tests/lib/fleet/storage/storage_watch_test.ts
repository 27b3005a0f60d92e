import assert from "node:assert/strict";
import { agentConfigSchema } from "../../../../lib/contracts/agent_config.ts";
import type { AppError } from "../../../../lib/core/errors.ts";
import { agentConfig } from "../../../support/config.ts";
import { CALLER, type FleetWorld, withFleet } from "../world.ts";

/** Alerts about the store that were sent to live listeners. */
function alerts({ volatile }: FleetWorld): string[] {
  return volatile.flatMap((event) =>
    event.type === "system.event" ? [event.data.message] : []
  );
}

function storageCheck({ fleet }: FleetWorld): { ok: boolean; detail: string } {
  return fleet.health().checks.find(({ name }) => name === "storage")!;
}

async function fillDisk(world: FleetWorld): Promise<void> {
  world.disk.isFull = true;
  const since = world.clock.nowMs();
  await world.until(() => alerts(world).length > 0, "an alert is sent");
  const lasted = world.clock.nowMs() - since;
  assert.ok(lasted <= 5_000, `the alert came after ${lasted} ms`);
}

Deno.test("a store that fails is told within 5 s, refuses new risk, and is forgotten when it is back", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "held" });
    await fillDisk(world);
    assert.match(alerts(world)[0]!, /does not take writes: .*Free space/);
    assert.equal(storageCheck(world).ok, false);
    assert.equal(world.fleet.health().ready, false);
    for (
      const command of [
        world.fleet.spawn({
          config: agentConfigSchema.parse(agentConfig({ name: "refused" })),
          acknowledgeWarnings: true,
        }, CALLER),
        world.fleet.control(id, {
          action: "restart",
          reason: "",
          positions: "close",
        }, CALLER),
        world.fleet.updateConfig(id, world.fleet.get(id).config, {
          expectedVersion: 1,
          caller: CALLER,
        }),
        world.fleet.remove(id, CALLER),
      ]
    ) {
      // deno-lint-ignore no-await-in-loop -- each refusal is looked at
      await assert.rejects(command, (error: AppError) => {
        assert.equal(error.code, "STORE_UNAVAILABLE");
        assert.match(error.message, /does not take writes/);
        return true;
      });
    }
    world.disk.isFull = false;
    await world.until(() => storageCheck(world).ok, "the store is back");
    const { items } = await world.store.events.logs({
      limit: 50,
      level: undefined,
      category: undefined,
    });
    const stored = items.map(({ message }) => message);
    assert.ok(stored.some((line) => /does not take writes/.test(line)));
    assert.ok(
      stored.some((line) => /took writes again after \d+ s/.test(line)),
      stored.join("\n"),
    );
    assert.equal(alerts(world).length, 1);
  }));

Deno.test("a store that fails holds the market, which goes on by itself when it is back", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "held" });
    const seq = () => world.fleet.get(id).progress.seq;
    await fillDisk(world);
    await world.clock.advance(2_000);
    const held = seq();
    world.volatile.length = 0;
    await world.clock.advance(10_000);
    assert.equal(seq(), held, "no candle is processed while the store fails");
    const shown = world.volatile.flatMap((event) =>
      event.type === "agent.updated" ? [event.data.account] : []
    );
    assert.ok(shown.length >= 9, "figures go on though they cannot be stored");
    assert.equal(shown.at(-1)?.tradingState, "halted");
    assert.match(shown.at(-1)!.tradingStateReason!, /does not take writes/);
    world.disk.isFull = false;
    await world.until(() => seq() > held + 20, "the market goes on");
    assert.equal(world.fleet.get(id).account?.tradingState, "active");
  }));

Deno.test("a store that fails in a fleet without agents is found as well", () =>
  withFleet(fillDisk));
