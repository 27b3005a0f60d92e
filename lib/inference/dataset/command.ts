/**
 * `deno task ml dataset`: candles in, rows for training out. Figures go to
 * standard output, words about what is wrong to standard error.
 *
 * @module
 */
import { basename, dirname, resolve } from "node:path";
import {
  FEATURE_COUNT,
  FEATURES_VERSION,
} from "../../../agents/decision/feature_list.ts";
import { AppError } from "../../core/errors.ts";
import { loadCandleFile } from "../../exchange/candle_file.ts";
import { type DatasetArguments, readArguments } from "./arguments.ts";
import { buildDataset, type Dataset } from "./build.ts";
import {
  countLabels,
  describeDataset,
  fitNormalization,
} from "./description.ts";
import {
  descriptionPath,
  hashCandleFile,
  writeDescription,
  writeRows,
} from "./files.ts";
import { planStudy } from "./folds.ts";
import { RECORD_BYTES } from "./format.ts";
import { type DatasetSettings, readSettings } from "./settings.ts";
import { datasetUsage } from "./usage.ts";

/** Where the command writes to. */
export interface CommandContext {
  /** Folder that relative file names are meant from; the working folder if left out. */
  cwd?: string;
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
}

/** Exit codes of the command. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Runs the command and answers with its exit code. */
export async function runDatasetCommand(
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { value, problems } = readArguments(args);
  if (value.help) {
    context.out(datasetUsage());
    return EXIT.ok;
  }
  const planned = readSettings(value.set);
  const paths = pathsOf(value, context);
  const all = [
    ...problems,
    ...planned.ok ? [] : planned.problems,
    ...value.out === "" ? [] : findPathProblems(value, paths),
  ];
  if (!planned.ok || all.length > 0) return refuse(all, context);
  try {
    await exportDataset(value, { settings: planned.settings, paths, context });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof AppError && error.status < 500) {
      return refuse([error.message], context);
    }
    const reason = error instanceof AppError ? error.message : String(error);
    context.err(`The export failed: ${reason}\n`);
    return EXIT.failed;
  }
}

/** The files of a command, with their folders. */
interface Paths {
  candles: string;
  out: string;
}

function pathsOf(args: DatasetArguments, { cwd }: CommandContext): Paths {
  const toPath = (file: string) => resolve(cwd ?? ".", file);
  return { candles: toPath(args.candles), out: toPath(args.out) };
}

async function exportDataset(
  args: DatasetArguments,
  { settings, paths, context }: {
    settings: DatasetSettings;
    paths: Paths;
    context: CommandContext;
  },
): Promise<void> {
  const candles = await loadCandleFile(paths.candles);
  const dataset = buildDataset(candles, { settings, range: args });
  const training = args.trainTo === null ? null : {
    to: args.trainTo,
    normalization: fitNormalization(dataset, args.trainTo),
  };
  const { folds, licence } = args;
  const study = folds === null ? null : planStudy(dataset, { folds });
  const candlesHash = await hashCandleFile(paths.candles);
  const sha256 = await writeRows(paths.out, dataset);
  const description = describeDataset({
    dataset,
    settings,
    data: { name: basename(paths.out), sha256 },
    candles: {
      name: basename(paths.candles),
      sha256: candlesHash,
      stepMs: candles.gapReport.stepMs,
      gaps: candles.gapReport.gaps,
    },
    training,
    study,
    licence,
  });
  await writeDescription(paths.out, description);
  context.out(
    args.json
      ? `${JSON.stringify({ ...summaryOf(dataset), sha256 })}\n`
      : toText(dataset, paths.out),
  );
}

function summaryOf(dataset: Dataset) {
  const { candles, openAt, rows } = dataset;
  return {
    candles,
    rows,
    features: FEATURE_COUNT,
    featuresVersion: FEATURES_VERSION,
    from: new Date(openAt[0]!).toISOString(),
    to: new Date(openAt[rows - 1]!).toISOString(),
    ...countLabels(dataset),
    bytes: rows * RECORD_BYTES,
  };
}

function toText(dataset: Dataset, path: string): string {
  const summary = summaryOf(dataset);
  const { rows } = summary;
  const count = (value: number) => value.toLocaleString("en-US");
  const share = (value: number) => `${(100 * value / rows).toFixed(1)} %`;
  return [
    `Rows      ${count(rows)} of ${count(summary.candles)} candles`,
    `Range     ${summary.from} to ${summary.to}`,
    `Features  ${summary.features}, version ${summary.featuresVersion}`,
    `Labels    up ${share(summary.up)}, down ${share(summary.down)}, neither ${
      share(summary.neither)
    }`,
    `Weight    ${summary.meanWeight.toFixed(4)} on average`,
    `Written   ${path} (${count(summary.bytes)} bytes) and ${
      basename(descriptionPath(path))
    }`,
    "",
  ].join("\n");
}

/** What is wrong with where the rows go, found before an hour of work is lost to it. */
function findPathProblems(
  { out }: DatasetArguments,
  paths: Paths,
): string[] {
  const folder = dirname(paths.out);
  if (kindOf(folder) === "missing") {
    return [
      `--out ${out}: the folder ${folder} does not exist; make it or name another`,
    ];
  }
  if (kindOf(paths.out) === "folder") {
    return [`--out ${out}: is a folder; name a file in it`];
  }
  const candles = realPath(paths.candles);
  const written = [paths.out, descriptionPath(paths.out)].map(realPath);
  return written.includes(candles)
    ? [`--out ${out}: would write over the candles; name another file`]
    : [];
}

/** What is at a path; what cannot be looked at is told by the writing. */
function kindOf(path: string): "folder" | "file" | "missing" | "unknown" {
  try {
    return Deno.statSync(path).isDirectory ? "folder" : "file";
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "missing" : "unknown";
  }
}

/** The file that a path leads to, links followed; the path itself where there is none yet. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}

function refuse(problems: readonly string[], context: CommandContext): number {
  for (const problem of problems) context.err(`${problem}\n`);
  return EXIT.usage;
}
