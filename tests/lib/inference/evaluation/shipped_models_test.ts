import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  FEATURES,
  FEATURES_VERSION,
} from "../../../../agents/decision/feature_list.ts";
import type { ModelCard } from "../../../../lib/contracts/model_card.ts";
import { cardText } from "../../../../lib/inference/evaluation/card_text.ts";
import { chancesOf } from "../../../../lib/inference/evaluation/answers.ts";
import {
  MODELS_FOLDER,
  readBaseline,
  readCard,
  readTraining,
  shippedModels,
} from "../../../../lib/inference/evaluation/package_files.ts";
import { verdictOf } from "../../../../lib/inference/evaluation/verdict.ts";
import { readPackage } from "../../../../lib/inference/runtime/model_package.ts";
import { loadOnnxModel } from "../../../../lib/inference/runtime/onnx_model.ts";
import { RUNTIME } from "../../../support/model_runtime.ts";

const ONNX_BYTES_MAX = 1_048_576;

interface Golden {
  tolerance: number;
  windows: { input: number[]; logits: number[] }[];
}

const names = await shippedModels();

async function cardOf(name: string): Promise<ModelCard> {
  const card = await readCard(`${MODELS_FOLDER}/${name}`);
  assert.ok(card !== null, `${name} has no card`);
  return card;
}

Deno.test("three models come with the product, one of each kind", async () => {
  const cards = await Promise.all(names.map(cardOf));
  assert.deepEqual(cards.map(({ name }) => name), names);
  assert.deepEqual(cards.map(({ kind }) => kind).toSorted(), [
    "lstm",
    "ppo",
    "transformer",
  ]);
});

for (const name of names) {
  const folder = `${MODELS_FOLDER}/${name}`;

  Deno.test(`${name}: description and network fit each other and this version`, async () => {
    const found = await readPackage(folder);
    assert.ok(found.ok, JSON.stringify(found));
    const { manifest, onnx } = found.value;
    assert.ok(onnx.length <= ONNX_BYTES_MAX, `${onnx.length} bytes`);
    assert.equal(
      createHash("sha256").update(onnx).digest("hex"),
      manifest.onnxSha256,
    );
    assert.equal(manifest.featuresVersion, FEATURES_VERSION);
    assert.deepEqual(manifest.features, FEATURES.map(({ name }) => name));
    const baseline = await readBaseline(folder);
    assert.deepEqual(
      baseline?.weights.map(({ length }) => length),
      Array(3).fill(FEATURES.length),
    );
  });

  Deno.test(`${name}: the card is of this model, and says in text what it says in figures`, async () => {
    const found = await readPackage(folder);
    assert.ok(found.ok);
    const { manifest } = found.value;
    const card = await cardOf(name);
    assert.equal(await Deno.readTextFile(`${folder}/card.md`), cardText(card));
    assert.deepEqual(card.training, await readTraining(folder));
    for (
      const key of [
        "name",
        "title",
        "kind",
        "onnxSha256",
        "featuresVersion",
        "windowCandles",
        "temperature",
        "beatsBaselines",
        "verdict",
      ] as const
    ) assert.equal(manifest[key], card[key], key);
    assert.equal(manifest.licence, card.training.data.licence);
    // A direction that is right more often than this knows what comes.
    assert.ok((card.test.forecast.nextCandleHitRate ?? 0) < 0.55);
    const trials = card.trialSharpes.length;
    const { beatsBaselines, verdict } = card;
    assert.deepEqual(
      verdictOf(card.test, { costBp: card.training.costBp, trials }),
      { beatsBaselines, verdict },
    );
  });

  Deno.test(`${name}: nothing that it learned from reaches into what measured it`, async () => {
    const { labels, data, study } = await readTraining(folder);
    const reachMs = labels.limitCandles * data.candles.stepMs;
    const { test, train, validation } = study.last;
    const pairs = [
      ...[...study.folds, study.last].map((fold) =>
        [fold.train, fold.validation] as const
      ),
      [validation, test] as const,
      [train, test] as const,
    ];
    for (const [older, newer] of pairs) {
      assert.ok(older.toAt + reachMs < newer.fromAt);
    }
    assert.equal(test.toAt, data.rows.toAt);
  });

  Deno.test(`${name}: the network gives the answers here that it gave where it was trained`, async () => {
    const golden: Golden = JSON.parse(
      await Deno.readTextFile(`${folder}/golden.json`),
    );
    const loaded = await loadOnnxModel({
      folder,
      runtimeFolder: RUNTIME.folder,
    });
    assert.ok(loaded.ok, JSON.stringify(loaded));
    const { temperature } = loaded.value.manifest;
    for (const { input, logits } of golden.windows) {
      // deno-lint-ignore no-await-in-loop -- a model answers one window at a time
      const answer = await loaded.value.answerNormalized(
        Float32Array.from(input),
      );
      assert.ok(answer.ok);
      const { down, flat, up } = answer.probabilities;
      chancesOf(logits, temperature).forEach((expected, place) =>
        assert.ok(
          Math.abs([down, flat, up][place]! - expected) <= golden.tolerance,
        )
      );
    }
    await loaded.value.release();
  });
}
