import { parseArgs } from "node:util";
import type { EpochMs } from "../../contracts/primitives.ts";
import { TIME_TEXT_HELP, tryTimeText } from "../../contracts/time_text.ts";
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

/** The arguments as far as they could be read, with a sentence for each mistake. */
export interface ReadArguments {
  value: DatasetArguments;
  problems: readonly string[];
}

/** Reads the command line. */
export function readArguments(args: readonly string[]): ReadArguments {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    // The first sentence says what is wrong; those after it are about parseArgs.
    const [sentence] = (error as Error).message.split(/\. |\n/);
    return {
      value: toArguments({}).value,
      problems: [`${sentence}; see --help`],
    };
  }
  return toArguments(values);
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS }).values;
}

function toArguments(values: Partial<ReturnType<typeof parse>>): ReadArguments {
  const problems: string[] = [];
  const readTime = (
    name: "from" | "to" | "train-to",
    edge: "start" | "end",
  ) => {
    const text = values[name];
    const at = text === undefined ? null : tryTimeText(text, edge);
    if (text !== undefined && at === null) {
      problems.push(
        `--${name} ${JSON.stringify(text)} is not a time; ${TIME_TEXT_HELP}`,
      );
    }
    return at;
  };
  const from = readTime("from", "start");
  const to = readTime("to", "end");
  const trainTo = readTime("train-to", "end");
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
