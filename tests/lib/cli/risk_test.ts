import assert from "node:assert/strict";
import { GuardWorld, longOf } from "../../agents/guard/guard_world.ts";
import { createMachine } from "./machine.ts";

/** What a risk manager shows that has halted an account. */
function haltedView() {
  const world = new GuardWorld({
    measure: "gross_exposure_pct",
    action: "halted",
    latched: true,
  }, ["one"]);
  world.tell([{ agentId: "one", positions: [longOf(5_000)] }]);
  return world.view!;
}

Deno.test("risk shows what a risk manager knows, unknown as a dash, and all of it as JSON", async () => {
  await using machine = createMachine();
  const { id } = machine.world.fleet.add({
    name: "warden",
    type: "risk_manager",
    account: null,
  });
  const nothing = await machine.run("risk", "warden");
  assert.equal(nothing.exitCode, 0);
  assert.match(nothing.out, /^guards\tnobody$/m);
  assert.match(nothing.out, /^equity\t—$/m);

  machine.world.fleet.risks.set(id, haltedView());
  const { out } = await machine.run("risk", "warden");
  assert.match(out, /^trading\thalted$/m);
  assert.match(
    out,
    /^because\tRisk manager "warden": The gross exposure is 50 %/m,
  );
  assert.match(out, /^a person must release\tgross_exposure_pct$/m);
  assert.match(out, /^gross exposure\tacting, latched\t50\.00\t/m);
  assert.match(out, /^BTC\/USDT\t5000\t0\t5000$/m);
  assert.match(out, /^historical\t95\t—\t—\t—\t\d+ returns are known/m);
  const json = await machine.run("risk", id, "--json");
  assert.equal(JSON.parse(json.out).risk.state, "halted");
});

Deno.test("spawn makes a risk manager without a template, over agents by name", async () => {
  await using machine = createMachine();
  const { id } = machine.world.fleet.add({ name: "Alpha One" });
  const spawned = await machine.run(
    "spawn",
    "--type",
    "risk_manager",
    "--name",
    "warden",
    "--guards",
    "alpha one",
    "--set",
    "guard.rules.drawdown_pct.limit=12",
  );
  assert.equal(spawned.exitCode, 0, spawned.err);
  const call = machine.world.fleet.calls.find(({ method }) =>
    method === "spawn"
  );
  const { config, template } = call!.request as {
    config: { type: string; guard: Record<string, unknown> };
    template?: string;
  };
  assert.equal(template, undefined);
  assert.equal(config.type, "risk_manager");
  assert.deepEqual(config.guard["scope"], { kind: "agents", agentIds: [id] });
  const rules = config.guard["rules"] as Record<string, { limit: number }>;
  assert.equal(rules["drawdown_pct"]!.limit, 12);
  const wrong = await machine.run(
    "spawn",
    "--template",
    "x",
    "--name",
    "warden",
    "--guards",
    "alpha one",
  );
  assert.notEqual(wrong.exitCode, 0);
});
