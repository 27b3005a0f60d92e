import type { ModelManifest } from "../../contracts/model.ts";
import type { InferenceSession, ValueMetadata } from "./onnx_runtime.ts";

/** Inputs and outputs of a file, as the runtime tells of them. */
export type FileShapes = Pick<
  InferenceSession,
  "inputMetadata" | "outputMetadata"
>;

/** What does not fit between a description and the inputs and outputs of the file. */
export function findShapeProblems(
  manifest: ModelManifest,
  { inputMetadata, outputMetadata }: FileShapes,
): string[] {
  const { features, input, output, windowCandles } = manifest;
  const problems: string[] = [];
  if (inputMetadata.length !== 1 || inputMetadata[0]!.name !== input.name) {
    problems.push(
      `model.onnx must have the one input "${input.name}", but has ${
        namesOf(inputMetadata)
      }`,
    );
  } else {
    const fault = shapeFault(inputMetadata[0]!, [
      windowCandles,
      features.length,
    ]);
    if (fault !== null) problems.push(`the input "${input.name}" ${fault}`);
  }
  const found = outputMetadata.find(({ name }) => name === output.name);
  if (found === undefined) {
    problems.push(
      `model.onnx has no output "${output.name}", but ${
        namesOf(outputMetadata)
      }`,
    );
  } else {
    const fault = shapeFault(found, [3]);
    if (fault !== null) problems.push(`the output "${output.name}" ${fault}`);
  }
  return problems;
}

/** The first size is that of the batch: 1, or not fixed. A size that is not fixed fits any. */
function shapeFault(
  value: ValueMetadata,
  sizes: readonly number[],
): string | null {
  const wanted = `float32 [${[1, ...sizes].join(", ")}]`;
  if (!value.isTensor) return `must be ${wanted}, but is no tensor`;
  const { shape, type } = value;
  const isFit = type === "float32" && shape.length === sizes.length + 1 &&
    shape.every((size, place) =>
      typeof size === "string" || size === (place === 0 ? 1 : sizes[place - 1])
    );
  return isFit
    ? null
    : `must be ${wanted}, but is ${type} [${shape.join(", ")}]`;
}

function namesOf(values: readonly { name: string }[]): string {
  return values.length === 0
    ? "none"
    : values.map(({ name }) => `"${name}"`).join(", ");
}
