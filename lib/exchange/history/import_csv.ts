/**
 * A file of candles from anywhere to candles that can be replayed, with a
 * report of everything that was mended or assumed on the way.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import { type Timeframe, TIMEFRAME_MS } from "../../contracts/candle.ts";
import { unpackedBytes } from "../candle_csv.ts";
import { CANDLE_CSV_HEADER } from "../candle_csv_format.ts";
import { describeStep } from "../resample.ts";
import { type CandleReport, reportCandles } from "./candle_report.ts";
import { ImportReader, type ReadLines } from "./import_reader.ts";
import type { Keep, OrderedRows } from "./import_rows.ts";
import {
  HEADER_LINES_MAX,
  IMPORT_LINE_CHARACTERS_MAX,
  IMPORT_PROBLEMS_MAX,
} from "./limits.ts";

/** What is known about a file beforehand. */
export interface ImportOptions {
  /** How the file is called in sentences. */
  name: string;
  /** Market; the file's symbol column counts if this is null. */
  symbol: string | null;
  /** What the candles should be; their own step counts if this is null. */
  timeframe: Timeframe | null;
  /** Which of two lines that contradict each other counts; null refuses them. */
  keep: Keep | null;
}

/** Candles in order with what was found out about them. */
export interface ImportedCandles {
  candles: OrderedRows;
  symbol: string | null;
  stepMs: number;
  report: CandleReport;
  lines: number;
  /** A sentence for everything that was assumed, dropped or put in order. */
  changes: readonly string[];
}

/** The candles, or a sentence for each thing that has to be mended first. */
export type Imported =
  | { ok: true; value: ImportedCandles }
  | { ok: false; problems: readonly string[] };

/**
 * Imports a CSV file, plain or gzip.
 *
 * @throws {AppError} CANDLES_INVALID if it cannot be read at all: damaged gzip, endless lines, too many rows.
 */
export async function importCsv(
  source: ReadableStream<Uint8Array<ArrayBuffer>>,
  options: ImportOptions,
): Promise<Imported> {
  const reader = new ImportReader(options.name, options.symbol);
  for await (const lines of linesOf(source, options.name)) {
    for (const line of lines) reader.take(line);
  }
  const read = reader.finish();
  const problems = problemsOf(read, options);
  if (problems.length > 0) return { ok: false, problems };
  const candles = read.rows.ordered({
    keep: options.keep ?? "first",
    conflictsMax: IMPORT_PROBLEMS_MAX,
  });
  if (options.keep === null && candles.conflicts > 0) {
    return { ok: false, problems: conflictProblems(candles, options.name) };
  }
  const report = reportCandles(candles);
  const stepMs = report.stepMs ??
    (options.timeframe === null ? null : TIMEFRAME_MS[options.timeframe]);
  const problem = stepProblem(stepMs, options);
  if (problem !== null) return { ok: false, problems: [problem] };
  return {
    ok: true,
    value: {
      candles,
      symbol: options.symbol ?? read.symbol,
      stepMs: stepMs!,
      report,
      lines: read.lines,
      changes: changesOf({ read, candles, options }),
    },
  };
}

/** Lines without their ends, as many at once as a piece of the file has: one by one would cost more than parsing them. */
async function* linesOf(
  source: ReadableStream<Uint8Array<ArrayBuffer>>,
  name: string,
): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of unpackedBytes(source, { name })) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop()!;
    checkLength(rest, name);
    yield lines.map((line) => {
      checkLength(line, name);
      return withoutReturn(line);
    });
  }
  rest += decoder.decode();
  if (rest !== "") yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function checkLength(text: string, name: string): void {
  if (text.length <= IMPORT_LINE_CHARACTERS_MAX) return;
  throw new AppError(
    "CANDLES_INVALID",
    `${name} has a line of more than ${IMPORT_LINE_CHARACTERS_MAX} characters: check that it is a CSV file with line breaks`,
    { status: 422 },
  );
}

