/** What would belong together over several hosts. */
import assert from "node:assert/strict";
import type { AgentView } from "../../../../lib/contracts/agent.ts";
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../../../lib/contracts/agent_config.ts";
import { AppError } from "../../../../lib/core/errors.ts";
import { agentConfig, guardConfig } from "../../../support/config.ts";
import { CALLER } from "../world.ts";
import { type FleetProcess, type Fleets, withFleets } from "./fleets.ts";

function wardenOf(agentIds: readonly string[]): AgentConfig {
  const warden = guardConfig("warden", { measure: "gross_exposure_pct" });
  const scope = { kind: "agents" as const, agentIds: [...agentIds] };
  return agentConfigSchema.parse({
    ...warden,
    guard: { ...warden.guard!, scope },
  });
}

function spawnWarden({ fleet }: FleetProcess, agentIds: readonly string[]) {
  const config = wardenOf(agentIds);
  return fleet.spawn({ config, acknowledgeWarnings: true }, CALLER);
}

/** A control, and two hosts with one agent each. */
async function onTwoHosts({ start, spawn }: Fleets) {
  const control = await start("control", "control");
  await start("a", "host");
  await start("b", "host");
  const one = await spawn(control, "one");
  const two = await spawn(control, "two");
  assert.notEqual(one.host, two.host);
  return { control, one, two };
}

function assertApart(
  outcome: PromiseSettledResult<unknown>,
  [one, two]: readonly [AgentView, AgentView],
): void {
  assert.equal(outcome.status, "rejected");
  const error = outcome.reason;
  assert.ok(error instanceof AppError);
  assert.equal(error.code, "CONFIG_INVALID");
  const [field] = error.errors;
  assert.equal(field!.code, "HOSTS_APART");
  for (const { name, host } of [one, two]) {
    assert.ok(error.message.includes(`"${name}" on host "${host}"`));
  }
}

Deno.test("spawn of a risk manager is refused where those it would guard are on several hosts, and goes to their host where they are on one", () =>
  withFleets(async (fleets) => {
    const { settled } = fleets;
    const { control, one, two } = await onTwoHosts(fleets);
    const refused = await settled(spawnWarden(control, [one.id, two.id]));
    assertApart(refused, [one, two]);
    assert.equal(
      (refused as PromiseRejectedResult).reason.errors[0].pointer,
      "/guard/scope",
    );
    const spawned = await settled(spawnWarden(control, [two.id]));
    assert.equal(spawned.status, "fulfilled");
    await fleets.until(
      () => control.fleet.get(spawned.value.id).host === two.host,
      "it is where its agent is",
    );
  }));

Deno.test("updateConfig() refuses what would join agents of several hosts, and nothing else", () =>
  withFleets(async (fleets) => {
    const { settled } = fleets;
    const { control: { fleet }, one, two } = await onTwoHosts(fleets);
    const spawned = await settled(
      fleet.spawn(
        { config: wardenOf([one.id]), acknowledgeWarnings: true },
        CALLER,
      ),
    );
    assert.equal(spawned.status, "fulfilled");
    const { id, configVersion } = spawned.value;
    const change = (config: AgentConfig, expectedVersion: number) =>
      settled(
        fleet.updateConfig(id, config, { expectedVersion, caller: CALLER }),
      );
    const wide = wardenOf([one.id, two.id]);
    assertApart(await change(wide, configVersion), [one, two]);
    const renamed = { ...wardenOf([one.id]), name: "guardian" };
    const changed = await change(renamed, configVersion);
    assert.equal(changed.status, "fulfilled");
  }));

Deno.test("updateConfig() refuses a source on another host", () =>
  withFleets(async (fleets) => {
    const { settled, start } = fleets;
    const control = await start("control", "control");
    await start("a", "host");
    await start("b", "host");
    const spawn = async (change: Parameters<typeof agentConfig>[0]) => {
      const config = agentConfigSchema.parse(agentConfig(change));
      const spawned = await settled(
        control.fleet.spawn({ config, acknowledgeWarnings: true }, CALLER),
      );
      assert.equal(spawned.status, "fulfilled");
      await fleets.until(
        () => !!control.fleet.get(spawned.value.id).host,
        "it has a host",
      );
      return control.fleet.get(spawned.value.id);
    };
    const source = await spawn({ name: "source", signalsOnly: true });
    const near = await spawn({ name: "near", signalsOnly: true });
    const listener = await spawn({
      name: "listener",
      type: "executor",
      sources: [source.id],
    });
    assert.equal(listener.host, source.host);
    assert.notEqual(near.host, source.host);
    const { config, configVersion } = control.fleet.get(listener.id);
    const outcome = await settled(control.fleet.updateConfig(
      listener.id,
      { ...config, sources: [source.id, near.id] },
      { expectedVersion: configVersion, caller: CALLER },
    ));
    assert.equal(outcome.status, "rejected");
    const { errors, message } = outcome.reason as AppError;
    assert.ok(message.includes(`"source" on host "${source.host}"`));
    assert.ok(message.includes(`"near" on host "${near.host}"`));
    assert.deepEqual(
      errors.map(({ pointer, code }) => [pointer, code]),
      [["/sources", "HOSTS_APART"]],
    );
  }));
