import assert from "node:assert/strict";
import { quotaOf } from "../../../../lib/contracts/quota.ts";
import type { AppError } from "../../../../lib/core/errors.ts";
import { CANDLE_CSV_HEADER } from "../../../../lib/exchange/candle_csv_format.ts";
import { TEAM_TEMPLATES } from "../../../../agents/mod.ts";
import { CALLER, type FleetWorld, withFleet } from "../world.ts";
import { detector, refusalOf, spawnTeam, teamOf } from "./support.ts";

/** The errors of a refused spawn, as pointer and code. */
async function errorsOf(
  world: FleetWorld,
  change: Parameters<typeof teamOf>[0],
): Promise<readonly (readonly [string, string])[]> {
  const refused = await refusalOf(
    world,
    world.fleet.teams.spawn(teamOf(change), CALLER),
  );
  assert.deepEqual(await world.store.agents.list(), []);
  assert.deepEqual(world.fleet.list(), []);
  return refused.errors.map(({ pointer, code }) => [pointer, code] as const);
}

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

Deno.test("a team with a mistake is not spawned, and every mistake names its member", () =>
  withFleet(async (world) => {
    const errors = await errorsOf(world, {
      members: [
        detector("first", { symbol: "nonsense!" }),
        detector("second", { risk: { leverage: 500 } }),
        detector("second", { spelling: true }),
      ],
      roles: { third: {} },
    });
    const expected = [
      ["/members/2/role", "ROLE_TAKEN"],
      ["/roles/third", "ROLE_UNKNOWN"],
      ["/members/0/symbol", "FIELD_INVALID"],
      ["/members/1/risk/initialCapital", "FIELD_MISSING"],
      ["/members/1/risk/leverage", "FIELD_INVALID"],
      ["/members/2/spelling", "FIELD_UNKNOWN"],
    ] as const;
    for (const error of expected) {
      assert.ok(
        errors.some(([pointer, code]) =>
          pointer === error[0] && code === error[1]
        ),
        `${error} is in ${JSON.stringify(errors)}`,
      );
    }
  }));

Deno.test("the quota is checked for the team as a whole, and said once", () =>
  withFleet(async (world) => {
    const members = Array.from({ length: 6 }, (_, n) => detector(`d${n}`));
    await spawnTeam(world, { members });
    const refused = await refusalOf(
      world,
      world.fleet.teams.spawn(teamOf({ name: "more", members }), CALLER),
    );
    assert.equal(refused.code, "QUOTA_EXCEEDED");
    assert.match(
      refused.message,
      /You have 6 of 10 agents, and this needs 6 more; delete one/,
    );
    assert.deepEqual(quotaOf(refused), {
      quota: "agents",
      used: 6,
      limit: 10,
    });
    assert.equal(refused.errors.length, 1);
    assert.equal((await world.store.agents.list()).length, 6);
  }));

Deno.test("names are checked before anything is stored", () =>
  withFleet(async (world) => {
    assert.deepEqual(
      await errorsOf(world, { name: "a name that leaves no room for roles" }),
      [["/name", "NAME_TOO_LONG"]],
    );
    await spawnTeam(world);
    const again = await refusalOf(
      world,
      world.fleet.teams.spawn(
        teamOf({
          name: "PAIR",
          members: [detector("third"), detector("fourth")],
        }),
        CALLER,
      ),
    );
    assert.equal(again.code, "TEAM_NAME_TAKEN");
    await world.spawn({ name: "lone first" });
    const clash = await refusalOf(
      world,
      world.fleet.teams.spawn(teamOf({ name: "lone" }), CALLER),
    );
    assert.deepEqual(
      clash.errors.map(({ pointer, code }) => [pointer, code]),
      [["/members/0/name", "NAME_TAKEN"]],
    );
  }));

Deno.test("all members have the same feed, and at most the one that places orders is live", () =>
  withFleet(async (world) => {
    const exchange = { kind: "exchange", exchange: "binance", market: "spot" };
    const errors = await errorsOf(world, {
      members: [
        detector("watch", { feed: exchange, signalsOnly: true, mode: "live" }),
        detector("trade", { feed: exchange, mode: "live" }),
        detector("again", { feed: exchange }),
        detector("else"),
      ],
    });
    const ofTeam = errors.filter(([, code]) => code.startsWith("TEAM"));
    assert.deepEqual(ofTeam, [
      ["/members/3/feed", "TEAM_FEED"],
      ["/members/0/mode", "TEAM_LIVE"],
      ["/members/2/signalsOnly", "TEAM_LIVE"],
      ["/members/3/signalsOnly", "TEAM_LIVE"],
    ]);
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

Deno.test("a team whose market cannot be opened is refused, and what was opened is closed again", () =>
  withFleet(async (world) => {
    const rows = Array.from(
      { length: 50 },
      (_, n) => `${Date.UTC(2026, 0, 1) + n * 900_000},100,101,99,100,5`,
    );
    await Deno.writeTextFile(
      `${world.journalDir}/good.csv`,
      [CANDLE_CSV_HEADER, ...rows].join("\n"),
    );
    world.candleFiles.push({ file: "good.csv", bytes: 1 });
    const feed = { kind: "replay", file: "good.csv", speed: "max" };
    const request = teamOf({
      members: [
        detector("first", { timeframe: "15m" }),
        detector("second", { timeframe: "1m" }),
      ],
      market: { feed },
    });
    // No time passes: a file is read as fast as the machine can.
    const refused: AppError = await world.fleet.teams.spawn(request, CALLER)
      .then(() => assert.fail("it was spawned"), (error) => error);
    assert.deepEqual(
      refused.errors.map(({ pointer, code }) => [pointer, code]),
      [["/members/1/timeframe", "FEED_UNUSABLE"]],
    );
    assert.deepEqual(await world.store.agents.list(), []);
    const told = world.told.filter(({ kind }) => kind === "feed")
      .map(({ message }) => JSON.stringify(message));
    const opened = told.filter((text) => text.includes('"openStream"'));
    const closed = told.filter((text) => text.includes('"closeStream"'));
    assert.equal(opened.length, 2);
    assert.equal(closed.length, 2);
  }));

Deno.test("an unread warning keeps the whole team from being spawned", () =>
  withFleet(async (world) => {
    const request = {
      ...teamOf({ risk: { leverage: 100 } }),
      acknowledgeWarnings: false,
    };
    const refused = await refusalOf(
      world,
      world.fleet.teams.spawn(request, CALLER),
    );
    assert.equal(refused.code, "WARNINGS_UNREAD");
    const leverage = refused.errors.filter(({ code }) =>
      code === "LIQUIDATION_BEFORE_DRAWDOWN"
    );
    assert.deepEqual(leverage.map(({ pointer }) => pointer), [
      "/members/0/risk/leverage",
      "/members/1/risk/leverage",
    ]);
    assert.deepEqual(world.fleet.list(), []);
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
