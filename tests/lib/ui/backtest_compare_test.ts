import assert from "node:assert/strict";
import {
  comparedCurves,
  differencesOf,
} from "../../../lib/ui/backtest/compare.ts";
import { moveOfKey } from "../../../lib/ui/backtest/replay_keys.ts";
import {
  runValues,
  sentStart,
  startOfRun,
  testedValues,
} from "../../../lib/ui/backtest/run_start.ts";
import { toRunInput } from "../../../lib/ui/backtest/run_form.ts";
import { backtestRequestSchema } from "../../../lib/contracts/backtest.ts";
import { sampleReport } from "../backtest/sample_report.ts";
import { testConfig } from "../backtest/setup.ts";

Deno.test("differencesOf names the settings that runs do not share, and never their names", () => {
  const config = testConfig();
  const other = {
    ...config,
    name: "Other",
    risk: { ...config.risk, leverage: 2 },
  };
  assert.deepEqual(differencesOf([{ config }, { config: other }]), [
    { path: "risk.leverage", values: ["5", "2"] },
  ]);
});

Deno.test("comparedCurves puts returns over different capitals on one scale", () => {
  const report = sampleReport();
  const { config } = report;
  const point = { drawdownPct: 0, price: "1" };
  const small = {
    config: { ...config, risk: { ...config.risk, initialCapital: "100" } },
    equity: [
      { ...point, at: 0, equity: "100" },
      { ...point, at: 10, equity: "110" },
    ],
  };
  const large = {
    config: { ...config, risk: { ...config.risk, initialCapital: "1000" } },
    equity: [
      { ...point, at: 0, equity: "1000" },
      { ...point, at: 10, equity: "1100" },
    ],
  };
  const curves = comparedCurves([small, large, { config, equity: [] }])!;
  assert.equal(curves.lines[0], curves.lines[1]);
  assert.equal(curves.lines[2], null);
  assert.equal(comparedCurves([{ config, equity: [] }]), null);
});

Deno.test("moveOfKey leaves a key to what has the focus and uses it", () => {
  const plain = { shiftKey: false, hasModifier: false };
  const move = (
    key: string,
    focus: Parameters<typeof moveOfKey>[0]["focus"] = "none",
    shiftKey = false,
  ) => moveOfKey({ ...plain, key, focus, shiftKey });
  assert.equal(move("ArrowRight"), "step");
  assert.equal(move("ArrowLeft", "button"), "back");
  assert.equal(move("ArrowRight", "none", true), "nextEvent");
  assert.equal(move(" "), "toggle");
  assert.equal(move(" ", "slider"), "toggle");
  assert.equal(move("ArrowRight", "slider"), null);
  assert.equal(move(" ", "button"), null);
  for (const key of ["ArrowLeft", " "]) {
    assert.equal(move(key, "text"), null);
    assert.equal(move(key, "region"), null);
  }
  assert.equal(
    moveOfKey({ key: " ", shiftKey: false, hasModifier: true, focus: "none" }),
    null,
  );
});

Deno.test("startOfRun gives the form that the same request comes of, also as it is sent without script", () => {
  const request = backtestRequestSchema.parse({
    config: testConfig(),
    data: {
      kind: "file",
      file: "a.csv",
      hedgeFile: "b.csv",
      from: "2026-01-01T00:00:00Z",
      to: "2026-02-01T23:59:59.999Z",
    },
    study: {
      kind: "walk_forward",
      grid: { "risk.leverage": [1, 2] },
      folds: 3,
    },
    lookAheadCheck: false,
  });
  const start = startOfRun("bt_1", request);
  const again = toRunInput({ template: null, ...start });
  assert.deepEqual(again.errors, {});
  assert.deepEqual(backtestRequestSchema.parse(again.request), request);
  const sent = sentStart(
    start,
    (name) =>
      name === "/data/file"
        ? "c.csv"
        : name === "/lookAheadCheck"
        ? "on"
        : null,
  );
  assert.deepEqual(sent.run, {
    ...runValues(request),
    "/data/file": "c.csv",
    "/lookAheadCheck": true,
  });
});

Deno.test("testedValues lets an agent trade by itself, and says so", () => {
  const { config, notes } = testedValues({
    ...testConfig(),
    signalsOnly: true,
    sources: ["agt_1"],
  });
  assert.equal(config["/signalsOnly"], false);
  assert.equal(config["/sources"], "");
  assert.equal(notes.length, 2);
  assert.deepEqual(testedValues(testConfig()).notes, []);
});
