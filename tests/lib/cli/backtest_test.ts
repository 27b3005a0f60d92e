import assert from "node:assert/strict";
import type { BacktestDetail } from "../../../lib/contracts/backtest.ts";
import { sampleReport } from "../backtest/sample_report.ts";
import { inZone } from "../../support/in_zone.ts";
import { createMachine, type Machine } from "./machine.ts";

const RUN = ["backtest", "run", "--template", "smc-order-block"];

/** Runs to its end; the fake hub streams nothing, so the state is asked for. */
async function runToEnd(machine: Machine, ...more: string[]) {
  const running = machine.run(...RUN, ...more);
  (await machine.world.backtests.held()).end(sampleReport());
  return await running;
}

Deno.test("backtest run waits for the end and shows what was lost as lost", async () => {
  await using machine = createMachine();
  const { exitCode, out, err } = await runToEnd(
    machine,
    "--set",
    "risk.leverage=2",
  );
  assert.equal(exitCode, 0, err);
  assert.match(out, /net result\s+-120\.5/);
  assert.match(out, /buy and hold %\s+4\.20/);
  assert.match(err, /Simulated; past results say nothing/);
  const [view] = machine.world.backtests.service.list();
  assert.equal(view!.request.config.risk.leverage, 2);
  assert.equal(view!.request.template, "smc-order-block");
});

Deno.test("backtest run --json prints the whole detail, show prints it again, list the run", async () => {
  await using machine = createMachine();
  const detail: BacktestDetail = JSON.parse(
    (await runToEnd(machine, "--json")).out,
  );
  assert.equal(detail.report!.runHash, sampleReport().runHash);
  const shown = await machine.run("backtest", "show", detail.id, "--json");
  assert.deepEqual(JSON.parse(shown.out), detail);
  const rows = (await machine.run("backtest", "list")).out.trimEnd().split(
    "\n",
  );
  assert.match(rows[1]!, /^done\t.*-1\.21\t3\.40\t2\t-0\.42$/);
});

Deno.test("backtest run reads grids, ranges and studies", async () => {
  await using machine = createMachine();
  const { exitCode, out } = await machine.run(
    ...RUN,
    ...["--simulated", "500", "--data-seed", "7", "--detach"],
    ...["--grid", "risk.leverage=1,2", "--grid", "signalsOnly=true,false"],
    ...["--study", "walk-forward", "--objective", "netPnl", "--folds", "3"],
  );
  assert.equal(exitCode, 0);
  const { request } = machine.world.backtests.service.view(out.trim());
  assert.deepEqual(request.data, { kind: "simulated", candles: 500, seed: 7 });
  assert.deepEqual(request.study, {
    kind: "walk_forward",
    grid: { "risk.leverage": [1, 2], signalsOnly: [true, false] },
    objective: "netPnl",
    folds: 3,
    trainPct: 75,
  });
});

Deno.test("backtest run --from and --to take a day whole, and a time without zone as UTC", async () => {
  await using machine = createMachine();
  await inZone("America/New_York", async () => {
    for (
      const [from, to, expected] of [
        [
          "2026-01-01",
          "2026-01-02",
          ["2026-01-01T00:00:00.000Z", "2026-01-02T23:59:59.999Z"],
        ],
        [
          "2026-01-01T06:00",
          "2026-01-01T12:00+01:00",
          ["2026-01-01T06:00:00.000Z", "2026-01-01T11:00:00.000Z"],
        ],
      ] as const
    ) {
      const file = ["--candles", "btc-15m.csv", "--timeframe", "15m"];
      // deno-lint-ignore no-await-in-loop -- one run after the other
      const { exitCode, out, err } = await machine.run(
        ...[...RUN, ...file, "--from", from, "--to", to, "--detach"],
      );
      assert.equal(exitCode, 0, err);
      const { data } = machine.world.backtests.service.view(out.trim()).request;
      assert(data.kind === "file");
      assert.deepEqual([data.from, data.to], expected);
    }
  });
});

Deno.test("backtest run --hedge names the file of the second market", async () => {
  await using machine = createMachine();
  const { exitCode, out, err } = await machine.run(
    ...[...RUN, "--candles", "btc-15m.csv", "--hedge", "btc-15m.csv"],
    ...["--timeframe", "15m", "--set", "strategies.pairs.enabled=true"],
    "--detach",
  );
  assert.equal(exitCode, 0, err);
  const { data } = machine.world.backtests.service.view(out.trim()).request;
  assert(data.kind === "file");
  assert.equal(data.hedgeFile, "btc-15m.csv");
});

Deno.test("backtest cancel ends a run, delete forgets it, and both say what is not there", async () => {
  await using machine = createMachine();
  const id = (await machine.run(...RUN, "--detach")).out.trim();
  assert.equal((await machine.run("backtest", "delete", id)).exitCode, 4);
  assert.equal((await machine.run("backtest", "cancel", id)).exitCode, 0);
  const shown = await machine.run("backtest", "show", id);
  assert.equal(shown.exitCode, 1, "a canceled run is no success");
  assert.match(shown.out, /Canceled by admin@example\.com/);
  assert.equal((await machine.run("backtest", "delete", id)).exitCode, 0);
  const gone = await machine.run("backtest", "show", id);
  assert.equal(gone.exitCode, 3);
  assert.match(gone.err, /agent backtest list/);
});

Deno.test("backtest explains what was mistyped", async () => {
  await using machine = createMachine();
  for (
    const [argv, pattern] of [
      [["backtest"], /needs an action: run, list/],
      [["backtest", "lst"], /Did you mean "list"/],
      [["backtest", "show"], /needs the id/],
      [["backtest", "run"], /Give --template/],
      [[...RUN, "--grid", "x"], /path=value,value/],
      [[...RUN, "--study", "swep"], /single, sweep or walk-forward/],
      [[...RUN, "--from", "2026-01-01"], /--candles FILE too/],
      [
        [...RUN, "--candles", "b.csv", "--to", "1 May"],
        /--to is "1 May", which is no time; write it as 2019-03-01/,
      ],
      [[...RUN, "--candles", "a/b.csv"], /bare name/],
      [[...RUN, "--candles", "500"], /--simulated 500/],
      [[...RUN, "--hedge", "eth.csv"], /--hedge belongs to a file/],
      [
        [...RUN, "--candles", "b.csv", "--hedge", "a/eth.csv"],
        /--hedge is "a\/eth\.csv"; give the bare name/,
      ],
      [[...RUN, "--simulated", "many"], /whole number/],
      [[...RUN, "--objective", "sharp"], /Did you mean "sharpe"/],
    ] as const
  ) {
    // deno-lint-ignore no-await-in-loop -- one mistake after the other
    const { exitCode, err } = await machine.run(...argv);
    assert.equal(exitCode, 2, argv.join(" "));
    assert.match(err, pattern);
  }
  const wrong = await machine.run(...RUN, "--candles", "gone.csv");
  assert.equal(wrong.exitCode, 2);
  assert.match(
    wrong.err,
    /error in data\.file: There is no readable candle file/,
  );
});
