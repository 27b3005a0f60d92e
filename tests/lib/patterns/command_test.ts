import assert from "node:assert/strict";
import { EXIT } from "../../../lib/patterns/command.ts";
import { writeLines } from "../../../lib/patterns/csv.ts";
import { CSV_CHUNK_ROWS } from "../../../lib/patterns/limits.ts";
import { FIXTURE, refusal, ROWS, run, runOn } from "./command_support.ts";

const HEADERS: Readonly<Record<string, string>> = {
  swing_highs_lows: "HighLow,Level",
  fvg: "FVG,Top,Bottom,MitigatedIndex",
  bos_choch: "BOS,CHOCH,Level,BrokenIndex",
  ob: "OB,Top,Bottom,OBVolume,MitigatedIndex,Percentage",
  liquidity: "Liquidity,Level,End,Swept",
  previous_high_low: "PreviousHigh,PreviousLow,BrokenHigh,BrokenLow",
  sessions: "Active,High,Low",
  retracements: "Direction,CurrentRetracement%,DeepestRetracement%",
};

for (const [indicator, header] of Object.entries(HEADERS)) {
  Deno.test(`runSmcCommand() prints a header and one line a candle of ${indicator}`, async () => {
    const { code, out, err } = await runOn(
      indicator,
      ...(indicator === "sessions" ? ["--set", "session=Tokyo"] : []),
    );
    assert.equal(code, EXIT.ok, err);
    assert.equal(err, "");
    assert(out.endsWith("\n"));
    const lines = out.slice(0, -1).split("\n");
    assert.equal(lines[0], header);
    assert.equal(lines.length, ROWS + 1);
    const commas = header.split(",").length - 1;
    assert(lines.every((line) => line.split(",").length - 1 === commas));
  });
}

Deno.test("runSmcCommand() reads settings, of which the last one of a key counts", async () => {
  const preset = await runOn("swing_highs_lows");
  const same = await runOn("swing_highs_lows", "--set", "swing_length=50");
  assert.equal(same.out, preset.out);
  const short = await runOn(
    "swing_highs_lows",
    "--set",
    "swing_length=9",
    "--set",
    "swing_length=5",
  );
  const five = await runOn("swing_highs_lows", "--set", "swing_length=5");
  assert.equal(short.out, five.out);
  assert.notEqual(five.out, preset.out);
});

Deno.test("runSmcCommand() takes a Custom session and any case of a name", async () => {
  const named = await runOn("sessions", "--set", "session=london");
  const custom = await runOn(
    "sessions",
    ...["session=custom", "start_time=07:00", "end_time=16:00"]
      .flatMap((text) => ["--set", text]),
  );
  assert.equal(custom.code, EXIT.ok, custom.err);
  assert.equal(custom.out, named.out);
});

Deno.test("runSmcCommand() says which settings do nothing, and goes on", async () => {
  const { code, out, err } = await runOn(
    "fvg",
    "--set",
    "swing_length=5",
  );
  assert.equal(code, EXIT.ok);
  assert.equal(err, "swing_length has no effect on fvg.\n");
  assert.equal(out, (await runOn("fvg")).out);
  const session = await runOn(
    "sessions",
    ...["session=Tokyo", "start_time=07:00"].flatMap((text) => ["--set", text]),
  );
  assert.match(session.err, /^start_time has no effect: only session=Custom/);
});

Deno.test("runSmcCommand() warns that 15m means months", async () => {
  const { code, err } = await runOn(
    "previous_high_low",
    "--set",
    "time_frame=15m",
  );
  assert.equal(code, EXIT.ok);
  assert.equal(
    err,
    "time_frame=15m means months, as in pandas; write 15min for minutes.\n",
  );
});

Deno.test("writeLines() hands on pieces of whole lines, never one long text", () => {
  const lines = Array.from(
    { length: 2 * CSV_CHUNK_ROWS + 1 },
    (_, row) => `line ${row}`,
  );
  const pieces: string[] = [];
  writeLines(lines, (text) => pieces.push(text));
  assert.deepEqual(pieces.map((piece) => piece.split("\n").length - 1), [
    CSV_CHUNK_ROWS,
    CSV_CHUNK_ROWS,
    1,
  ]);
  assert.equal(pieces.join(""), `${lines.join("\n")}\n`);
});

