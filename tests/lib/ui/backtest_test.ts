import assert from "node:assert/strict";
import fc from "fast-check";
import { curveOf } from "../../../lib/ui/backtest/curve.ts";
import {
  configValues,
  FIRST_VALUES,
  guessFromName,
  refusedFields,
  toRunInput,
} from "../../../lib/ui/backtest/run_form.ts";
import { RunsStore } from "../../../lib/ui/backtest/runs_store.ts";
import { sortTrades, tradesCsv } from "../../../lib/ui/backtest/trade_rows.ts";
import { sampleTrade, sampleView } from "../backtest/sample_report.ts";
import { testConfig } from "../backtest/setup.ts";

const config = configValues(testConfig());

function input(run: Record<string, string | boolean>) {
  return toRunInput({
    template: "t",
    config,
    run: { ...FIRST_VALUES, ...run },
  });
}

Deno.test("toRunInput makes a request that the contract takes, with ranges, grids and folds", () => {
  assert.deepEqual(input({}).errors, {});
  const file = input({
    "/data/kind": "file",
    "/data/file": "btc-15m.csv",
    "/data/from": "2026-01-01",
    "/study/kind": "walk_forward",
    "/study/grid": "risk.leverage = 1, 2\n\nsignalsOnly=true",
  });
  assert.deepEqual(file.errors, {});
  assert.deepEqual(file.request["data"], {
    kind: "file",
    file: "btc-15m.csv",
    from: "2026-01-01T00:00:00Z",
    to: null,
  });
  assert.deepEqual((file.request["study"] as { grid: unknown }).grid, {
    "risk.leverage": [1, 2],
    signalsOnly: [true],
  });
});

Deno.test("toRunInput names the field of everything that is wrong", () => {
  const { errors } = input({
    "/data/candles": "50",
    "/data/dataSeed": "x",
    "/study/kind": "sweep",
    "/study/grid": "leverage",
    "/monteCarloRuns": "-5",
  });
  for (
    const pointer of [
      "/data/candles",
      "/data/dataSeed",
      "/study/grid",
      "/monteCarloRuns",
    ]
  ) {
    assert.ok(errors[pointer], pointer);
  }
  assert.deepEqual(
    refusedFields([
      { pointer: "/config/timeframe", code: "", detail: "a" },
      { pointer: "/study/grid/risk.leverage/1", code: "", detail: "b" },
      { pointer: "/study/grid", code: "", detail: "c" },
      { pointer: "/data/seed", code: "", detail: "d" },
    ]),
    { "/timeframe": "a", "/study/grid": "b · c", "/data/dataSeed": "d" },
  );
});

Deno.test("guessFromName reads market and timeframe where the name has them", () => {
  assert.deepEqual(guessFromName("btcusdt-15m.csv"), {
    symbol: "BTC/USDT",
    timeframe: "15m",
  });
  assert.deepEqual(guessFromName("ETH_USDT_1h.csv.gz"), {
    symbol: "ETH/USDT",
    timeframe: "1h",
  });
  assert.deepEqual(guessFromName("candles.csv"), {
    symbol: null,
    timeframe: null,
  });
});

Deno.test("curveOf keeps every point inside the picture", () => {
  fc.assert(fc.property(
    fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 1e12 }),
        equity: fc.integer({ min: 1, max: 1e9 }).map(String),
        drawdownPct: fc.double({ min: -100, max: 0, noNaN: true }),
      }),
      { minLength: 2, maxLength: 50 },
    ).map((points) => points.sort((a, b) => a.at - b.at)),
    (points) => {
      const curve = curveOf(points, 10_000)!;
      for (
        const [line, height] of [[curve.equity, 260], [
          curve.drawdown,
          90,
        ]] as const
      ) {
        for (const pair of line.split(" ")) {
          const [x, y] = pair.split(",").map(Number);
          assert.ok(x! >= 0 && x! <= 1_000 && y! >= 0 && y! <= height, pair);
        }
      }
    },
  ));
  assert.equal(curveOf([], 10_000), null);
});

Deno.test("trades are sorted by figures, not by texts, and exported with formulas disarmed", () => {
  const trades = [
    sampleTrade(1),
    sampleTrade(2),
    sampleTrade(3, { netPnl: "-9" }),
  ];
  const nets = (descending: boolean) =>
    sortTrades(trades, { by: "netPnl", descending }).map(({ netPnl }) =>
      netPnl
    );
  assert.deepEqual(nets(false), ["-25.5", "-9", "49.5"]);
  assert.deepEqual(nets(true), ["49.5", "-9", "-25.5"]);
  const csv = tradesCsv([sampleTrade(1, { reasons: ['=SUM(A1) "x"', "b"] })]);
  const [head, row] = csv.split("\r\n");
  assert.match(head!, /^tradeId,strategy/);
  assert.ok(row!.includes('"\'=SUM(A1) ""x""; b"'), row);
  assert.ok(row!.includes(",-25.5,"), "a loss stays a number");
});

Deno.test("RunsStore follows the stream, newest first, and forgets what is removed", () => {
  const store = new RunsStore([sampleView({ id: "bt_1" })]);
  const event = { v: 1, seq: null, topic: "backtest:update", at: "" } as const;
  store.apply({
    ...event,
    type: "backtest.updated",
    data: sampleView({ id: "bt_2", state: "running" }),
  });
  assert.equal(store.announced.value, "");
  store.apply({
    ...event,
    type: "backtest.updated",
    data: sampleView({ id: "bt_2", label: "two", state: "done" }),
  });
  assert.equal(store.announced.value, "two: Done");
  store.mark("bt_1", true);
  assert.deepEqual(store.runs.value.map(({ id }) => id), ["bt_2", "bt_1"]);
  store.apply({ ...event, type: "backtest.removed", data: { id: "bt_1" } });
  assert.deepEqual(store.runs.value.map(({ id }) => id), ["bt_2"]);
  assert.equal(store.marked.value.size, 0);
});

Deno.test("RunsStore.replaceNewest() forgets what was removed, and no run that the list is too short for", () => {
  const run = (id: string) => sampleView({ id });
  const shown = (nextCursor: string | null) => {
    const store = new RunsStore(["bt_1", "bt_3", "bt_4"].map(run));
    store.replaceNewest({ items: [run("bt_5"), run("bt_3")], nextCursor });
    return store.runs.value.map(({ id }) => id);
  };
  assert.deepEqual(shown("more"), ["bt_5", "bt_3", "bt_1"]);
  assert.deepEqual(shown(null), ["bt_5", "bt_3"]);
});
