import assert from "node:assert/strict";
import fc from "fast-check";
import type { Candle } from "../../../lib/contracts/candle.ts";
import { CandleCsvParser } from "../../../lib/exchange/candle_csv.ts";
import { parseCsvNumber } from "../../../lib/exchange/candle_csv_format.ts";
import {
  failure,
  gzip,
  lines,
  NAME,
  read,
  ROW_1,
  ROW_2,
} from "./csv_support.ts";

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
