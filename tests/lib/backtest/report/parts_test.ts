import assert from "node:assert/strict";
import * as fc from "fast-check";
import { binResults } from "../../../../lib/backtest/report/Histogram.tsx";
import { toReportJson } from "../../../../lib/backtest/report/report_json.ts";
import {
  placeOn,
  scaleOf,
  timeTicks,
} from "../../../../lib/backtest/report/scale.ts";
import { settingGroups } from "../../../../lib/backtest/report/Setup.tsx";
import { STYLE } from "../../../../lib/backtest/report/style.ts";
import { verdictOf } from "../../../../lib/ui/backtest/verdict.ts";
import { reportOf, summaryOf, unknownReport } from "./support.ts";

const SEED = 20_264;
const DAY_MS = 86_400_000;

Deno.test("scaleOf() has round marks around all values", () => {
  const scale = scaleOf([9_180, 10_640], 5);
  assert.deepEqual(scale.marks, [9_000, 9_500, 10_000, 10_500, 11_000]);
  assert.equal(scale.digits, 0);
  assert.equal(scaleOf([0.012, 0.019], 4).digits, 3);
  assert.equal(placeOn(scale, 10_000), 0.5);
});

Deno.test("scaleOf() holds every value, with few marks, also without a range", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
        minLength: 1,
        maxLength: 20,
      }),
      (values) => {
        const scale = scaleOf(values, 5);
        for (const value of values) {
          const place = placeOn(scale, value);
          assert.ok(place >= -1e-6 && place <= 1 + 1e-6, String(place));
        }
        assert.ok(scale.marks.length >= 2 && scale.marks.length <= 8);
      },
    ),
    { seed: SEED, numRuns: 300 },
  );
});

Deno.test("timeTicks() are starts of days, months or years within the range, few and in order", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2030, 0) }),
      fc.integer({ min: 2 * DAY_MS, max: 20 * 365 * DAY_MS }),
      (from, span) => {
        const ticks = timeTicks({ from, to: from + span, count: 9 });
        assert.ok(ticks.length <= 11);
        ticks.reduce((before, { place }) => {
          assert.ok(place >= 0 && place <= 1 && place > before);
          return place;
        }, -1);
        assert.equal(
          new Set(ticks.map(({ label }) => label)).size,
          ticks.length,
        );
      },
    ),
    { seed: SEED, numRuns: 300 },
  );
  const year = {
    from: Date.UTC(2019, 0),
    to: Date.UTC(2019, 11, 31),
    count: 9,
  };
  assert.deepEqual(timeTicks(year).map(({ label }) => label), [
    "Jan 2019",
    "Mar 2019",
    "May 2019",
    "Jul 2019",
    "Sep 2019",
    "Nov 2019",
  ]);
  assert.equal(timeTicks({ from: 0, to: 0, count: 9 })[0]?.label, "1970-01-01");
});

Deno.test("binResults() counts every result once, the far ones in the outer bins", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -50, max: 50, noNaN: true })),
      (results) => {
        const counted = binResults(results)
          .reduce((sum, { count }) => sum + count, 0);
        assert.equal(counted, results.length);
      },
    ),
    { seed: SEED, numRuns: 200 },
  );
  assert.deepEqual(
    binResults([-1, -0.99, 0.2, 99]).filter((bin) => bin.count),
    [
      { from: -1, count: 2 },
      { from: 0, count: 1 },
      { from: 6, count: 1 },
    ],
  );
  assert.deepEqual(binResults([]), []);
});

Deno.test("verdictOf() says what was made or lost, against holding and against chance", () => {
  const won = verdictOf(reportOf());
  assert.equal(
    won.result,
    "Made 190.00 USDT (+1.90%) after costs, over 6 days and 6 trades.",
  );
  assert.match(
    won.comparisons[0]!,
    /^Worse than buying and holding.* \+12\.00%/,
  );
  assert.match(won.comparisons[1]!, /85% of 20 runs .* chance can explain\.$/);
  assert.match(won.doubts.join(" "), /6 trades are too few/);
  assert.match(won.doubts.join(" "), /extrapolated from 6 days/);
  const lost = verdictOf(reportOf([-20, -30]));
  assert.match(lost.result, /^Lost 50\.00 USDT \(−0\.50%\) after costs/);
  const even = verdictOf(reportOf([]));
  assert.match(even.result, /^Ended where it began after costs/);
  assert.match(verdictOf(unknownReport()).result, /is unknown, because/);
});

Deno.test("verdictOf() warns first of a run that knew what came later", () => {
  const lookAhead = { cuts: [5], agrees: false, difference: "trade 2 differs" };
  assert.match(
    verdictOf(reportOf([1], { lookAhead })).alarm!,
    /knew what came later/,
  );
  assert.equal(verdictOf(reportOf([1])).alarm, null);
  const simulated = reportOf([1]);
  const data = { ...simulated.data, simulatedCandles: true };
  assert.match(
    verdictOf({ ...simulated, data }).doubts.join(" "),
    /come from the simulated market/,
  );
});

Deno.test("verdictOf() does not call a run better that holding beat or that chance matches", () => {
  const summary = { ...summaryOf([1]), returnPct: 15 };
  const report = reportOf([1], { summary });
  assert.match(verdictOf(report).comparisons[0]!, /^Better than buying/);
  const { randomEntry, buyAndHold } = report.baselines;
  const beaten = { ...randomEntry!, beatenSharePct: 95 };
  assert.doesNotMatch(
    verdictOf({ ...report, baselines: { buyAndHold, randomEntry: beaten } })
      .comparisons[1]!,
    /chance/,
  );
});

Deno.test("settingGroups() names every setting by its path, without feed and mode", () => {
  const groups = settingGroups(reportOf().config);
  const rows = groups.flatMap((group) => group.rows);
  assert.ok(
    rows.some(([path, value]) => path === "risk.leverage" && value === "5"),
  );
  assert.ok(rows.some(([path]) => path === "strategies.orderBlock.enabled"));
  assert.ok(!rows.some(([path]) => /^(feed|mode)/.test(path)));
});

Deno.test("STYLE has the colours of the panel, by day and by night", async () => {
  const css = await Deno.readTextFile(
    new URL("../../../../static/app.css", import.meta.url),
  );
  const tokensOf = (text: string) =>
    new Map(
      [...text.matchAll(/(--[a-z-]+):\s*(#[0-9A-F]+)/g)].map((
        [, name, value],
      ) => [name!, value!]),
    );
  const [, dark, light] = css.split("color-scheme:").map(tokensOf);
  const [, ownLight, ownDark] = STYLE.split(/:root\{/).map(tokensOf);
  for (const [own, panel] of [[ownLight, light], [ownDark, dark]] as const) {
    assert.ok(own!.size > 10);
    for (const [name, value] of own!) {
      assert.equal(value, panel!.get(name), name);
    }
  }
});

Deno.test("toReportJson() is the report, with keys in order of their names", () => {
  const report = reportOf();
  const text = toReportJson(report);
  assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(report)));
  const reversed = Object.fromEntries(Object.entries(report).reverse());
  assert.equal(toReportJson(reversed as unknown as typeof report), text);
  assert.ok(text.indexOf('"baselines"') < text.indexOf('"config"'));
});
