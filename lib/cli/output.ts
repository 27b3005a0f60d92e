/**
 * How data is written: aligned tables and colour on a terminal, tab-separated
 * lines in a pipe, JSON on demand.
 *
 * @module
 */
import type { CliIo } from "./io.ts";

/** What is not known is never shown as zero. */
export const UNKNOWN = "—";

/** A column of a table. */
export interface Column<T> {
  title: string;
  value(row: T): string | number | null | undefined;
  /** Numbers are aligned at their end. */
  isNumber?: boolean;
  color?(row: T): Color | null;
}

const COLORS = { red: 31, green: 32, yellow: 33, cyan: 36, dim: 2 } as const;
export type Color = keyof typeof COLORS;

/** Writes rows as a table on a terminal, as tab-separated lines elsewhere. */
export function writeTable<T>(
  io: CliIo,
  rows: readonly T[],
  columns: readonly Column<T>[],
): void {
  const titles = columns.map((column) => column.title);
  const cells = rows.map((row) => columns.map((column) => cell(column, row)));
  if (!io.isTerminal) {
    for (const line of [titles, ...cells]) io.stdout(`${line.join("\t")}\n`);
    return;
  }
  const widths = titles.map((title, index) =>
    Math.max(width(title), ...cells.map((line) => width(line[index]!)))
  );
  io.stdout(`${paint(io, alignLine(titles, { columns, widths }), "dim")}\n`);
  for (const [index, line] of cells.entries()) {
    const colors = columns.map((column) =>
      column.color?.(rows[index]!) ?? null
    );
    io.stdout(`${alignLine(line, { columns, widths, colors, io })}\n`);
  }
}

/** Writes name and value pairs, one a line. */
export function writeFields(
  io: CliIo,
  fields: readonly (readonly [string, string | number | null | undefined])[],
): void {
  const widest = Math.max(...fields.map(([name]) => width(name)));
  for (const [name, value] of fields) {
    const text = toCell(value);
    io.stdout(
      io.isTerminal
        ? `${name.padEnd(widest)}  ${text}\n`
        : `${name}\t${text}\n`,
    );
  }
}

/** Writes one JSON document. */
export function writeJson(io: CliIo, value: unknown): void {
  io.stdout(`${JSON.stringify(value, null, 2)}\n`);
}

/** Colours a text on a terminal, unless NO_COLOR is set. */
export function paint(io: CliIo, text: string, color: Color | null): string {
  const off = !io.isTerminal || (io.env("NO_COLOR") ?? "") !== "";
  return off || color === null ? text : `\x1b[${COLORS[color]}m${text}\x1b[0m`;
}

/** Takes out control characters: text from elsewhere must not steer the terminal or break a line. */
export function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- they are what is looked for
  return text.replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+/g, " ");
}

/** Writes a time as `2026-09-01 12:03:22` in UTC. */
export function formatTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

function toCell(value: string | number | null | undefined): string {
  return value === null || value === undefined || value === ""
    ? UNKNOWN
    : plain(String(value));
}

function cell<T>(column: Column<T>, row: T): string {
  return toCell(column.value(row));
}

function width(text: string): number {
  return [...text].length;
}

function alignLine(
  cells: readonly string[],
  options: {
    columns: readonly { isNumber?: boolean }[];
    widths: readonly number[];
    colors?: readonly (Color | null)[];
    io?: CliIo;
  },
): string {
  const { columns, widths, colors, io } = options;
  return cells.map((text, index) => {
    const space = " ".repeat(widths[index]! - width(text));
    const color = colors?.[index] ?? null;
    const shown = io === undefined ? text : paint(io, text, color);
    return columns[index]!.isNumber ? space + shown : shown + space;
  }).join("  ").trimEnd();
}
