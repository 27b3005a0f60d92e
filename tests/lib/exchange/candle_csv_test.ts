import assert from "node:assert/strict";
import fc from "fast-check";
import { AppError } from "../../../lib/core/errors.ts";
import type { Candle } from "../../../lib/contracts/candle.ts";
import {
  CandleCsvParser,
  readCandleCsv,
} from "../../../lib/exchange/candle_csv.ts";
import {
  CANDLE_CSV_HEADER,
  parseCsvNumber,
} from "../../../lib/exchange/candle_csv_format.ts";
import type { CandleProblemCode } from "../../../lib/exchange/candle_csv_problems.ts";

const ROW_1 = "1000,10,12,9,11,5";
const ROW_2 = "2000,11,13,10,12,6";
const NAME = "test.csv";

function streamOf(
  text: string | Uint8Array<ArrayBuffer>,
  pieceBytes = 7,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = typeof text === "string"
    ? new TextEncoder().encode(text)
    : text;
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + pieceBytes));
      at += pieceBytes;
    },
  });
}

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const zipped = new Blob([text]).stream().pipeThrough(
    new CompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(zipped).arrayBuffer());
}

function read(text: string | Uint8Array<ArrayBuffer>, pieceBytes?: number) {
  return readCandleCsv(streamOf(text, pieceBytes), { name: NAME });
}

async function failure(text: string | Uint8Array<ArrayBuffer>) {
  const error = await read(text).then(
    () => assert.fail("the file was accepted"),
    (error) => error,
  );
  assert(error instanceof AppError, String(error));
  assert.equal(error.code, "CANDLES_INVALID");
  return error;
}

const lines = (...rows: string[]) => [CANDLE_CSV_HEADER, ...rows].join("\n");

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

Deno.test("readCandleCsv() takes CRLF, a byte order mark and blank lines at the end", async () => {
  const variants = [
    lines(ROW_1, ROW_2),
    `${lines(ROW_1, ROW_2)}\n`,
    `${lines(ROW_1, ROW_2)}\n\n\n`,
    `\uFEFF${lines(ROW_1, ROW_2)}`,
    `\uFEFF${lines(ROW_1, ROW_2).replaceAll("\n", "\r\n")}\r\n`,
  ];
  for (const text of variants) {
    for (const pieceBytes of [1, 7, 10_000]) {
      const series = await read(text, pieceBytes);
      assert.deepEqual([...series], [
        {
          seq: 0,
          openAt: 1000,
          open: 10,
          high: 12,
          low: 9,
          close: 11,
          volume: 5,
        },
        {
          seq: 1,
          openAt: 2000,
          open: 11,
          high: 13,
          low: 10,
          close: 12,
          volume: 6,
        },
      ]);
    }
  }
});

Deno.test("readCandleCsv() reads gzip whatever the name, and says when it is damaged", async () => {
  const zipped = await gzip(lines(ROW_1, ROW_2));
  assert.equal((await read(zipped, 1)).length, 2);
  const error = await failure(zipped.slice(0, zipped.length - 9));
  assert.equal(error.errors[0]?.code, "GZIP_DAMAGED");
  assert.match(error.message, /cannot be unpacked: .*copy the file again/);
});

Deno.test("CandleCsvParser reads every decimal to the nearest number", () => {
  fc.assert(fc.property(
    fc.double({ min: 1e-300, max: 1e300, noNaN: true }),
    (price) => {
      const parser = new CandleCsvParser(NAME);
      const text = [0, price, price, price, price, 0].join(",");
      parser.push(new TextEncoder().encode(lines(text)));
      assert.equal(parser.finish().candle(0).close, price);
    },
  ));
});

Deno.test("readCandleCsv() gives back what was written, in pieces of any size", async () => {
  const price = fc.integer({ min: 1, max: 10 ** 9 }).map((n) => n / 10 ** 4);
  const candle = fc.tuple(
    fc.integer({ min: 1, max: 10 ** 9 }),
    fc.tuple(price, price, price, price),
    fc.double({ min: 0, max: 1e9, noNaN: true }),
  );
  await fc.assert(fc.asyncProperty(
    fc.array(candle, { minLength: 1, maxLength: 40 }),
    fc.integer({ min: 1, max: 200 }),
    fc.boolean(),
    async (drafts, pieceBytes, isZipped) => {
      let openAt = 1.5e12;
      const candles: Candle[] = drafts.map(([stepMs, prices, volume], seq) => {
        openAt += stepMs;
        const [open, a, b, close] = prices;
        const high = Math.max(open, a, b, close);
        const low = Math.min(open, a, b, close);
        return { seq, openAt, open, high, low, close, volume: volume + 0 };
      });
      const text = lines(
        ...candles.map((c) =>
          [c.openAt, c.open, c.high, c.low, c.close, c.volume].join(",")
        ),
      );
      const series = await read(isZipped ? await gzip(text) : text, pieceBytes);
      assert.deepEqual([...series], candles);
    },
  ));
});

Deno.test("parseCsvNumber() refuses what Number() would guess", () => {
  for (const text of ["", " ", "0x1", "1_000", "1,5", "Infinity", "--1", "."]) {
    assert.equal(parseCsvNumber(text), NaN, text);
  }
  assert.equal(parseCsvNumber("-1.5e-3"), -0.0015);
});
