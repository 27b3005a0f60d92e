import assert from "node:assert/strict";
import { createMachine } from "./machine.ts";

const SPAWN = ["team", "spawn", "--template", "two-detectors", "--name"];

Deno.test("team spawn sends template, market, limits and roles, and prints the id alone", async () => {
  await using machine = createMachine();
  const run = await machine.run(
    ...SPAWN,
    "pair",
    "--symbol",
    "ETH/USDT",
    "--candles",
    "eth.csv",
    "--seed",
    "7",
    "--set",
    "risk.leverage=2",
    "--set",
    "second.risk.leverage=3",
    "--set",
    "second.signalsOnly=true",
  );
  assert.equal(run.exitCode, 0, run.err);
  assert.match(run.out, /^team_[0-9A-Z]{26}\n$/);
  assert.match(run.err, /Spawned the team pair of 2 agents \(paper\)/);
  const [call] = machine.world.fleet.calls;
  assert.deepEqual(call!.request, {
    name: "pair",
    template: "two-detectors",
    market: {
      symbol: "ETH/USDT",
      feed: { kind: "replay", file: "eth.csv", speed: "max" },
      seed: 7,
    },
    risk: { leverage: 2 },
    roles: { second: { risk: { leverage: 3 }, signalsOnly: true } },
    acknowledgeWarnings: false,
  });
});

Deno.test("team spawn --dry-run spawns nothing, names the role of each mistake, and ends with 2", async () => {
  await using machine = createMachine();
  const dry = await machine.run(...SPAWN, "pair", "--dry-run");
  assert.equal(dry.exitCode, 0, dry.err);
  assert.match(dry.out, /worst day loss\t100/);
  const wrong = await machine.run(
    ...SPAWN,
    "pair",
    "--dry-run",
    "--set",
    "second.risk.leverage=500",
  );
  assert.equal(wrong.exitCode, 2);
  assert.match(wrong.out, /error\tsecond: \/risk\/leverage Enter a whole/);
  assert.equal(machine.world.fleet.calls.length, 0);
});

Deno.test("team list and show tell states and how many agents are left", async () => {
  await using machine = createMachine();
  const none = await machine.run("team");
  assert.match(none.err, /There are no teams yet/);
  const team = machine.world.fleet.teams.add({ size: 3, state: "incomplete" });
  const list = await machine.run("team", "list");
  assert.match(list.out, /incomplete\tpair\tteam_\w+\tpaper\t2 of 3/);
  const shown = await machine.run("team", "show", "PAIR");
  assert.match(
    shown.err,
    /pair: incomplete, paper, 1 of 3 agents were deleted/,
  );
  assert.match(shown.out, /first\trunning\trunning\tpair first\tagt_/);
  const json = await machine.run("team", "show", team.id, "--json");
  assert.equal(JSON.parse(json.out).id, team.id);
  const templates = await machine.run("team", "templates");
  assert.match(templates.out, /two-detectors\tfirst, second\tWatches/);
});

Deno.test("team stop waits until all of it has stopped; start, pause and resume do not", async () => {
  await using machine = createMachine();
  machine.world.fleet.teams.add();
  const cases = [
    ["pause", "paused"],
    ["resume", "running"],
    ["stop", "stopped"],
    ["start", "running"],
  ] as const;
  for (const [action, state] of cases) {
    // deno-lint-ignore no-await-in-loop -- one command after the other
    const run = await machine.run("team", action, "pair", "--reason", "drill");
    assert.equal(run.exitCode, 0, run.err);
    assert.equal(run.out, `pair\t${state}\n`);
  }
  const asked = machine.world.fleet.calls.map(({ method, request }) => [
    method,
    (request as { action: string; reason: string }).action,
    (request as { action: string; reason: string }).reason,
  ]);
  assert.deepEqual(
    asked,
    cases.map(([action]) => ["controlTeam", action, "drill"]),
  );
});

Deno.test("team delete asks for the name on a terminal, and real money cannot be deleted elsewhere", async () => {
  await using machine = createMachine();
  const { teams } = machine.world.fleet;
  teams.add();
  machine.io.isInputTerminal = true;
  machine.answers.push("wrong");
  const refused = await machine.run("team", "delete", "pair");
  assert.equal(refused.exitCode, 2);
  assert.equal(teams.teams.size, 1);
  const done = await machine.run("team", "delete", "pair", "--yes");
  assert.equal(done.out, "pair\tdeleted\n");
  teams.add({ name: "money", mode: "live" });
  machine.io.isInputTerminal = false;
  const live = await machine.run("team", "delete", "money", "--yes");
  assert.match(live.err, /trades real money; delete it on a terminal/);
  assert.equal(teams.teams.size, 1);
});

Deno.test("team says what is wrong with its words", async () => {
  await using machine = createMachine();
  machine.world.fleet.teams.add();
  const cases: readonly [readonly string[], number, RegExp][] = [
    [["strat", "pair"], 2, /"team" cannot strat\. Did you mean "start"\?/],
    [["stop"], 2, /needs a team: its id or its name/],
    [["show", "pari"], 3, /There is no team "pari"\. Did you mean "pair"\?/],
    [["spawn", "--name", "x"], 2, /Give --template/],
    [["spawn", "--template", "two", "--name", "x"], 3, /no team template/],
    [[...SPAWN.slice(1), "x", "--set", "third.seed=1"], 2, /first, second/],
    [[...SPAWN.slice(1), "x", "--set", "first.sede=1"], 2, /no setting "sede"/],
    [[...SPAWN.slice(1), "x", "--seed", "one"], 2, /give a whole number/],
    [[...SPAWN.slice(1), "x", "--mode", "live"], 2, /--confirm "x"/],
  ];
  for (const [words, exitCode, sentence] of cases) {
    // deno-lint-ignore no-await-in-loop -- one command line after the other
    const run = await machine.run("team", ...words);
    assert.equal(run.exitCode, exitCode, `${words.join(" ")}: ${run.err}`);
    assert.match(run.err, sentence);
  }
});
