import assert from "node:assert/strict";
import type {
  ModelCard,
  ModelTraining,
} from "../../../../lib/contracts/model_card.ts";
import { loadCandleFile } from "../../../../lib/exchange/candle_file.ts";
import {
  buildDataset,
  type Dataset,
} from "../../../../lib/inference/dataset/build.ts";
import { EXIT } from "../../../../lib/inference/dataset/command.ts";
import { hashCandleFile } from "../../../../lib/inference/dataset/files.ts";
import {
  planStudy,
  type RowRange,
} from "../../../../lib/inference/dataset/folds.ts";
import { datasetSettingsSchema } from "../../../../lib/inference/dataset/settings.ts";
import {
  MODELS_FOLDER,
  readTraining,
} from "../../../../lib/inference/evaluation/package_files.ts";
import { FIXTURE, inFolder, runMl } from "../dataset_run.ts";

const MODEL = "ppo-1h";
const VARIANTS = 2;

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(path));
}

function spansOf(
  { openAt }: Dataset,
  ranges: Readonly<Record<string, RowRange>>,
) {
  return Object.fromEntries(
    Object.entries(ranges).map(([name, [from, to]]) => [name, {
      rows: to - from,
      fromAt: openAt[from]!,
      toAt: openAt[to - 1]!,
    }]),
  );
}

/** Logits of two variants on the folds, as a training writes them: one always up, one by the row. */
function studyBytes(dataset: Dataset, folds: readonly RowRange[]): Uint8Array {
  const records: number[][] = [];
  for (let variant = 0; variant < VARIANTS; variant++) {
    folds.forEach(([from, to], fold) => {
      for (let row = from; row < to; row++) {
        const up = variant === 0 ? 1 : Math.sin(row);
        records.push([dataset.openAt[row]!, variant, fold, 0, -1, up]);
      }
    });
  }
  const bytes = new DataView(new ArrayBuffer(records.length * 28));
  records.forEach(([at, ...rest], index) => {
    bytes.setFloat64(28 * index, at!, true);
    rest.forEach((each, place) =>
      bytes.setFloat32(28 * index + 8 + 4 * place, each, true)
    );
  });
  return new Uint8Array(bytes.buffer);
}

/** A package without a card, as if a shipped model had been trained on the fixture. */
async function writeUntoldPackage(folder: string): Promise<void> {
  const shipped = `${MODELS_FOLDER}/${MODEL}`;
  await Deno.mkdir(`${folder}/model`);
  for (const file of ["model.onnx", "model.json", "baseline.json"]) {
    // deno-lint-ignore no-await-in-loop -- three files
    await Deno.copyFile(`${shipped}/${file}`, `${folder}/model/${file}`);
  }
  const training = await readTraining(shipped);
  const dataset = buildDataset(await loadCandleFile(FIXTURE), {
    settings: datasetSettingsSchema.parse({ labels: training.labels }),
    range: { from: null, to: null },
  });
  const plan = planStudy(dataset, { folds: 2 });
  const { choice, data } = training;
  const changed = {
    ...training,
    data: {
      ...data,
      candles: { ...data.candles, sha256: await hashCandleFile(FIXTURE) },
    },
    study: {
      embargoRows: plan.embargoRows,
      folds: plan.folds.map((fold) => spansOf(dataset, { ...fold })),
      last: spansOf(dataset, { ...plan.last }),
    } as unknown as ModelTraining["study"],
    choice: {
      ...choice,
      variants: choice.variants.slice(0, VARIANTS),
      chosen: 1,
    },
  };
  await Deno.writeTextFile(
    `${folder}/model/training.json`,
    JSON.stringify(changed),
  );
  await Deno.writeFile(
    `${folder}/model.study`,
    studyBytes(dataset, plan.folds.map(({ validation }) => validation)),
  );
}

Deno.test("ml evaluate writes a card, repeats it, and tells a card that says something else", () =>
  inFolder(async (cwd) => {
    await writeUntoldPackage(cwd);
    const args = ["evaluate", "--model", "model", "--candles", FIXTURE];
    const untold = await runMl(args, { cwd });
    assert.equal(untold.code, EXIT.ok, untold.err);
    assert.match(
      untold.out,
      /It has no card; .*Simulated over 2446 rows; there is nothing to compare/,
    );

    const study = ["--write-card", "--study", "model.study"];
    const written = await runMl([...args, ...study], { cwd });
    assert.equal(written.code, EXIT.ok, written.err);
    assert.match(written.out, /^ppo-1h: card written\. On candles /);
    const path = `${cwd}/model/card.json`;
    const card = await readJson<ModelCard>(path);
    const manifest = await readJson<ModelCard>(`${cwd}/model/model.json`);
    assert.equal(manifest.verdict, card.verdict);
    assert.equal(card.trialSharpes.length, 4 * VARIANTS);
    assert.equal(card.folds.length, 2);
    assert.equal(card.test.rows, card.training.study.last.test.rows);

    const repeated = await runMl([...args, "--json"], { cwd });
    assert.equal(repeated.code, EXIT.ok, repeated.out);
    const { agrees, figures } = JSON.parse(repeated.out);
    assert.equal(agrees, true);
    assert.deepEqual(figures, card.test);

    const dearer = await runMl([...args, "--cost-bp", "10", "--json"], { cwd });
    const other = JSON.parse(dearer.out);
    assert.equal(other.agrees, null);
    assert.match(other.notCompared, /^Its card is of other rows or costs; /);
    assert.ok(
      other.figures.trading.netReturn < other.figures.trading.grossReturn,
    );

    card.test.trading.netReturn += 0.01;
    await Deno.writeTextFile(path, JSON.stringify(card));
    const differing = await runMl(args, { cwd });
    assert.equal(differing.code, EXIT.failed);
    assert.match(
      differing.out,
      /1 of \d+ figures differ by more than 0\.001: trading\.netReturn/,
    );
  }));

