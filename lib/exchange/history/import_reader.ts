/**
 * Reads the usual dialects of candle CSV line by line. What is no candle is
 * collected as sentences; nothing is guessed that is not told afterwards.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import { CANDLE_WIDTH } from "../../contracts/candle.ts";
import { isCandleRow } from "../candle_row.ts";
import { explainRow } from "../candle_csv_problems.ts";
import { parseCsvNumber } from "../candle_csv_format.ts";
import { CANDLE_ROWS_MAX } from "../limits.ts";
import {
  type CsvDialect,
  dialectOfNames,
  dialectOfNumbers,
  splitLine,
} from "./csv_dialect.ts";
import { type ParsedTime, parseTime, type TimeKind } from "./csv_time.ts";
import { ImportRows } from "./import_rows.ts";
import { HEADER_LINES_MAX, IMPORT_PROBLEMS_MAX } from "./limits.ts";

/** Which of the six numbers of a row come from which column. */
const AMOUNTS = ["open", "high", "low", "close", "volume"] as const;

/** What the lines of a file gave. */
export interface ReadLines {
  rows: ImportRows;
  dialect: CsvDialect | null;
  lines: number;
  /** Lines above the column names, as they are. */
  linesAbove: readonly { line: number; text: string }[];
  /** Empty lines and lines that begin with # among the rows. */
  linesSkipped: number;
  timeKinds: ReadonlyMap<TimeKind, number>;
  /** Symbol of the symbol column, null without one. */
  symbol: string | null;
  /** Sentences about the first wrong rows. */
  problems: readonly string[];
  problemsTotal: number;
}

/** Takes lines one by one; see {@link ReadLines}. */
export class ImportReader {
  readonly #name: string;
  readonly #market: string | null;
  readonly #rows = new ImportRows();
  readonly #row = new Float64Array(CANDLE_WIDTH);
  readonly #linesAbove: { line: number; text: string }[] = [];
  readonly #timeKinds = new Map<TimeKind, number>();
  readonly #problems: string[] = [];
  #problemsTotal = 0;
  #dialect: CsvDialect | null = null;
  #header = "";
  #symbol: string | null = null;
  #line = 0;
  #linesSkipped = 0;

  /** `name` is how the file is called in sentences, `market` what somebody said that it is of. */
  constructor(name: string, market: string | null) {
    this.#name = name;
    this.#market = market;
  }

