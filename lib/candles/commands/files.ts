/** Commands about the files of the candle folder: list, show, resample, export, repair. */
import { AppError } from "../../core/errors.ts";
import { TIMEFRAME_MS } from "../../contracts/candle.ts";
import { CANDLE_FILE_NAME } from "../../contracts/candle.ts";
import { loadCandleFile, openCandleFile } from "../../exchange/candle_file.ts";
import { CANDLE_CSV_HEADER } from "../../exchange/candle_csv_format.ts";
import { repairColumnar } from "../../exchange/columnar/repair.ts";
import { writeColumnarFile } from "../../exchange/columnar/writer.ts";
import { reportCandles } from "../../exchange/history/candle_report.ts";
import { describeStep, fitToTimeframe } from "../../exchange/resample.ts";
import { oneWord, readOptions, timeframeOption } from "../arguments.ts";
import { type DataContext, EXIT, UsageError } from "../context.ts";
import {
  assertNew,
  fileName,
  nameFrom,
  newFileName,
  summaryOf,
} from "../folder.ts";
import {
  grouped,
  iso,
  minute,
  reportJson,
  reportText,
} from "../report_text.ts";

/** Rows of CSV that are written at once. */
const EXPORT_ROWS = 4_096;

/** A line of the list. What a CSV file holds is known after reading it all, so not here. */
interface Listed {
  file: string;
  bytes: number;
  symbol: string | null;
  step: string | null;
  rows: number | null;
  firstAt: string | null;
  lastAt: string | null;
  source: string | null;
  /** Why the file cannot be used; null if it can. */
  problem: string | null;
}

/** `data list`. */
export async function runList(
  args: readonly string[],
  context: DataContext,
): Promise<number> {
  const { positionals, values } = readOptions(args, {});
  if (positionals.length > 0) {
    throw new UsageError("list takes no name; see --help");
  }
  const files: Listed[] = [];
  for (const name of await candleFiles(context.folder)) {
    // deno-lint-ignore no-await-in-loop -- one file open at a time
    files.push(await listed(name, context));
  }
  if (values.json) context.out(`${JSON.stringify(files)}\n`);
  else if (files.length === 0) {
    context.err(
      `There are no candle files in ${context.folder}; see --help for import and download\n`,
    );
  } else context.out(listText(files));
  return EXIT.ok;
}

