import assert from "node:assert/strict";
import { EXIT } from "../../../lib/patterns/command.ts";
import { loadCandleFile } from "../../../lib/exchange/candle_file.ts";
import { DetectorSet } from "../../../agents/mod.ts";
import { DETECTOR } from "../../agents/fixtures/run_detectors.ts";
import { FIXTURE, refusal, ROWS, runOn } from "./command_support.ts";

Deno.test("runSmcCommand() prints the events of the causal detectors in their order", async () => {
  const { code, out, err } = await runOn("bos_choch", "--mode", "causal");
  assert.equal(code, EXIT.ok, err);
  const lines = out.trimEnd().split("\n");
  assert.equal(
    lines[0],
    "row,timestamp_ms,ref_row,ref_timestamp_ms,event,bias,scale,price",
  );
  const candles = await loadCandleFile(FIXTURE);
  const detectors = new DetectorSet(DETECTOR);
  const packed = candles.packed(0, ROWS);
  const expected: string[] = [];
  for (let index = 0; index < ROWS; index++) {
    const batch = { fromSeq: 0, count: ROWS, packed };
    detectors.step(batch, index);
    for (const event of detectors.events) {
      if (event.kind !== "structure") continue;
      const { seq, at, refSeq, refAt, stage, bias, scale, price } = event;
      expected.push(
        [seq, at, refSeq, refAt, stage, bias, scale, price].join(","),
      );
    }
  }
  assert(expected.length > 10);
  assert.deepEqual(lines.slice(1), expected);
});

Deno.test("runSmcCommand() reads detector settings in causal mode and says which keys are of the reference", async () => {
  const five = await runOn("swing_highs_lows", "--mode", "causal");
  const nine = await runOn(
    "swing_highs_lows",
    "--mode",
    "causal",
    "--set",
    "swing_length=9",
  );
  assert.equal(nine.code, EXIT.ok, nine.err);
  assert.notEqual(nine.out, five.out);
  const problems = await refusal(
    "--candles",
    FIXTURE,
    "--indicator",
    "fvg",
    "--mode",
    "causal",
    "--set",
    "close_break=true",
    "--set",
    "swing_length=x",
  );
  assert.equal(problems.length, 1);
  assert.match(problems[0]!, /^--set swing_length: "x" is not valid; /);
  const noted = await runOn(
    ...["fvg", "--mode", "causal", "--set", "close_break=true"] as const,
  );
  assert.equal(noted.code, EXIT.ok);
  assert.match(noted.err, /close_break is a key of the reference mode/);
});
