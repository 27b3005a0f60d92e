import assert from "node:assert/strict";
import { TEAM_TEMPLATES } from "../../../../agents/mod.ts";
import { CALLER, withFleet } from "../world.ts";
import { detector, refusalOf, spawnTeam, teamOf } from "./support.ts";

Deno.test("spawning a team stores all agents with one audit entry, and each says where it belongs", () =>
  withFleet(async (world) => {
    const team = await spawnTeam(world, { template: "two-detectors" });
    assert.deepEqual(team.members.map(({ name }) => name), [
      "pair blocks",
      "pair gaps",
    ]);
    assert.equal(team.size, 2);
    assert.equal(team.templateName, "two-detectors");
    const records = await world.store.agents.list();
    for (const { team: place, commandId } of records) {
      assert.equal(place?.id, team.id);
      assert.equal(commandId, records[0]!.commandId);
    }
    const [blocks] = team.members;
    assert.deepEqual(world.fleet.get(blocks!.id).team, {
      id: team.id,
      name: "pair",
      role: "blocks",
      size: 2,
    });
    const { items } = await world.store.auditPage({ limit: 10, cursor: null });
    assert.deepEqual(items.map(({ action, target }) => [action, target]), [
      ["team.spawn", team.id],
    ]);
    await world.restart();
    assert.deepEqual(
      world.fleet.teams.list().map(({ id, name }) => [id, name]),
      [[team.id, "pair"]],
    );
  }));

Deno.test("members of one market begin with the same candle", () =>
  withFleet(async (world) => {
    await spawnTeam(world);
    const records = await world.store.agents.list();
    const starts = records.map(({ startSeq, tradeFromSeq }) => [
      startSeq,
      tradeFromSeq,
    ]);
    assert.deepEqual(starts[0], starts[1]);
  }));

Deno.test("market, limits and roles of a request go before the template, in this order", () =>
  withFleet(async (world) => {
    const team = await spawnTeam(world, {
      market: { symbol: "ETH/USDT", seed: 7 },
      risk: { riskPerTradePct: 0.1, leverage: 1 },
      roles: { second: { risk: { leverage: 3 }, seed: 9 } },
    });
    const [first, second] = team.members.map(({ id }) =>
      world.fleet.get(id).config
    );
    assert.equal(first!.symbol, "ETH/USDT");
    assert.equal(second!.symbol, "ETH/USDT");
    assert.deepEqual([first!.seed, second!.seed], [7, 9]);
    assert.deepEqual([first!.risk.leverage, second!.risk.leverage], [1, 3]);
    assert.equal(second!.risk.riskPerTradePct, 0.1);
    assert.equal(first!.risk.initialCapital, "10000");
  }));

Deno.test("money of the market is for who places orders", () =>
  withFleet(async (world) => {
    const { members } = await world.fleet.teams.validate(
      teamOf({
        members: [
          detector("watch", { signalsOnly: true }),
          detector("trade"),
        ],
        market: { mode: "live", exchangeKeyId: "key_1" },
      }),
      CALLER,
    );
    assert.deepEqual(
      members.map(({ config }) => [config!.mode, config!.exchangeKeyId]),
      [["paper", undefined], ["live", "key_1"]],
    );
  }));

Deno.test("a team that was stored after its spawn was given up is in the fleet as a whole", () =>
  withFleet(async (world) => {
    world.disk.recordsLateMs = 5_000;
    const refused = await refusalOf(
      world,
      world.fleet.teams.spawn(teamOf(), CALLER),
    );
    assert.equal(refused.code, "STORE_UNAVAILABLE");
    assert.deepEqual(world.fleet.list(), []);
    await world.until(
      () => world.fleet.teams.list()[0]?.state === "running",
      "the team runs",
    );
    assert.equal((await world.store.agents.list()).length, 2);
  }));

Deno.test("a team of the greatest size fits into the store with its audit entry", () =>
  withFleet(async (world) => {
    const members = Array.from({ length: 8 }, (_, n) => detector(`d${n}`));
    const team = await spawnTeam(world, { members });
    assert.equal(team.members.length, 8);
  }));

Deno.test("validating a team sums what its agents need and could lose", () =>
  withFleet(async (world) => {
    const request = teamOf({
      members: [
        detector("watch", { signalsOnly: true }),
        detector("one"),
        detector("two"),
      ],
    });
    const answer = await world.fleet.teams.validate(request, CALLER);
    assert.equal(answer.valid, true);
    const estimates = answer.members.map(({ estimate }) => estimate!);
    const memory = estimates.map(({ memoryMiB }) => memoryMiB);
    const sum = memory.reduce((a, b) => a + b);
    assert.equal(answer.estimate!.memoryMiB, Number(sum.toFixed(3)));
    // The one that only watches can lose nothing.
    assert.equal(answer.worstDayLoss, "200");
    assert.equal(answer.worstTotalLoss, "1000");
    assert.deepEqual(world.fleet.list(), []);
  }));

for (const template of TEAM_TEMPLATES) {
  Deno.test(`the team template ${template.name} is sound as it stands`, () =>
    withFleet(async (world) => {
      const { errors, members } = await world.fleet.teams.validate(
        teamOf({ template: template.name }),
        CALLER,
      );
      assert.deepEqual(errors, []);
      const roles = members.map(({ role }) => role);
      assert.deepEqual(roles, template.members.map(({ role }) => role));
    }));
}

Deno.test("the team of models says of them what their cards say", async () => {
  const models = new URL("../../../../lib/inference/models/", import.meta.url);
  const names = [...Deno.readDirSync(models)].filter(({ isDirectory }) =>
    isDirectory
  ).map(({ name }) => name);
  const cards = await Promise.all(
    names.map(async (name) =>
      JSON.parse(
        await Deno.readTextFile(new URL(`${name}/card.json`, models)),
      )
    ),
  );
  assert.equal(cards.length, 3);
  const hasNoneWon = cards.every(({ beatsBaselines }) => !beatsBaselines);
  const { risk } = TEAM_TEMPLATES.find(({ name }) => name === "smc-ml")!;
  assert.equal(/None of the three models beat/.test(risk), hasNoneWon);
});
