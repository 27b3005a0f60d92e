import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { FEATURES } from "../../../agents/decision/feature_list.ts";
import { WARM_UP_CANDLES } from "../../../agents/decision/limits.ts";
import { normalize } from "../../../agents/decision/normalization.ts";
import { loadCandleFile } from "../../../lib/exchange/candle_file.ts";
import {
  type CandleSeries,
  seriesFromCandles,
} from "../../../lib/exchange/candle_series.ts";
import { buildDataset } from "../../../lib/inference/dataset/build.ts";
import { readSettings } from "../../../lib/inference/dataset/settings.ts";
import { featureRows, toValues } from "../../agents/fixtures/feature_rows.ts";
import { loadMarketData } from "../../agents/fixtures/market_data.ts";
import { exportFixture, FIXTURE, inFolder } from "./dataset_run.ts";

const ROWS = 3_000;
const LIMIT = 48;

function toBatch(candles: CandleSeries) {
  const count = candles.length;
  return { fromSeq: 0, count, packed: candles.packed(0, count) };
}

function settingsOf(...set: string[]) {
  const read = readSettings(set);
  assert.ok(read.ok);
  return read.settings;
}

const WHOLE = { from: null, to: null };

Deno.test("ml dataset writes the rows that live agents have, bit for bit", () =>
  inFolder(async (folder) => {
    const { records } = await exportFixture(folder);
    const candles = await loadCandleFile(FIXTURE);
    const live = featureRows(toBatch(candles));
    assert.equal(live.first, WARM_UP_CANDLES - 1);
    assert.equal(records.length, ROWS - LIMIT - live.first);
    const exported = records.flatMap(({ features }) => [...features]);
    assert.deepEqual(
      new Uint32Array(Float32Array.from(exported).buffer),
      live.bits.subarray(0, exported.length),
    );
    records.forEach(({ openAt }, index) =>
      assert.equal(openAt, candles.openAt(live.first + index))
    );
  }));

Deno.test("buildDataset() gives the rows that live agents have, bit for bit, on real candles", async () => {
  const batch = await loadMarketData("btcusd-5m-bitfinex-2019.csv.gz");
  if (batch === null) return;
  const count = 20_000;
  const packed = batch.packed.slice(0, count * 6);
  const candles = seriesFromCandles(
    Array.from({ length: count }, (_, index) => {
      const [openAt, open, high, low, close, volume] = packed.subarray(
        index * 6,
        index * 6 + 6,
      ) as unknown as [number, number, number, number, number, number];
      return { openAt, open, high, low, close, volume };
    }),
  );
  const dataset = buildDataset(candles, {
    settings: settingsOf(),
    range: WHOLE,
  });
  const live = toValues(featureRows({ fromSeq: 0, count, packed }));
  assert.equal(dataset.rows, count - WARM_UP_CANDLES + 1 - LIMIT);
  assert.deepEqual(dataset.features, live.subarray(0, dataset.features.length));
  const counts = [-1, 0, 1].map((label) =>
    dataset.label.filter((each) => each === label).length
  );
  assert.ok(counts.every((each) => each > 0), `labels ${counts}`);
});

Deno.test("ml dataset labels what the candles after a row did", () =>
  inFolder(async (folder) => {
    const { records, meta } = await exportFixture(folder, [
      "--set",
      "labels.distance=3",
      "--set",
      "labels.limitCandles=20",
    ]);
    const candles = [...await loadCandleFile(FIXTURE)];
    const places = new Map(candles.map(({ openAt }, place) => [openAt, place]));
    const seen = new Set<number>();
    for (const { label, openAt, touchAt, weight } of records) {
      const start = places.get(openAt)!;
      const touch = places.get(touchAt)!;
      assert.ok(touch > start && touch <= start + 20);
      assert.ok(weight > 0 && weight <= 1);
      const { close } = candles[start]!;
      const { high, low } = candles[touch]!;
      if (label === 1) assert.ok(high > close);
      if (label === -1) assert.ok(low < close);
      seen.add(label);
    }
    assert.deepEqual([...seen].toSorted(), [-1, 0, 1]);
    assert.equal(meta.labels.distance, 3);
    const { down, neither, up } = meta.labels;
    assert.equal(up + down + neither, records.length);
  }));