async function candleFiles(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (!entry.isDirectory && CANDLE_FILE_NAME.test(entry.name)) {
        names.push(entry.name);
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

async function listed(file: string, { folder }: DataContext): Promise<Listed> {
  const { size: bytes } = await Deno.stat(`${folder}/${file}`);
  const unknown = {
    symbol: null,
    step: null,
    rows: null,
    firstAt: null,
    lastAt: null,
    source: null,
  };
  try {
    const summary = await summaryOf(`${folder}/${file}`);
    if (summary === null) return { file, bytes, ...unknown, problem: null };
    const { header, firstAt, lastAt, rows } = summary;
    return {
      file,
      bytes,
      symbol: header.symbol,
      step: describeStep(header.stepMs),
      rows,
      firstAt: iso(firstAt),
      lastAt: iso(lastAt),
      source: header.source,
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { file, bytes, ...unknown, problem: error.message };
  }
}

function listText(files: readonly Listed[]): string {
  const head = ["FILE", "MARKET", "STEP", "CANDLES", "FROM", "TO", "KB"];
  const day = (at: string | null) => at?.slice(0, 10) ?? "—";
  const rows = files.map((file) => [
    file.file,
    file.symbol ?? "—",
    file.step ?? "—",
    file.rows === null ? "—" : grouped(file.rows),
    day(file.firstAt),
    day(file.lastAt),
    grouped(Math.ceil(file.bytes / 1_000)),
  ]);
  const all = [head, ...rows];
  const widths = head.map((_, column) =>
    Math.max(...all.map((row) => row[column]!.length))
  );
  const isNumber = (column: number) => column === 3 || column === 6;
  const lines = all.map((row) =>
    row.map((cell, column) =>
      isNumber(column)
        ? cell.padStart(widths[column]!)
        : cell.padEnd(widths[column]!)
    ).join("  ").trimEnd()
  );
  const problems = files.flatMap(({ problem }) =>
    problem === null ? [] : [problem]
  );
  return [...lines, ...problems].join("\n") + "\n";
}

/** `data show NAME`. */
export async function runShow(
  args: readonly string[],
  context: DataContext,
): Promise<number> {
  const { positionals, values } = readOptions(args, {});
  const file = fileName(oneWord(positionals, "The name of a file"));
  await tellReport(file, { context, json: values.json ?? false });
  return EXIT.ok;
}

/** Loads a file and writes its gap report. */
export async function tellReport(
  file: string,
  { context, json, more = {} }: {
    context: DataContext;
    json: boolean;
    /** Further facts for a program. */
    more?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const path = `${context.folder}/${file}`;
  const summary = await summaryOf(path);
  const report = reportCandles(await loadCandleFile(path));
  const facts = {
    file,
    symbol: summary?.header.symbol ?? null,
    source: summary?.header.source ?? null,
  };
  if (json) {
    const all = { ...reportJson(facts, report), ...more };
    context.out(`${JSON.stringify(all)}\n`);
  } else context.out(reportText(facts, report));
  if (summary !== null && summary.tornBytes > 0) {
    const what =
      `The last ${summary.tornBytes} bytes of ${file} are an unfinished block`;
    context.err(
      `${what}: it is being written now, or a crash cut it off. Its candles do not count; downloading on or repair removes it\n`,
    );
  }
}

/** `data resample NAME --to T`. */
export async function runResample(
  args: readonly string[],
  context: DataContext,
): Promise<number> {
  const { positionals, values } = readOptions(args, {
    to: { type: "string" },
    out: { type: "string" },
    replace: { type: "boolean" },
  });
  const file = fileName(oneWord(positionals, "The name of a file"));
  if (values.to === undefined) {
    throw new UsageError("--to is missing; name a timeframe such as 15m");
  }
  const to = timeframeOption("--to", values.to);
  const out = values.out === undefined
    ? nameFrom(`${nameFrom(file).slice(0, -".candles".length)}-${to}`)
    : newFileName(values.out);
  const path = `${context.folder}/${out}`;
  await assertNew(path, values.replace ?? false);
  const summary = await summaryOf(`${context.folder}/${file}`);
  const series = await loadCandleFile(`${context.folder}/${file}`);
  const fit = fitToTimeframe(series, to);
  if (!fit.ok) throw new UsageError(`The candles of ${file} ${fit.problem}`);
  if (!fit.isResampled) {
    throw new UsageError(`The candles of ${file} are ${to} candles already`);
  }
  const header = {
    symbol: summary?.header.symbol ?? null,
    stepMs: TIMEFRAME_MS[to],
    source: `${to} of ${file}`,
  };
  await writeColumnarFile(path, { header, candles: fit.series });
  const { unfinishedRows } = fit;
  await tellReport(out, {
    context,
    json: values.json ?? false,
    more: { unfinishedRows },
  });
  if (unfinishedRows > 0) {
    context.err(
      `The last ${
        grouped(unfinishedRows)
      } candles of ${file} were left out: their ${to} was not over\n`,
    );
  }
  return EXIT.ok;
}

/** `data export NAME --csv`. */
export async function runExport(
  args: readonly string[],
  context: DataContext,
): Promise<number> {
  const { positionals, values } = readOptions(args, {
    csv: { type: "boolean" },
  });
  const file = fileName(oneWord(positionals, "The name of a file"));
  if (!values.csv) {
    throw new UsageError("--csv is missing; it is the format that there is");
  }
  const series = await loadCandleFile(`${context.folder}/${file}`);
  let text = `${CANDLE_CSV_HEADER}\n`;
  for (let seq = 0; seq < series.length; seq++) {
    const { close, high, low, open, openAt, volume } = series.candle(seq);
    text += `${openAt},${open},${high},${low},${close},${volume}\n`;
    if (seq % EXPORT_ROWS !== EXPORT_ROWS - 1) continue;
    context.out(text);
    text = "";
  }
  context.out(text);
  return EXIT.ok;
}

/** `data repair NAME`. */
export async function runRepair(
  args: readonly string[],
  context: DataContext,
): Promise<number> {
  const { positionals, values } = readOptions(args, {});
  const file = fileName(oneWord(positionals, "The name of a file"));
  // The sentence about a missing file, or about one of another format.
  if (!file.endsWith(".candles")) {
    throw new UsageError(
      `${file} is no .candles file; only those are repaired`,
    );
  }
  (await openCandleFile(`${context.folder}/${file}`)).close();
  const { lastAt, rows, tornBytes } = await repairColumnar(
    `${context.folder}/${file}`,
  );
  if (values.json) {
    const result = { file, rows, lastAt: iso(lastAt), droppedBytes: tornBytes };
    context.out(`${JSON.stringify(result)}\n`);
  } else {
    context.out(
      tornBytes === 0
        ? `${file} is whole: ${grouped(rows)} candles\n`
        : `${file} keeps ${grouped(rows)} candles, the last of ${
          minute(lastAt)
        }; ${grouped(tornBytes)} damaged bytes were cut off\n`,
    );
  }
  return EXIT.ok;
}
