/**
 * Logits that the training gave on its walk-forward folds: how each variant
 * would have traded there.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import type { TradingFigures } from "../../contracts/model_card.ts";
import type { Dataset } from "../dataset/build.ts";
import { chancesOf } from "./answers.ts";
import { MARGINS, STUDY_BYTES_MAX } from "./limits.ts";
import { type Prices, sidesOf, tradingFigures } from "./trading.ts";

/** Bytes of a record: open time, variant, fold and three logits, as the training writes them. */
const RECORD_BYTES = 8 + 4 + 4 + 3 * 4;

/** One variant on one fold. */
export interface StudyPart extends Prices {
  variant: number;
  fold: number;
  /** Of down, flat and up, row after row, with the temperature of the model that is shipped. */
  chances: Float64Array;
}

/**
 * Reads a study's file; the closes come from the data set.
 *
 * @throws {AppError} STUDY_UNSOUND if it is none, or of other rows.
 */
export async function readStudy(
  path: string,
  { dataset, temperature }: { dataset: Dataset; temperature: number },
): Promise<StudyPart[]> {
  const view = await readRecords(path);
  const rows = new Map(
    Array.from(dataset.openAt, (at, row) => [at, row] as const),
  );
  const places = new Map<string, number[]>();
  for (let at = 0; at < view.byteLength; at += RECORD_BYTES) {
    const key = `${view.getFloat32(at + 8, true)} ${
      view.getFloat32(at + 12, true)
    }`;
    const found = places.get(key);
    if (found === undefined) places.set(key, [at]);
    else found.push(at);
  }
  return [...places].map(([key, records]) => {
    const [variant, fold] = key.split(" ").map(Number) as [number, number];
    const openAt = Float64Array.from(
      records,
      (at) => view.getFloat64(at, true),
    );
    const close = openAt.map((at) => {
      const row = rows.get(at);
      if (row === undefined) throw unsound(path, "is of other candles");
      return dataset.close[row]!;
    });
    const chances = new Float64Array(3 * records.length);
    records.forEach((at, row) => {
      const logits = [16, 20, 24].map((by) => view.getFloat32(at + by, true));
      chances.set(chancesOf(logits, temperature), 3 * row);
    });
    return { variant, fold, openAt, close, chances };
  });
}

async function readRecords(path: string): Promise<DataView> {
  try {
    const { size } = await Deno.stat(path);
    if (size > 0 && size % RECORD_BYTES === 0 && size <= STUDY_BYTES_MAX) {
      return new DataView((await Deno.readFile(path)).buffer);
    }
  } catch (error) {
    throw unsound(
      path,
      error instanceof Deno.errors.NotFound
        ? "does not exist"
        : `cannot be read (${(error as Error).message})`,
    );
  }
  throw unsound(path, "is no file of a study");
}

/** What the card says of a study. */
export interface StudyFigures {
  /** Mean Sharpe ratio over the folds of each variant with each margin; null where a fold has none. */
  trialSharpes: (number | null)[];
  /** The chosen variant with its margin, fold after fold. */
  folds: TradingFigures[];
}

/** Trades all variants with all margins on all folds. */
export function studyFigures(
  parts: readonly StudyPart[],
  { chosen, margin, costBp }: {
    chosen: number;
    margin: number;
    costBp: number;
  },
): StudyFigures {
  const figuresOf = (part: StudyPart, by: number) =>
    tradingFigures(part, { sides: sidesOf(part.chances, by), costBp });
  const variants = [...new Set(parts.map(({ variant }) => variant))];
  const trialSharpes = variants.flatMap((variant) =>
    MARGINS.map((each) => {
      const sharpes = parts.filter((part) => part.variant === variant)
        .map((part) => figuresOf(part, each).sharpe);
      return sharpes.includes(null)
        ? null
        : sharpes.reduce<number>((sum, sharpe) => sum + sharpe!, 0) /
          sharpes.length;
    })
  );
  const folds = parts.filter(({ variant }) => variant === chosen)
    .toSorted((a, b) => a.fold - b.fold)
    .map((part) => figuresOf(part, margin));
  return { trialSharpes, folds };
}

function unsound(path: string, what: string): AppError {
  return new AppError(
    "STUDY_UNSOUND",
    `${path} ${what}; name the .study file that the training wrote beside this model, with the candles that it was trained on`,
    { status: 422 },
  );
}
