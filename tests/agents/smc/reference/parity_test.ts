/**
 * Equality with smart-money-concepts 0.0.27 itself, cell by cell: with 80 small
 * frames whose results the package made (Python 3.11, pandas 1.5.3, numpy
 * 1.24.2), and with its own result files where they lie beside the project.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  computeReference,
  REFERENCE_INDICATORS,
  type ReferenceIndicator,
} from "../../../../agents/smc/reference/mod.ts";
import { readReferenceSettings } from "../../../../lib/patterns/reference_settings.ts";
import { assertSameCells, type Cells, loadRows, toColumns } from "./frames.ts";

interface FrameCase {
  candles: [number, number, number, number, number, number][];
  set: Record<string, string>;
  results: Record<
    ReferenceIndicator,
    Record<string, readonly (number | null)[]>
  >;
}

const FRAMES = new URL(
  "../../../fixtures/smc-reference-frames.json.gz",
  import.meta.url,
);
const FILES = new URL("../../../../../shared/smc-reference/", import.meta.url);

const CASES: readonly [
  file: string,
  indicator: ReferenceIndicator,
  set: readonly string[],
][] = [
  ["swing_highs_lows", "swing_highs_lows", []],
  ["fvg", "fvg", []],
  ["fvg_consecutive", "fvg", ["join_consecutive=true"]],
  ["bos_choch", "bos_choch", ["close_break=true"]],
  ["ob", "ob", ["close_mitigation=false"]],
  ["previous_high_low", "previous_high_low", ["time_frame=4h"]],
  ["previous_high_low", "previous_high_low", ["time_frame=1D"]],
  ["previous_high_low", "previous_high_low", ["time_frame=W"]],
  ["sessions", "sessions", ["session=London"]],
];

const EURUSD_ROWS = 24_424;

function optionsOf(set: readonly string[], indicator: ReferenceIndicator) {
  const settings = readReferenceSettings(set, indicator);
  assert(settings.ok, JSON.stringify(settings));
  return settings.options;
}

Deno.test("reference indicators equal the package on frames with ties, holes and volumes", async () => {
  const stream = (await Deno.open(FRAMES)).readable
    .pipeThrough(new DecompressionStream("gzip"));
  const cases: FrameCase[] = await new Response(stream).json();
  assert.equal(cases.length, 80);
  for (const [number, { candles, set, results }] of cases.entries()) {
    const rows = candles.map(([at, o, h, l, c, v]) => ({ at, o, h, l, c, v }));
    const assignments = Object.entries(set).map(([key, value]) =>
      `${key}=${value}`
    );
    for (const indicator of REFERENCE_INDICATORS) {
      const expected: Cells = Object.fromEntries(
        Object.entries(results[indicator]).map(([name, cells]) => [
          name,
          cells.map((cell) => cell ?? NaN),
        ]),
      );
      assertSameCells(
        computeReference(
          indicator,
          toColumns(rows),
          optionsOf(assignments, indicator),
        ),
        expected,
        `frame ${number}, ${indicator}`,
      );
    }
  }
});

for (const [name, indicator, set] of CASES) {
  const timeFrame = /^time_frame=(.+)/.exec(set[0] ?? "")?.[1];
  const file = `${name}_result_data${timeFrame ? `_${timeFrame}` : ""}.csv`;
  Deno.test(`${indicator} equals every cell of ${file}`, async () => {
    const text = await readResult(file);
    const rows = await loadRows("eurusd-15m-smc.csv", {
      from: 0,
      to: EURUSD_ROWS,
    });
    if (text === null || rows === null) return;
    const [header, ...lines] = text.trimEnd().split("\n");
    assert.equal(lines.length, EURUSD_ROWS);
    const options = optionsOf(["swing_length=5", ...set], indicator);
    const columns = computeReference(indicator, toColumns(rows), options);
    assert.equal(columns.map(({ name }) => name).join(","), header);
    lines.forEach((line, row) =>
      line.split(",").forEach((cell, index) => {
        const { name, format, values } = columns[index]!;
        const number = cell === "" ? NaN : Number(cell);
        const expected = format === "float32" ? Math.fround(number) : number;
        assert(
          Object.is(values[row], expected),
          `${name}, row ${row}: ${values[row]}, expected ${cell}`,
        );
      })
    );
  });
}

/** A result file, or null with a word about it. */
async function readResult(file: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(new URL(file, FILES));
  } catch {
    // deno-lint-ignore no-console -- the only way to say that a test was skipped for want of data
    console.log("skipped: reference results absent");
    return null;
  }
}