  /** Takes the next line, without its end. */
  take(text: string): void {
    this.#line++;
    const line = this.#line === 1 ? text.replace(/^\uFEFF/, "") : text;
    if (this.#dialect === null) return this.#takeHeader(line);
    if (isEmpty(line)) this.#linesSkipped++;
    else {
      if (this.#symbol === null) this.#learnMarket(line, this.#dialect);
      this.#takeRow(line, this.#dialect);
    }
  }

  /** What was read. The reader is not used afterwards. */
  finish(): ReadLines {
    return {
      rows: this.#rows,
      dialect: this.#dialect,
      lines: this.#line,
      linesAbove: this.#linesAbove,
      linesSkipped: this.#linesSkipped,
      timeKinds: this.#timeKinds,
      symbol: this.#symbol,
      problems: this.#problems,
      problemsTotal: this.#problemsTotal,
    };
  }

  #takeHeader(line: string): void {
    if (this.#linesAbove.length >= HEADER_LINES_MAX) return;
    const named = dialectOfNames(line, this.#market);
    if (named !== null) {
      this.#dialect = named;
      this.#header = line;
      return;
    }
    const numbered = dialectOfNumbers(line);
    if (numbered !== null) {
      this.#dialect = numbered;
      this.#takeRow(line, numbered);
      return;
    }
    this.#linesAbove.push({ line: this.#line, text: line.slice(0, 120) });
  }

  /** The first row names the market, which may tell one volume from another. */
  #learnMarket(line: string, dialect: CsvDialect): void {
    if (dialect.symbol === null) return;
    this.#symbol = splitLine(line, dialect.separator)[dialect.symbol] ?? "";
    if (this.#market !== null) return;
    this.#dialect = dialectOfNames(this.#header, this.#symbol) ?? dialect;
  }

  #takeRow(line: string, dialect: CsvDialect): void {
    const cells = splitLine(line, dialect.separator);
    const time = this.#timeOf(cells, dialect);
    if (time === null) return;
    const row = this.#row;
    row[0] = time.ms;
    AMOUNTS.forEach((name, index) => {
      const column = dialect[name];
      row[index + 1] = column === null ? 0 : parseCsvNumber(cells[column]!);
    });
    if (!isCandleRow(row, 0, -Infinity)) {
      return this.#refuse(this.#explain(cells, time.ms, dialect));
    }
    if (!this.#isOneSymbol(cells, dialect)) return;
    if (this.#rows.length >= CANDLE_ROWS_MAX) {
      throw new AppError(
        "CANDLES_INVALID",
        `${this.#name} has more than ${CANDLE_ROWS_MAX} candles: split it into shorter files`,
        { status: 422 },
      );
    }
    const { kind } = time;
    this.#timeKinds.set(kind, (this.#timeKinds.get(kind) ?? 0) + 1);
    this.#rows.push(row, this.#line);
  }

  /** The open time of a row; null if the row was refused. */
  #timeOf(cells: readonly string[], dialect: CsvDialect): ParsedTime | null {
    const { clock, close, high, low, open, time, volume } = dialect;
    const needed = 1 +
      Math.max(time, clock ?? 0, open, high, low, close, volume ?? 0);
    if (cells.length < needed) {
      const columns = cells.length === 1 ? "column" : "columns";
      this.#refuse(
        `${this.#name}, line ${this.#line}: has ${cells.length} ${columns}; expected at least ${needed}, separated by ${
          JSON.stringify(dialect.separator)
        }`,
      );
      return null;
    }
    const text = clock === null
      ? cells[time]!
      : `${cells[time]} ${cells[clock]}`;
    const parsed = parseTime(text);
    if (parsed === null) {
      this.#refuse(
        `${this.#name}, line ${this.#line}, column ${
          dialect.names?.[time] ?? "1"
        }: ${
          JSON.stringify(text.slice(0, 60))
        } is no open time; expected seconds or milliseconds since 1970, or a date with the year first such as 2024-01-31 12:00`,
      );
    }
    return parsed;
  }

  #isOneSymbol(cells: readonly string[], dialect: CsvDialect): boolean {
    if (dialect.symbol === null) return true;
    const symbol = cells[dialect.symbol] ?? "";
    if (this.#symbol === symbol) return true;
    this.#refuse(
      `${this.#name}, line ${this.#line}: is of ${
        JSON.stringify(symbol.slice(0, 40))
      }, the lines before of ${
        JSON.stringify(this.#symbol?.slice(0, 40))
      }; split the file into one for each market`,
    );
    return false;
  }

  #explain(
    cells: readonly string[],
    openAt: number,
    dialect: CsvDialect,
  ): string {
    const amounts = AMOUNTS.map((name) => {
      const column = dialect[name];
      // A comma inside a number would be one column more in the explanation.
      return column === null ? "0" : cells[column]!.replaceAll(",", "\u066B");
    });
    try {
      explainRow([openAt, ...amounts].join(","), {
        name: this.#name,
        line: this.#line,
        lastOpenAt: -Infinity,
      });
    } catch (error) {
      if (error instanceof AppError) {
        return error.message.replaceAll("\u066B", ",");
      }
      throw error;
    }
  }

  #refuse(problem: string): void {
    this.#problemsTotal++;
    if (this.#problems.length < IMPORT_PROBLEMS_MAX) {
      this.#problems.push(problem);
    }
  }
}

function isEmpty(line: string): boolean {
  return line === "" || line.startsWith("#") || line.trim() === "";
}