function problemsOf(read: ReadLines, { name }: ImportOptions): string[] {
  if (read.lines === 0) {
    return [
      `${name} is empty: expected column names and a line for each candle`,
    ];
  }
  if (read.dialect === null) {
    const first = JSON.stringify(read.linesAbove[0]!.text.slice(0, 60));
    const what =
      `none of the first ${HEADER_LINES_MAX} lines names a time, open, high, low and close (line 1 is ${first})`;
    return [
      `${name}: ${what}; expected column names such as ${CANDLE_CSV_HEADER}`,
    ];
  }
  const problems = [...read.problems];
  const more = read.problemsTotal - problems.length;
  if (more > 0) problems.push(`${name}: ${more} more rows are wrong`);
  if (problems.length === 0 && read.rows.length === 0) {
    problems.push(`${name} has column names but no candle`);
  }
  return problems;
}

function conflictProblems(candles: OrderedRows, name: string): string[] {
  const problems = candles.firstConflicts.map(
    ({ openAt, firstLine, lastLine }) =>
      `${name}, lines ${firstLine} and ${lastLine}: different candles of ${
        new Date(openAt).toISOString()
      }; remove one of them, or say --keep first or --keep last`,
  );
  const more = candles.conflicts - problems.length;
  if (more > 0) {
    problems.push(`${name}: ${more} more times have different candles`);
  }
  return problems;
}

function stepProblem(
  stepMs: number | null,
  { name, timeframe }: ImportOptions,
): string | null {
  if (stepMs === null) {
    return `${name} has one candle, which does not tell its timeframe; say it with --timeframe`;
  }
  if (timeframe === null || stepMs === TIMEFRAME_MS[timeframe]) return null;
  return `--timeframe ${timeframe}: the candles of ${name} are ${
    describeStep(stepMs)
  } apart; leave the timeframe out, or resample them after the import`;
}

function changesOf(
  { read, candles, options }: {
    read: ReadLines;
    candles: OrderedRows;
    options: ImportOptions;
  },
): string[] {
  const changes = read.linesAbove.map(({ line, text }) =>
    `Line ${line} was skipped: ${JSON.stringify(text)}`
  );
  changes.push(...columnChanges(read));
  const kinds = [...read.timeKinds];
  if (kinds.length > 1) {
    const counts = kinds.map(([kind, rows]) => `${kind} in ${rows} rows`);
    changes.push(`Times are written in several ways: ${counts.join(", ")}`);
  } else if (kinds[0]?.[0] !== "milliseconds") {
    changes.push(`Times are ${kinds[0]![0]}`);
  }
  if (read.timeKinds.has("text without a zone")) {
    changes.push("Times without a zone were taken as UTC");
  }
  if (read.linesSkipped > 0) {
    changes.push(`${count(read.linesSkipped, "empty line")} skipped`);
  }
  if (candles.order === "descending") {
    changes.push("The newest candle was first; the order was turned round");
  } else if (candles.order === "unsorted") {
    changes.push(
      `${
        count(candles.misplaced, "row")
      } opened before the row above; all were sorted by time`,
    );
  }
  if (candles.duplicates > 0) {
    changes.push(
      `${count(candles.duplicates, "row")} dropped that ${
        candles.duplicates === 1 ? "was" : "were"
      } there twice with the same numbers`,
    );
  }
  if (candles.conflicts > 0) {
    changes.push(
      `${
        count(candles.conflicts, "time")
      } had different candles; the ${options.keep} one in the file was kept (lines ${
        candles.firstConflicts.map(({ firstLine, lastLine }) =>
          `${firstLine} and ${lastLine}`
        ).join(", ")
      }${candles.conflicts > candles.firstConflicts.length ? ", …" : ""})`,
    );
  }
  return changes;
}

function columnChanges({ dialect }: ReadLines): string[] {
  if (dialect === null) return [];
  const changes: string[] = [];
  const { names, volume, time } = dialect;
  if (names === null) {
    changes.push(
      `There are no column names; taken as time, open, high, low, close${
        volume === null ? "" : ", volume"
      }`,
    );
  } else {
    if (names[time]!.toLowerCase() !== "timestamp_ms") {
      changes.push(
        `The open time is the column ${JSON.stringify(names[time])}`,
      );
    }
    if (volume !== null && names[volume]!.toLowerCase() !== "volume") {
      changes.push(`The volume is the column ${JSON.stringify(names[volume])}`);
    }
  }
  if (volume === null) {
    changes.push("There is no volume; 0 was written, which stands for unknown");
  }
  return changes;
}

function count(value: number, what: string): string {
  return `${value.toLocaleString("en-US")} ${what}${value === 1 ? "" : "s"}`;
}
