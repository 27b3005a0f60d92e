import assert from "node:assert/strict";
import { EXIT } from "../../../lib/inference/dataset/command.ts";
import {
  exportFixture,
  FIXTURE,
  inFolder,
  readDataset,
  runMl,
} from "./dataset_run.ts";

/** Runs what must be refused and gives back the sentences. */
async function refusal(
  args: readonly string[],
  options: { cwd?: string } = {},
): Promise<string[]> {
  const { code, err, out } = await runMl(args, options);
  assert.equal(code, EXIT.usage, err);
  assert.equal(out, "", "nothing but figures goes to standard output");
  return err.trimEnd().split("\n");
}

const FILES = ["--candles", FIXTURE, "--out", "/dev/null"];

Deno.test("runMlCommand() names its commands, and helps", async () => {
  assert.deepEqual(await refusal([]), [
    "A command is missing; choose from dataset, evaluate, check, add, runtime, or see --help",
  ]);
  assert.deepEqual(await refusal(["datset"]), [
    'There is no command "datset"; choose from dataset, evaluate, check, add, runtime, or see --help',
  ]);
  for (
    const args of [[], ["dataset"], ["evaluate"], ["check"], ["add"], [
      "runtime",
    ]]
      .map((command) => [...command, "--help"])
  ) {
    const { code, err, out } = await runMl(args);
    assert.equal(code, EXIT.ok);
    assert.equal(err, "");
    assert.match(out, /^Usage: deno task ml /m);
    assert.ok(out.split("\n").every((line) => line.length <= 110), out);
  }
});

Deno.test("runMlCommand() refuses wrong usage with a sentence for each mistake", async () => {
  assert.deepEqual(await refusal(["dataset"]), [
    "--candles is missing; name a .csv, .csv.gz or .candles file",
    "--out is missing; name the file to write the rows to",
  ]);
  const sentences = await refusal([
    "dataset",
    ...FILES,
    ...["--from", "soon", "--train-to", "2019-13-01"],
    ...["--set", "labels.distance=0", "--set", "labels.colour=red"],
    ...["--set", "labels.deviation=range", "--set", "detector=1"],
  ]);
  const expected = [
    /^--from "soon" is not a time; write it as 2019-03-01 or /,
    /^--train-to "2019-13-01" is not a time; /,
    /^--set labels.colour: there is no such key; choose from labels.deviation, labels.distance, labels.limitCandles$/,
    /^--set detector: is a group; set one of detector.swingLength, /,
    /^--set labels.deviation: "range" is not valid; /,
    /^--set labels.distance: 0 is not valid; /,
  ];
  assert.equal(sentences.length, expected.length, sentences.join("\n"));
  expected.forEach((pattern, index) =>
    assert.match(sentences[index]!, pattern)
  );
  for (const folds of ["0", "9", "1.5", "some"]) {
    assert.deepEqual(await refusal(["dataset", ...FILES, "--folds", folds]), [
      `--folds "${folds}" is not a number of folds; name one from 1 to 8`,
    ]);
  }
  assert.match(
    (await refusal(["dataset", ...FILES, "--frob"]))[0]!,
    /^Unknown option '--frob'; see --help$/,
  );
  assert.deepEqual(
    await refusal(
      ["dataset", ...FILES, "--from", "2024-02-01", "--to", "2024-01-01"],
    ),
    ["--from lies after --to; exchange them"],
  );
});

Deno.test("runMlCommand() refuses candles that it cannot use", () =>
  inFolder(async (cwd) => {
    const out = ["--out", "rows.bin"];
    const run = (name: string, ...args: string[]) =>
      refusal(["dataset", "--candles", name, ...out, ...args], { cwd });
    assert.deepEqual(await run("none.csv"), [
      "The candle file none.csv does not exist: check the name",
    ]);
    await Deno.writeTextFile(
      `${cwd}/bad.csv`,
      "timestamp_ms,open,high,low,close,volume\n0,1,2,1,1,1\n60000,1,x,1,1,1\n",
    );
    assert.match((await run("bad.csv"))[0]!, /bad\.csv.*line 3.*high/);
    assert.match(
      (await run(FIXTURE, "--to", "2001-01-01"))[0]!,
      /^No candle of the range gets a row: 0 candles end with it, /,
    );
    assert.match(
      (await run(FIXTURE, "--train-to", "2001-01-01"))[0]!,
      /^No row opens up to --train-to; the first one is of \d{4}-/,
    );
    const left = [...Deno.readDirSync(cwd)].map(({ name }) => name);
    assert.deepEqual(
      left,
      ["bad.csv"],
      "nothing is written by what is refused",
    );
  }));

Deno.test("runMlCommand() refuses a place that it cannot or must not write to", () =>
  inFolder(async (cwd) => {
    const run = (out: string, candles = FIXTURE) =>
      refusal(["dataset", "--candles", candles, "--out", out], { cwd });
    assert.match(
      (await run("none/rows.bin"))[0]!,
      /^--out none\/rows\.bin: the folder .*none does not exist; make it or name another$/,
    );
    assert.deepEqual(await run("."), [
      "--out .: is a folder; name a file in it",
    ]);
    await Deno.copyFile(FIXTURE, `${cwd}/my.csv`);
    await Deno.symlink(`${cwd}/my.csv`, `${cwd}/link.csv`);
    for (const name of ["my.csv", "link.csv"]) {
      assert.deepEqual(await run(name, "my.csv"), [
        `--out ${name}: would write over the candles; name another file`,
      ]);
    }
    assert.match(
      (await run("my.csv/rows.bin"))[0]!,
      /^Cannot write .*; name a file in a folder that you may write to$/,
    );
  }));

Deno.test("runMlCommand() prints figures as text or as one line of JSON", () =>
  inFolder(async (folder) => {
    const text = (await exportFixture(folder)).run.out;
    assert.match(text, /^Rows {6}2,453 of 3,000 candles$/m);
    const { records, run } = await exportFixture(folder, ["--json"]);
    const figures = JSON.parse(run.out);
    assert.equal(figures.rows, records.length);
    assert.equal(figures.candles, 3_000);
    assert.equal(figures.up + figures.down + figures.neither, records.length);
  }));

Deno.test("deno task ml dataset runs with its own permissions, from where it was called", () =>
  inFolder(async (cwd) => {
    await Deno.copyFile(FIXTURE, `${cwd}/my.csv`);
    const task = (...args: string[]) =>
      new Deno.Command(Deno.execPath(), {
        args: [
          ...["task", "--quiet", "--config"],
          new URL("../../../deno.json", import.meta.url).pathname,
          ...["ml", "dataset", "--candles", "my.csv", ...args],
        ],
        cwd,
        // Where this test itself runs within a task, that one's folder is named here.
        env: { INIT_CWD: cwd },
      }).output();
    const decoder = new TextDecoder();
    const done = await task("--out", "rows.bin", "--json");
    assert.equal(done.code, 0, decoder.decode(done.stderr));
    const { records } = await readDataset(`${cwd}/rows.bin`);
    assert.equal(JSON.parse(decoder.decode(done.stdout)).rows, records.length);
    const refused = await task("--out", "rows.bin", "--set", "colour=red");
    assert.equal(refused.code, 2);
    assert.match(decoder.decode(refused.stderr), /^--set colour: /);
  }));
