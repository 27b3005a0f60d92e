import { deepEqual, equal } from "node:assert/strict";
import {
  MAX_CANDLES,
  mergeCharts,
  TRIM_CANDLES,
} from "../../../lib/ui/agent/chart_data.ts";
import { isDebugOn } from "../../../lib/ui/client/debug.ts";
import { chart, zone } from "./chart_fixtures.ts";

Deno.test("mergeCharts() joins candles without a double", () => {
  const merged = mergeCharts(chart([1, 2, 3]), chart([3, 4]));
  deepEqual(merged.candles.map(({ seq }) => seq), [1, 2, 3, 4]);
});

Deno.test("mergeCharts() takes the newer state of a zone", () => {
  const overlays = chart([]).overlays;
  const merged = mergeCharts(
    chart([1], { overlays: { ...overlays, zones: [zone()] } }),
    chart([2], {
      overlays: {
        ...overlays,
        zones: [zone({ state: "ended", toAt: 120_000 })],
      },
    }),
  );
  deepEqual(merged.overlays.zones.map(({ state }) => state), ["ended"]);
});

Deno.test("mergeCharts() keeps a bounded number of candles, and what lies on them", () => {
  const most = MAX_CANDLES + TRIM_CANDLES;
  const seqs = Array.from({ length: most }, (_, seq) => seq);
  const known = chart(seqs);
  equal(mergeCharts(known, chart([most - 1])).candles.length, most);
  const overlays = {
    ...known.overlays,
    zones: [zone({ state: "ended", toAt: 360_000 }), zone({ id: "open" })],
  };
  const merged = mergeCharts({ ...known, overlays }, chart([most]));
  equal(merged.candles.length, MAX_CANDLES);
  equal(merged.candles.at(-1)!.seq, most);
  deepEqual(merged.overlays.zones.map(({ id }) => id), ["open"]);
});

Deno.test("isDebugOn() understands names and patterns", () => {
  equal(isDebugOn("smc:*", "smc:stream"), true);
  equal(isDebugOn("smc:stream", "smc:stream"), true);
  equal(isDebugOn("other:*", "smc:stream"), false);
  equal(isDebugOn(null, "smc:stream"), false);
});
