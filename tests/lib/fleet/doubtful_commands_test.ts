import assert from "node:assert/strict";
import { SYSTEM_ACTOR } from "../../../lib/contracts/audit.ts";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import type { AppError } from "../../../lib/core/errors.ts";
import { agentConfig } from "../../support/config.ts";
import { CALLER, type FleetWorld, withFleet } from "./world.ts";

const RISK_PCT = 0.7;

function reconfigure(world: FleetWorld, id: string) {
  const { config, configVersion } = world.fleet.get(id);
  return world.settled(
    world.fleet.updateConfig(
      id,
      { ...config, risk: { ...config.risk, riskPerTradePct: RISK_PCT } },
      { expectedVersion: configVersion, caller: CALLER },
    ),
  );
}

function codeOf(outcome: PromiseSettledResult<unknown>): string {
  assert.equal(outcome.status, "rejected");
  return (outcome.reason as AppError).code;
}

Deno.test("a configuration that was stored after its command was given up is taken over and applied", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "late" });
    world.disk.recordsLateMs = 5_000;
    assert.equal(codeOf(await reconfigure(world, id)), "STORE_UNAVAILABLE");
    assert.equal(world.fleet.get(id).configVersion, 1);
    world.disk.recordsLateMs = 0;
    await world.until(
      () => world.fleet.get(id).configVersion === 2,
      "memory has what the store has",
    );
    assert.equal(world.fleet.get(id).config.risk.riskPerTradePct, RISK_PCT);
  }));

Deno.test("a command after one in doubt is refused with what is stored, and works when it is repeated", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "late" });
    const record = (await world.store.agents.get(id))!;
    // As if an earlier command of unknown outcome had been stored just now.
    const stored = { ...record, configVersion: 2, commandId: "cmd_lost" };
    await world.settled(world.store.agents.save(stored, {
      expected: record,
      audit: {
        at: 0,
        actor: SYSTEM_ACTOR,
        via: "",
        action: "agent.config",
        target: id,
        outcome: "ok",
        reason: "",
        detail: {},
      },
    }));
    assert.equal(codeOf(await reconfigure(world, id)), "CONFIG_STALE");
    assert.equal(world.fleet.get(id).configVersion, 2);
    const repeated = await reconfigure(world, id);
    assert.equal(repeated.status, "fulfilled");
    assert.equal((await world.store.agents.get(id))!.configVersion, 3);
  }));

Deno.test("a spawn that was stored after it was given up is in the fleet and runs", () =>
  withFleet(async (world) => {
    world.disk.recordsLateMs = 5_000;
    const config = agentConfigSchema.parse(agentConfig({ name: "late" }));
    const spawned = await world.settled(
      world.fleet.spawn({ config, acknowledgeWarnings: true }, CALLER),
    );
    assert.equal(codeOf(spawned), "STORE_UNAVAILABLE");
    assert.deepEqual(world.fleet.list(), []);
    await world.until(
      () => world.fleet.list()[0]?.observed === "running",
      "the agent runs",
    );
    assert.equal((await world.store.agents.list()).length, 1);
  }));
