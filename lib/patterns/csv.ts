import type { ReferenceColumn } from "../../agents/mod.ts";
import { CSV_CHUNK_ROWS } from "./limits.ts";
import { toCell } from "./number_text.ts";

/** Takes a piece of text; it must have taken it when it returns, so that memory stays bounded. */
export type Write = (text: string) => void;

/** Writes lines in pieces of CSV_CHUNK_ROWS. */
export function writeLines(lines: Iterable<string>, write: Write): void {
  let chunk: string[] = [];
  const flush = () => {
    if (chunk.length > 0) write(`${chunk.join("\n")}\n`);
    chunk = [];
  };
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length === CSV_CHUNK_ROWS) flush();
  }
  flush();
}

/** The lines of a result: the header, then one line a candle. */
export function* toLines(
  columns: readonly ReferenceColumn[],
): Generator<string> {
  yield columns.map(({ name }) => name).join(",");
  const rows = columns[0]?.values.length ?? 0;
  for (let row = 0; row < rows; row++) {
    let line = "";
    for (let index = 0; index < columns.length; index++) {
      const { values, format } = columns[index]!;
      if (index > 0) line += ",";
      line += toCell(values[row]!, format);
    }
    yield line;
  }
}
