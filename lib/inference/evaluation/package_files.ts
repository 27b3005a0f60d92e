/**
 * The files of a package beside `model.json` and `model.onnx`: what it was made
 * of, its baseline and its card.
 *
 * @module
 */
import type * as z from "zod";
import {
  type LogisticBaseline,
  logisticBaselineSchema,
  type ModelCard,
  modelCardSchema,
  type ModelTraining,
  modelTrainingSchema,
} from "../../contracts/model_card.ts";
import { AppError } from "../../core/errors.ts";
import { MANIFEST_FILE } from "../../contracts/model.ts";
import type { ModelVerdict } from "./verdict.ts";
import { cardText } from "./card_text.ts";
import { PACKAGE_TEXT_BYTES_MAX } from "./limits.ts";

/** Folder of the packages that come with the product. */
export const MODELS_FOLDER = decodeURIComponent(
  new URL("../models", import.meta.url).pathname,
);

/** Names of the files. */
export const PACKAGE_FILES = {
  training: "training.json",
  baseline: "baseline.json",
  card: "card.json",
  cardText: "card.md",
} as const;

/** Names of the packages that come with the product, in order. */
export async function shippedModels(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(MODELS_FOLDER)) {
    if (isDirectory) names.push(name);
  }
  return names.sort();
}

/** @throws {AppError} PACKAGE_UNSOUND. */
export function readTraining(folder: string): Promise<ModelTraining> {
  return readJson(`${folder}/${PACKAGE_FILES.training}`, modelTrainingSchema);
}

/**
 * The baseline of a package, or null where it has none.
 *
 * @throws {AppError} PACKAGE_UNSOUND.
 */
export function readBaseline(folder: string): Promise<LogisticBaseline | null> {
  return readJsonIfThere(
    `${folder}/${PACKAGE_FILES.baseline}`,
    logisticBaselineSchema,
  );
}

/**
 * The card of a package, or null where it has none.
 *
 * @throws {AppError} PACKAGE_UNSOUND.
 */
export function readCard(folder: string): Promise<ModelCard | null> {
  return readJsonIfThere(`${folder}/${PACKAGE_FILES.card}`, modelCardSchema);
}

/** Writes the card as JSON and as text, and its verdict into the description of the model. */
export async function writeCard(
  folder: string,
  card: ModelCard,
): Promise<void> {
  const { beatsBaselines, verdict } = card;
  await Deno.writeTextFile(
    `${folder}/${PACKAGE_FILES.card}`,
    `${JSON.stringify(card, null, 2)}\n`,
  );
  await Deno.writeTextFile(
    `${folder}/${PACKAGE_FILES.cardText}`,
    cardText(card),
  );
  await writeVerdict(folder, { beatsBaselines, verdict });
}

/** Changes the two lines of the description and nothing else. */
async function writeVerdict(
  folder: string,
  verdict: ModelVerdict,
): Promise<void> {
  const path = `${folder}/${MANIFEST_FILE}`;
  const text = await Deno.readTextFile(path);
  const manifest = { ...JSON.parse(text), ...verdict };
  const lines = Object.entries(manifest).map(([key, value]) =>
    `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`
  );
  await Deno.writeTextFile(path, `{\n${lines.join(",\n")}\n}\n`);
}

async function readJsonIfThere<T>(
  path: string,
  schema: z.ZodType<T>,
): Promise<T | null> {
  try {
    await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
  }
  return await readJson(path, schema);
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  let json: unknown;
  try {
    const { size } = await Deno.stat(path);
    if (size > PACKAGE_TEXT_BYTES_MAX) {
      throw new Error(
        `it has ${size} bytes, more than the ${PACKAGE_TEXT_BYTES_MAX} allowed`,
      );
    }
    json = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    throw unsound(path, (error as Error).message);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unsound(path, `${issue!.path.join(".")}: ${issue!.message}`);
}

function unsound(path: string, reason: string): AppError {
  return new AppError(
    "PACKAGE_UNSOUND",
    `Cannot read ${path}: ${reason}; docs/models.md says which files a package has`,
    { status: 422 },
  );
}
