import assert from "node:assert/strict";
import { CANDLE_CSV_HEADER } from "../../../lib/exchange/candle_csv_format.ts";
import type { CandleProblemCode } from "../../../lib/exchange/candle_csv_problems.ts";
import { failure, lines, NAME, ROW_1, ROW_2 } from "./csv_support.ts";

const MISTAKES: readonly {
  mistake: string;
  text: string;
  code: CandleProblemCode;
  parts: readonly string[];
}[] = [
  {
    mistake: "an empty file",
    text: "",
    code: "CANDLES_MISSING",
    parts: [`${NAME} is empty`, `expected the header ${CANDLE_CSV_HEADER}`],
  },
  {
    mistake: "a header without candles",
    text: lines(),
    code: "CANDLES_MISSING",
    parts: [NAME, "has a header but no candle"],
  },
  {
    mistake: "a header and blank lines only",
    text: lines("", "", ""),
    code: "CANDLES_MISSING",
    parts: [NAME, "has a header but no candle"],
  },
  {
    mistake: "a missing header",
    text: ROW_1,
    code: "HEADER_WRONG",
    parts: [`${NAME}, line 1`, `"${ROW_1}"`, "the header is missing"],
  },
  {
    mistake: "another header",
    text: `time,o,h,l,c,v\n${ROW_1}`,
    code: "HEADER_WRONG",
    parts: ['"time,o,h,l,c,v"', `expected the header ${CANDLE_CSV_HEADER}`],
  },
  {
    mistake: "a missing column",
    text: lines(ROW_1, "2000,11,13,10,12"),
    code: "COLUMNS_WRONG",
    parts: [`${NAME}, line 3: has 5 columns`, "expected 6"],
  },
  {
    mistake: "a column too many",
    text: lines("1000,10,12,9,11,5,1"),
    code: "COLUMNS_WRONG",
    parts: [`${NAME}, line 2: has 7 columns`, "expected 6"],
  },
  {
    mistake: "a text for a price",
    text: lines(ROW_1, "2000,11,abc,10,12,6"),
    code: "NUMBER_WRONG",
    parts: [`${NAME}, line 3, column high: "abc" is not a finite number`],
  },
  {
    mistake: "NaN",
    text: lines("1000,NaN,12,9,11,5"),
    code: "NUMBER_WRONG",
    parts: ['column open: "NaN"', "expected a plain decimal number"],
  },
  {
    mistake: "Infinity",
    text: lines("1000,10,Infinity,9,11,5"),
    code: "NUMBER_WRONG",
    parts: ['column high: "Infinity"'],
  },
  {
    mistake: "a number beyond the largest",
    text: lines("1000,10,1e999,9,11,5"),
    code: "NUMBER_WRONG",
    parts: ['column high: "1e999"'],
  },
  {
    mistake: "an empty cell",
    text: lines("1000,10,12,9,11,"),
    code: "NUMBER_WRONG",
    parts: ['column volume: ""'],
  },
  {
    mistake: "a space in a cell",
    text: lines("1000, 10,12,9,11,5"),
    code: "NUMBER_WRONG",
    parts: ['column open: " 10"'],
  },
  {
    mistake: "a hexadecimal number",
    text: lines("1000,0x10,12,9,11,5"),
    code: "NUMBER_WRONG",
    parts: ['column open: "0x10"'],
  },
  {
    mistake: "a date for a timestamp",
    text: lines("2026-01-01,10,12,9,11,5"),
    code: "NUMBER_WRONG",
    parts: ['column timestamp_ms: "2026-01-01"'],
  },
  {
    mistake: "a fractional timestamp",
    text: lines("1000.5,10,12,9,11,5"),
    code: "TIMESTAMP_NOT_INTEGER",
    parts: ['column timestamp_ms: "1000.5" is not a whole number'],
  },
  {
    mistake: "a timestamp in nanoseconds",
    text: lines("1556668800000000000,10,12,9,11,5"),
    code: "TIMESTAMP_OUT_OF_RANGE",
    parts: ["expected milliseconds since 1970"],
  },
  {
    mistake: "a duplicate timestamp",
    text: lines(ROW_1, ROW_1),
    code: "TIMESTAMP_DUPLICATE",
    parts: [`line 3, column timestamp_ms: "1000" is a duplicate`, "remove"],
  },
  {
    mistake: "an unsorted timestamp",
    text: lines(ROW_2, ROW_1),
    code: "TIMESTAMP_UNSORTED",
    parts: ['"1000" is earlier than the line before (2000)', "sort the file"],
  },
  {
    mistake: "a negative price",
    text: lines("1000,10,12,-9,11,5"),
    code: "PRICE_NOT_POSITIVE",
    parts: ['column low: "-9" is not a positive price', "above 0"],
  },
  {
    mistake: "a price of zero",
    text: lines("1000,10,12,0,11,5"),
    code: "PRICE_NOT_POSITIVE",
    parts: ['column low: "0"'],
  },
  {
    mistake: "a negative volume",
    text: lines("1000,10,12,9,11,-5"),
    code: "VOLUME_NEGATIVE",
    parts: ['column volume: "-5" is negative', "expected 0 or more"],
  },
  {
    mistake: "a high below the close",
    text: lines("1000,10,10.5,9,11,5"),
    code: "HIGH_TOO_LOW",
    parts: ['column high: "10.5" is below the close 11'],
  },
  {
    mistake: "a low above the open",
    text: lines("1000,10,12,10.5,11,5"),
    code: "LOW_TOO_HIGH",
    parts: ['column low: "10.5" is above the open 10'],
  },
  {
    mistake: "an empty line between candles",
    text: lines(ROW_1, "", ROW_2),
    code: "LINE_EMPTY",
    parts: [`${NAME}, line 3: is empty but candles follow`],
  },
  {
    mistake: "a line without end",
    text: lines("1".repeat(5_000)),
    code: "LINE_TOO_LONG",
    parts: [`${NAME}, line 2`, "longer than 1024 bytes"],
  },
];

for (const { mistake, text, code, parts } of MISTAKES) {
  Deno.test(`readCandleCsv() refuses ${mistake} with a sentence that helps`, async () => {
    const error = await failure(text);
    assert.equal(error.errors[0]?.code, code);
    for (const part of parts) {
      assert(
        error.message.includes(part),
        `"${error.message}" lacks "${part}"`,
      );
    }
  });
}
