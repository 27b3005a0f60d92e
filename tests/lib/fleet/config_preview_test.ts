import assert from "node:assert/strict";
import type { AgentConfig } from "../../../lib/contracts/agent_config.ts";
import type { ConfigPreview } from "../../../lib/contracts/config_preview.ts";
import { CALLER, type FleetWorld, withFleet } from "./world.ts";

type Change = (config: AgentConfig) => AgentConfig;

const withRisk = (risk: Partial<AgentConfig["risk"]>): Change => (config) => ({
  ...config,
  risk: { ...config.risk, ...risk },
});
const withDetector: Change = (config) => ({
  ...config,
  detector: {
    ...config.detector,
    swingLength: config.detector.swingLength + 1,
  },
});

function preview(world: FleetWorld, id: string, change: Change): ConfigPreview {
  const { config } = world.fleet.get(id);
  return world.fleet.previewConfig(id, change(config), CALLER);
}

const effectsOf = ({ changes }: ConfigPreview) =>
  Object.fromEntries(changes.map(({ pointer, effect }) => [pointer, effect]));

async function update(
  world: FleetWorld,
  id: string,
  change: Change,
): Promise<string> {
  const { config, configVersion } = world.fleet.get(id);
  const saved = await world.settled(
    world.fleet.updateConfig(id, change(config), {
      expectedVersion: configVersion,
      caller: CALLER,
    }),
  );
  if (saved.status === "rejected") throw saved.reason;
  return saved.value.effect;
}

async function untilRunning(world: FleetWorld, id: string): Promise<void> {
  await world.until(
    () => world.fleet.get(id).observed === "running",
    "it runs",
  );
}

Deno.test("previewConfig() says of a running agent what saving then comes to", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "Previewed" });
    await untilRunning(world, id);
    const { detector } = world.fleet.get(id).config;
    const changes: readonly Change[] = [
      withRisk({ leverage: 3 }),
      (config) => ({ ...config, name: "Renamed" }),
      (config) => ({ ...config, signalsOnly: !config.signalsOnly }),
      (config) => ({ ...config, record: true }),
      withDetector,
      // One that waits for a restart has the next one wait, too; to take it back does not.
      (config) => ({ ...config, name: "Renamed again" }),
      (config) => ({ ...config, detector, record: false }),
      withRisk({ leverage: 3 }),
      (config) => withDetector(withRisk({ leverage: 4 })(config)),
    ];
    for (const change of changes) {
      const previewed = preview(world, id, change);
      assert.equal(previewed.valid, true, JSON.stringify(previewed));
      const isAtOnce = Object.values(effectsOf(previewed)).every((effect) =>
        effect === "now"
      );
      // deno-lint-ignore no-await-in-loop -- one change after the other
      const effect = await update(world, id, change);
      assert.equal(effect, isAtOnce ? "applied" : "needs_restart");
    }
  }));

Deno.test("previewConfig() has limits of the desk hold while the agent waits for its restart", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "Waiting" });
    await untilRunning(world, id);
    const change: Change = (config) =>
      withDetector({
        ...withRisk({ leverage: 3, riskPerTradePct: 0.1 })(config),
        signalsOnly: true,
      });
    assert.deepEqual(effectsOf(preview(world, id, change)), {
      "/detector/swingLength": "restart",
      "/risk/leverage": "now",
      "/risk/riskPerTradePct": "restart",
      "/signalsOnly": "restart",
    });
  }));

Deno.test("previewConfig() of a stopped agent is about its next start, and changes nothing", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "Stopped" });
    await untilRunning(world, id);
    const stopped = await world.settled(
      world.fleet.control(
        id,
        { action: "stop", reason: "", positions: "close" },
        CALLER,
      ),
    );
    assert.equal(stopped.status, "fulfilled");
    await world.until(
      () => world.fleet.get(id).observed === "stopped",
      "it is stopped",
    );
    const before = world.fleet.get(id);
    assert.deepEqual(effectsOf(preview(world, id, withDetector)), {
      "/detector/swingLength": "next_start",
    });
    assert.deepEqual(world.fleet.get(id), before);
  }));

Deno.test("previewConfig() names what cannot change and what is wrong", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "Fixed" });
    const fixed = preview(world, id, (config) => ({ ...config, seed: 7 }));
    assert.equal(fixed.valid, false);
    assert.deepEqual(effectsOf(fixed), { "/seed": "fixed" });
    assert.deepEqual(
      fixed.errors.map(({ pointer, code }) => [pointer, code]),
      [["/seed", "FIELD_FIXED"]],
    );
    const wrong = preview(world, id, withRisk({ leverage: 1_000 }));
    assert.equal(wrong.valid, false);
    assert.deepEqual(wrong.changes, []);
    assert.equal(wrong.errors[0]!.pointer, "/risk/leverage");
  }));