Deno.test("ml dataset describes how to read the rows and what they come from", () =>
  inFolder(async (folder) => {
    const { bytes, meta } = await exportFixture(folder, [
      "--licence",
      "made by the simulated market",
      "--set",
      "detector.swingLength=7",
    ]);
    const sha256 = (data: Uint8Array) =>
      createHash("sha256").update(data).digest("hex");
    assert.equal(meta.data.sha256, sha256(bytes));
    assert.equal(meta.data.bytes, bytes.length);
    assert.equal(meta.data.file, "rows.bin");
    assert.equal(meta.candles.sha256, sha256(await Deno.readFile(FIXTURE)));
    assert.equal(meta.candles.file, "simulated-btcusdt-15m.csv");
    assert.equal(meta.candles.stepMs, 900_000);
    assert.deepEqual(meta.features.names, FEATURES.map(({ name }) => name));
    assert.equal(meta.features.detector.swingLength, 7);
    assert.deepEqual(meta.features.detectorChanges, { swingLength: 7 });
    assert.equal(meta.licence, "made by the simulated market");
    assert.equal(meta.normalization, null);
  }));

Deno.test("ml dataset gives the same bytes for the same command", () =>
  inFolder(async (folder) => {
    const first = await exportFixture(folder);
    const second = await exportFixture(folder);
    assert.deepEqual(second.bytes, first.bytes);
    assert.deepEqual(second.meta, first.meta);
  }));

Deno.test("ml dataset --from keeps the warm-up before it, and --to reads nothing after it", () =>
  inFolder(async (folder) => {
    const whole = await exportFixture(folder);
    const from = new Date(whole.records[700]!.openAt).toISOString();
    const to = new Date(whole.records[1_500]!.openAt).toISOString();
    const part = await exportFixture(folder, ["--from", from, "--to", to]);
    // The label of the last row may need every candle up to the end of the range.
    const lastRow = 1_500 - LIMIT;
    assert.deepEqual(
      part.records.map(({ weight: _, ...record }) => record),
      whole.records.slice(700, lastRow + 1).map(({ weight: _, ...record }) =>
        record
      ),
    );
    const end = whole.records[1_500]!.openAt;
    assert.ok(part.records.every(({ touchAt }) => touchAt <= end));
  }));

Deno.test("ml dataset --train-to sums up the rows up to then and no later ones", () =>
  inFolder(async (folder) => {
    const whole = await exportFixture(folder);
    const trainTo = new Date(whole.records[999]!.openAt).toISOString();
    const all = await exportFixture(folder, ["--train-to", trainTo]);
    assert.equal(all.meta.normalization.rows, 1_000);
    assert.equal(all.meta.normalization.toAt, whole.records[999]!.openAt);
    const rows = all.records.slice(0, 1_000);
    all.meta.normalization.mean.forEach((mean: number, place: number) => {
      const sum = rows.reduce((part, row) => part + row.features[place]!, 0);
      assert.ok(Math.abs(mean - sum / 1_000) <= 1e-9);
    });
    const target = new Float32Array(FEATURES.length);
    const { normalization } = all.meta;
    normalize(rows[0]!.features, { normalization, target });
    assert.ok(target.every((value) => Math.abs(value) <= 5));
  }));

Deno.test("ml dataset measures barriers by the EWMA volatility where it is asked to", () =>
  inFolder(async (folder) => {
    const byAtr = await exportFixture(folder);
    const byEwma = await exportFixture(folder, [
      "--set",
      "labels.deviation=ewma",
    ]);
    assert.equal(byEwma.meta.labels.deviation, "ewma");
    // One candle's deviation is less than its whole range, so these barriers are nearer.
    assert.ok(byEwma.meta.labels.meanWeight > byAtr.meta.labels.meanWeight);
  }));

Deno.test("buildDataset() gives no row to a market that stands still", () => {
  const still = { open: 1, high: 1, low: 1, close: 1, volume: 1 };
  const candles = seriesFromCandles(
    Array.from({ length: 700 }, (_, seq) => ({
      ...still,
      openAt: seq * 60_000,
    })),
  );
  assert.throws(
    () => buildDataset(candles, { settings: settingsOf(), range: WHOLE }),
    /the price does not move/,
  );
});