Deno.test("ml evaluate measures a model on other candles, and compares nothing", async () => {
  const { code, out } = await runMl(
    ["evaluate", "--model", MODEL, "--candles", FIXTURE],
  );
  assert.equal(code, EXIT.ok);
  assert.match(
    out,
    /These are not the candles of its card\. Simulated over 2446 rows/,
  );
  assert.doesNotMatch(out, /repeated/);
});

Deno.test("ml evaluate refuses wrong usage, other candles for a card, and files that do not belong together", () =>
  inFolder(async (cwd) => {
    const refusal = async (...args: string[]) => {
      const { code, err } = await runMl(["evaluate", ...args], { cwd });
      assert.equal(code, EXIT.usage, err);
      return err;
    };
    assert.equal(
      await refusal("--write-card"),
      "--candles is missing; name a .csv, .csv.gz or .candles file\n" +
        "--write-card needs --model and --study: the package and the .study file that the training wrote\n",
    );
    assert.equal(
      await refusal(
        ...["--candles", FIXTURE, "--from", "soon", "--cost-bp=-1"],
      ),
      '--from "soon" is not a time; write it as 2019-03-01 or 2019-03-01T12:00Z\n' +
        '--cost-bp "-1" is no cost; write basis points of one side, 0 to 1000\n',
    );
    assert.match(
      await refusal("--candles", FIXTURE, "--to", "2001-01-01"),
      /^0 rows are too few to measure, at least 100 are needed; /,
    );
    assert.match(
      await refusal("--candles", FIXTURE, "--study", "x"),
      /^--study is only read with --write-card; /,
    );
    assert.match(
      await refusal("--candles", FIXTURE, "--model", "nobody"),
      /^--model nobody: there is no such model or folder; choose from lstm-1h, ppo-1h, transformer-1h, /,
    );
    await writeUntoldPackage(cwd);
    await Deno.copyFile(
      `${MODELS_FOLDER}/${MODEL}/card.json`,
      `${cwd}/model/card.json`,
    );
    const mine = ["--model", "model", "--candles", FIXTURE];
    const study = ["--write-card", "--study", "my.study"];
    await Deno.writeTextFile(`${cwd}/my.study`, "no study");
    assert.match(
      await refusal(...mine, ...study),
      /my\.study is no file of a study; name the \.study file that the training wrote/,
    );
    await Deno.remove(`${cwd}/my.study`);
    assert.match(await refusal(...mine, ...study), /my\.study does not exist/);
    const shipped = await readTraining(`${MODELS_FOLDER}/${MODEL}`);
    await Deno.writeTextFile(
      `${cwd}/model/training.json`,
      JSON.stringify(shipped),
    );
    assert.match(
      await refusal(...mine, ...study),
      /^The candles are not those of the training, eurusd-1h-/,
    );
    const manifest = `${cwd}/model/model.json`;
    await Deno.writeTextFile(
      manifest,
      (await Deno.readTextFile(manifest)).replace(
        /"onnxSha256": "."/,
        '"onnxSha256": "0',
      ).replace(/"onnxSha256": "[0-9a-f]/, '"onnxSha256": "0'),
    );
    assert.match(await refusal(...mine), /model\.onnx has the SHA-256 /);
  }));

Deno.test("deno task ml evaluate runs with its own permissions, from where it was called", () =>
  inFolder(async (cwd) => {
    await Deno.copyFile(FIXTURE, `${cwd}/my.csv`);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["task", "--quiet", "--config"],
        new URL("../../../../deno.json", import.meta.url).pathname,
        ...["ml", "evaluate", "--candles", "my.csv", "--model", MODEL],
      ],
      cwd,
      // Where this test itself runs within a task, that one's folder is named here.
      env: { INIT_CWD: cwd },
    }).output();
    const decoder = new TextDecoder();
    assert.equal(code, 0, decoder.decode(stderr));
    assert.match(decoder.decode(stdout), /Simulated over 2446 rows/);
  }));
