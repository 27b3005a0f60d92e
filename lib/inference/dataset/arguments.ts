import type { EpochMs } from "../../contracts/primitives.ts";
import {
  type OptionValues,
  type ReadArguments,
  readOptions,
  readTime,
} from "../read_options.ts";
import { FOLDS_MAX } from "./limits.ts";

/** What `deno task ml dataset` was asked for; empty texts are missing. */
export interface DatasetArguments {
  help: boolean;
  candles: string;
  out: string;
  set: readonly string[];
  from: EpochMs | null;
  to: EpochMs | null;
  trainTo: EpochMs | null;
  /** Folds of a study; null where the rows are not to be cut. */
  folds: number | null;
  licence: string | null;
  json: boolean;
}

const OPTIONS = {
  candles: { type: "string" },
  out: { type: "string" },
  set: { type: "string", multiple: true },
  from: { type: "string" },
  to: { type: "string" },
  "train-to": { type: "string" },
  folds: { type: "string" },
  licence: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Reads the command line. */
export function readArguments(
  args: readonly string[],
): ReadArguments<DatasetArguments> {
  return readOptions(args, { options: OPTIONS, read: toArguments });
}

function toArguments(
  values: OptionValues<typeof OPTIONS>,
): ReadArguments<DatasetArguments> {
  const problems: string[] = [];
  const timeOf = (name: "from" | "to" | "train-to", edge: "start" | "end") =>
    readTime(values[name], { name, edge, problems });
  const from = timeOf("from", "start");
  const to = timeOf("to", "end");
  const trainTo = timeOf("train-to", "end");
  if (!values.candles) {
    problems.push(
      "--candles is missing; name a .csv, .csv.gz or .candles file",
    );
  }
  if (!values.out) {
    problems.push("--out is missing; name the file to write the rows to");
  }
  if (from !== null && to !== null && from > to) {
    problems.push("--from lies after --to; exchange them");
  }
  const folds = values.folds === undefined ? null : Number(values.folds);
  if (
    folds !== null &&
    !(Number.isInteger(folds) && folds >= 1 && folds <= FOLDS_MAX)
  ) {
    problems.push(
      `--folds ${
        JSON.stringify(values.folds)
      } is not a number of folds; name one from 1 to ${FOLDS_MAX}`,
    );
  }
  const value = {
    help: values.help ?? false,
    candles: values.candles ?? "",
    out: values.out ?? "",
    set: values.set ?? [],
    from,
    to,
    trainTo,
    folds,
    licence: values.licence || null,
    json: values.json ?? false,
  };
  return { value, problems: value.help ? [] : problems };
}
