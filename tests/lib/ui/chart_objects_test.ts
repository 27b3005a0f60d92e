import { deepEqual, equal, ok } from "node:assert/strict";
import {
  DEFAULT_TOGGLES,
  loadToggles,
  readChoice,
  saveToggles,
  writeChoice,
} from "../../../lib/ui/agent/chart_choice.ts";
import { toFrame } from "../../../lib/ui/agent/chart_frame.ts";
import { placeLabels } from "../../../lib/ui/agent/chart_labels.ts";
import { findObject, objectsAt } from "../../../lib/ui/agent/chart_objects.ts";
import { describeObject } from "../../../lib/ui/agent/object_words.ts";
import { changedFrom } from "../../../lib/ui/agent/series_change.ts";
import { candle, chart, zone } from "./chart_fixtures.ts";

const SEQS = [3, 4, 5, 6, 7, 8];
const DATA = chart(SEQS, {
  overlays: {
    zones: [zone()],
    structure: [{
      kind: "choch",
      bias: 1,
      price: 99.5,
      fromAt: 240_000,
      toAt: 420_000,
    }],
    sweeps: [{
      bias: -1,
      price: 100.4,
      at: 480_000,
      source: "equal",
      members: 2,
      levelAt: 180_000,
    }],
    swings: [],
  },
});
const FRAME = toFrame(DATA.candles, { own: "1m", timeframe: "1m" });

Deno.test("describeObject() tells an object's candles and the values of its rule", () => {
  const of = (id: string) => describeObject(findObject(DATA, id)!, FRAME);
  const gap = of("zone z");
  equal(gap.title, "Fair value gap ▲ bullish");
  deepEqual(gap.candles.map(({ role, candle }) => [role, candle.seq]), [
    ["Before", 4],
    ["Gap", 5],
    ["After", 6],
  ]);
  const facts = Object.fromEntries(gap.facts);
  equal(facts["Middle"], "101.00");
  equal(facts["State"], "Open, not touched yet");
  const line = of("structure choch1420000");
  deepEqual(line.candles.map(({ candle }) => candle.seq), [4, 7]);
  equal(Object.fromEntries(line.facts)["Beyond by"], "0.50");
  const sweep = Object.fromEntries(of("sweep -1480000100.4").facts);
  equal(sweep["Made of"], "Equal highs or lows, 2 swings");
  equal(sweep["Beyond by"], "0.60");
});

Deno.test("describeObject() leaves out candles that are not known any more", () => {
  const late = toFrame([candle(6), candle(7)], { own: "1m", timeframe: "1m" });
  deepEqual(describeObject(findObject(DATA, "zone z")!, late).candles, []);
});

Deno.test("objectsAt() finds what is on a candle", () => {
  const at = (fromAt: number, high = 101) =>
    objectsAt(DATA, {
      fromAt,
      untilAt: fromAt + 60_000,
      high,
      low: 99,
      frame: FRAME,
    }).map(({ kind }) => kind);
  deepEqual(at(240_000), ["structure"]);
  deepEqual(at(300_000), ["zone"]);
  deepEqual(at(420_000), ["zone", "structure"]);
  deepEqual(at(480_000, 99.5), ["sweep"]);
});

Deno.test("placeLabels() hides the older of two that would overlap", () => {
  const label = (
    text: string,
    change: { x: number; y: number; at: number },
  ) => ({
    text,
    color: "",
    ...change,
  });
  const shown = placeLabels([
    label("old", { x: 100, y: 50, at: 1 }),
    label("new", { x: 100, y: 55, at: 3 }),
    label("lower", { x: 100, y: 75, at: 2 }),
    label("beside", { x: 140, y: 55, at: 0 }),
  ], () => 30);
  deepEqual(shown.map(({ text }) => text), ["new", "lower", "beside"]);
});

Deno.test("changedFrom() gives a series what is new, and everything where the past is another", () => {
  const from = (known: number[] | undefined, next: number[]) =>
    changedFrom({
      known: known?.map((time) => ({ time })),
      next: next.map((time) => ({ time })),
      timeOf: ({ time }) => time,
      isSame: (a, b) => a.time === b.time,
    });
  equal(from(undefined, [1]), null);
  equal(from([1, 2], [1, 2]), 1);
  equal(from([1, 2], [1, 2, 3, 4]), 1);
  equal(from([2, 3], [1, 2, 3]), null);
  equal(from([1, 2, 3], [1, 2]), null);
  equal(from([1, 5], [1, 2, 5]), null);
  equal(from([1], Array.from({ length: 99 }, (_, time) => time + 1)), null);
});

Deno.test("readChoice() takes what an address says and writeChoice() leaves the rest of it", () => {
  const read = (text: string) => readChoice(new URLSearchParams(text), "5m");
  deepEqual(read(""), { timeframe: "5m", range: "latest" });
  deepEqual(read("timeframe=1h&range=1w"), { timeframe: "1h", range: "1w" });
  // Shorter candles cannot be made of longer ones.
  deepEqual(read("timeframe=1m&range=ever"), {
    timeframe: "5m",
    range: "latest",
  });
  const write = (timeframe: "5m" | "1h", range: "latest" | "all") =>
    writeChoice(new URLSearchParams("tab=orders&range=1d"), {
      timeframe,
      range,
      own: "5m",
    });
  equal(write("1h", "all"), "?tab=orders&range=all&timeframe=1h");
  equal(write("5m", "latest"), "?tab=orders");
});

Deno.test("loadToggles() gives back what saveToggles() kept, and does without storage", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
  };
  deepEqual(loadToggles(storage), DEFAULT_TOGGLES);
  const chosen = { ...DEFAULT_TOGGLES, gaps: false, decisions: true };
  saveToggles(storage, chosen);
  deepEqual(loadToggles(storage), chosen);
  kept.set([...kept.keys()][0]!, '{"gaps":"no"}');
  deepEqual(loadToggles(storage), DEFAULT_TOGGLES);
  const refusing = () => {
    throw new Error("refused");
  };
  deepEqual(loadToggles({ getItem: refusing }), DEFAULT_TOGGLES);
  saveToggles({ setItem: refusing }, chosen);
  ok(true);
});