Deno.test("runSmcCommand() names all mistakes at once, one sentence each", async () => {
  const problems = await refusal(
    "--candles",
    "/nowhere/missing.csv",
    "--indicator",
    "sesions",
    ...[
      "colour=red",
      "swing_length=0",
      "join_consecutive=maybe",
      "range_percent=-1",
      "time_frame=3Y",
      "time_zone=UTC+5:30",
      "session=Paris",
      "novalue",
    ].flatMap((text) => ["--set", text]),
  );
  const expected = [
    /^--indicator "sesions": there is no such indicator; choose from swing_highs_lows, /,
    /^--set colour: there is no such key; choose from swing_length, /,
    /^--set "novalue" has no value; write key=value, /,
    /^--set swing_length: "0" is not valid; write a whole number from 1/,
    /^--set join_consecutive: "maybe" is not valid; write true or false$/,
    /^--set range_percent: "-1" is not valid; write a number from 0/,
    /^--set time_frame: "3Y" is not valid; write 15min or 15T, 4h, 1D, W and M/,
    /^--set session: "Paris" is not valid; write one of Sydney, /,
    /^--set time_zone: "UTC\+5:30" is not valid; write UTC, GMT, /,
    /^The candle file missing\.csv does not exist: check the name$/,
  ];
  assert.equal(problems.length, expected.length, problems.join("\n"));
  expected.forEach((pattern, index) => assert.match(problems[index]!, pattern));
});

Deno.test("runSmcCommand() says what is missing", async () => {
  assert.deepEqual((await refusal()).map((line) => line.split(";")[0]), [
    "--candles is missing",
    "--indicator is missing",
  ]);
  const [session] = await refusal(
    "--candles",
    FIXTURE,
    "--indicator",
    "sessions",
  );
  assert.match(session!, /^--set session is missing; choose from Sydney, /);
  const times = await refusal(
    "--candles",
    FIXTURE,
    "--indicator",
    "sessions",
    "--set",
    "session=Custom",
  );
  assert.deepEqual(times.map((line) => line.split(" ")[1]), [
    "start_time",
    "end_time",
  ]);
  assert.deepEqual(await refusal("--bogus"), [
    "Unknown option '--bogus'; see --help",
  ]);
  const [mode] = await refusal(
    "--candles",
    FIXTURE,
    "--indicator",
    "fvg",
    "--mode",
    "live",
  );
  assert.match(mode!, /^--mode "live": there is no such mode; choose from /);
});

Deno.test("runSmcCommand() refuses a wrong candle file with its place", async () => {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    await Deno.writeTextFile(
      path,
      "timestamp_ms,open,high,low,close,volume\n0,1,2,1,1,0\n1,1,x,1,1,0\n",
    );
    const [problem] = await refusal("--candles", path, "--indicator", "fvg");
    assert.match(problem!, /line 3, column high/);
  } finally {
    await Deno.remove(path);
  }
});

for (const indicator of Object.keys(HEADERS)) {
  Deno.test(`runSmcCommand() prints of the first candles the first lines of ${indicator} in causal mode`, async () => {
    const path = await Deno.makeTempFile({ suffix: ".csv" });
    try {
      const rows = (await Deno.readTextFile(FIXTURE)).split("\n");
      const whole = await runOn(indicator, "--mode", "causal");
      assert.equal(whole.code, EXIT.ok, whole.err);
      assert(whole.out.split("\n").length > 30, indicator);
      for (const count of [1, 57, 800, 2_111]) {
        // deno-lint-ignore no-await-in-loop -- one run after the other
        await Deno.writeTextFile(path, rows.slice(0, count + 1).join("\n"));
        // deno-lint-ignore no-await-in-loop -- one run after the other
        const { code, out, err } = await run(
          ...["--candles", path, "--indicator", indicator, "--mode", "causal"],
        );
        assert.equal(code, EXIT.ok, err);
        assert(whole.out.startsWith(out), `${indicator}, ${count} candles`);
      }
    } finally {
      await Deno.remove(path);
    }
  });
}

Deno.test("runSmcCommand() explains itself with --help, whatever else is said", async () => {
  const { code, out, err } = await run("--help", "--indicator", "nothing");
  assert.equal(code, EXIT.ok);
  assert.equal(err, "");
  const parts = [
    "--candles FILE",
    "reference (if left out)",
    "never trade on them",
    "swing_length=50",
    "time_frame=1D",
    "Keys of the causal mode",
    ...Object.keys(HEADERS),
  ];
  for (const part of parts) assert(out.includes(part), part);
});
