import type { LogisticBaseline } from "../../contracts/model_card.ts";
import type { ModelManifest } from "../../contracts/model.ts";
import { AppError } from "../../core/errors.ts";
import type { Dataset } from "../dataset/build.ts";
import type { RowRange } from "../dataset/folds.ts";
import { ModelWindow } from "../runtime/model_window.ts";
import type { OnnxModel } from "../runtime/onnx_model.ts";
import { toAnswer } from "../runtime/probabilities.ts";

/**
 * The model's chances of down, flat and up for each row, from the window that
 * ends with it.
 *
 * @throws {AppError} MODEL_FAILED if it gives no sound answer to one of them.
 */
export async function modelChances(
  model: OnnxModel,
  { features }: Dataset,
  [from, to]: RowRange,
): Promise<Float64Array> {
  const chances = new Float64Array(3 * (to - from));
  for (let row = from; row < to; row++) {
    // deno-lint-ignore no-await-in-loop -- a model answers one window at a time
    const answer = await model.answer(features, row);
    if (!answer.ok) {
      throw new AppError(
        "MODEL_FAILED",
        `${model.manifest.name} ${answer.failure} at row ${row}; check it with the program that exported it`,
        { status: 422 },
      );
    }
    const { down, flat, up } = answer.probabilities;
    chances.set([down, flat, up], 3 * (row - from));
  }
  return chances;
}

/** The same of the logistic regression, which reads the newest candle alone. */
export function logisticChances(
  { weights, bias }: LogisticBaseline,
  { manifest, dataset, rows: [from, to] }: {
    manifest: ModelManifest;
    dataset: Dataset;
    rows: RowRange;
  },
): Float64Array {
  const window = new ModelWindow({ ...manifest, windowCandles: 1 });
  const chances = new Float64Array(3 * (to - from));
  for (let row = from; row < to; row++) {
    window.fill(dataset.features, row);
    const logits = weights.map((weight, place) =>
      weight.reduce(
        (sum, each, index) => sum + each * window.values[index]!,
        bias[place]!,
      )
    );
    chances.set(chancesOf(logits, 1), 3 * (row - from));
  }
  return chances;
}

/** Softmax of three logits. */
export function chancesOf(
  logits: ArrayLike<number>,
  temperature: number,
): [down: number, flat: number, up: number] {
  const answer = toAnswer(logits, { meaning: "logits", temperature });
  if (!answer.ok) {
    throw new AppError("LOGITS_UNSOUND", `A forecast ${answer.failure}`, {
      status: 422,
    });
  }
  const { down, flat, up } = answer.probabilities;
  return [down, flat, up];
}
