import assert from "node:assert/strict";
import { sampleConfig } from "../api/samples.ts";
import { createMachine } from "./machine.ts";

Deno.test("spawn writes the id on stdout and sends template, options and settings", async () => {
  await using machine = createMachine();
  const spawned = await machine.run(
    "spawn",
    "--template",
    "smc-order-block",
    "--name",
    "mine",
    "--symbol",
    "ethusdt",
    "--timeframe",
    "5m",
    "--candles",
    "btc_1m.csv.gz",
    "--speed",
    "60",
    "--set",
    "risk.leverage=5",
    "--set",
    "risk.initialCapital=2500",
    "--set",
    "strategies.fvg.enabled=false",
  );
  assert.equal(spawned.exitCode, 0, spawned.err);
  assert.match(spawned.out, /^agt_[0-9A-Z]{26}\n$/);
  const [call] = machine.world.fleet.calls;
  assert.equal(call!.caller.via, "cli");
  const { config, template } = call!.request as {
    config: ReturnType<typeof sampleConfig>;
    template: string;
  };
  assert.equal(template, "smc-order-block");
  assert.equal(config.symbol, "ETH/USDT");
  assert.equal(config.timeframe, "5m");
  assert.deepEqual(config.feed, {
    kind: "replay",
    file: "btc_1m.csv.gz",
    speed: 60,
  });
  assert.equal(config.risk.leverage, 5);
  assert.equal(config.risk.initialCapital, "2500");
  assert.equal(config.strategies.fvg.enabled, false);
});

Deno.test("spawn --dry-run checks and spawns nothing", async () => {
  await using machine = createMachine();
  const args = ["spawn", "--template", "smc-order-block", "--name", "mine"];
  const good = await machine.run(...args, "--dry-run");
  assert.equal(good.exitCode, 0);
  assert.match(good.out, /^valid\tyes$/m);
  assert.match(good.out, /^worst total loss\t100$/m);
  const bad = await machine.run(
    ...args,
    "--dry-run",
    "--set",
    "risk.leverage=500",
  );
  assert.equal(bad.exitCode, 2);
  assert.match(bad.out, /^error\t\/risk\/leverage Enter a whole number/m);
  const json = await machine.run(...args, "--dry-run", "--json");
  assert.equal(JSON.parse(json.out).valid, true);
  assert.equal(machine.world.fleet.agents.size, 0);
});

Deno.test("spawn shows every warning and spawns after --acknowledge-warnings", async () => {
  await using machine = createMachine();
  const args = [
    "spawn",
    "--template",
    "smc-order-block",
    "--name",
    "mine",
    "--set",
    "risk.leverage=50",
  ];
  const refused = await machine.run(...args);
  assert.equal(refused.exitCode, 5);
  assert.match(refused.err, /warning in risk\.leverage: At this leverage/);
  assert.match(refused.err, /repeat the command with --acknowledge-warnings/);
  const done = await machine.run(...args, "--acknowledge-warnings");
  assert.equal(done.exitCode, 0);
});

Deno.test("spawn refuses what it cannot understand before it asks the server", async () => {
  await using machine = createMachine();
  const base = ["spawn", "--template", "smc-order-block", "--name", "mine"];
  for (
    const [args, pattern] of [
      [["spawn", "--name", "x"], /Give --template/],
      [["spawn", "--template", "x"], /Give --name/],
      [[...base, "--feed", "ccxt"], /--feed is "ccxt"/],
      [[...base, "--feed", "simulated", "--candles", "a.csv"], /not both/],
      [[...base, "--feed", "exchange"], /give --exchange ID/],
      [[...base, "--exchange", "binance"], /give --feed exchange too/],
      [
        [...base, "--feed", "exchange", "--exchange", "okx", "--market", "x"],
        /--market is "x"; give spot or swap/,
      ],
      [[...base, "--speed", "max"], /--candles FILE too/],
      [[...base, "--candles", "a.csv", "--speed", "fast"], /--speed is "fast"/],
      [[...base, "--candles", "/etc/a.csv"], /bare name/],
      [[...base, "--set", "leverage"], /key=value/],
      [[...base, "--set", "risk.levrage=5"], /mean "risk\.leverage"/],
      [[...base, "--set", "risk=5"], /is a group; set one of risk\./],
      [[...base, "--set", "risk.leverage=many"], /give a number/],
      [[...base, "--set", "signalsOnly=maybe"], /true or false/],
      [[...base, "extra"], /takes no such word/],
      [[...base, "--set"], /argument missing/],
      [[...base, "--set", "mode=live"], /--confirm "mine"/],
    ] as const
  ) {
    const { exitCode, err, out } = await machine.run(...args);
    assert.equal(exitCode, 2, `${args.join(" ")}: ${err}`);
    assert.match(err, pattern);
    assert.equal(out, "");
  }
  assert.equal(machine.world.fleet.calls.length, 0);
});
