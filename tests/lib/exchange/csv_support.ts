/** Small candle files, and ways to read them in pieces. */
import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import { readCandleCsv } from "../../../lib/exchange/candle_csv.ts";
import { CANDLE_CSV_HEADER } from "../../../lib/exchange/candle_csv_format.ts";

export const ROW_1 = "1000,10,12,9,11,5";
export const ROW_2 = "2000,11,13,10,12,6";
export const NAME = "test.csv";

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

export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const zipped = new Blob([text]).stream().pipeThrough(
    new CompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(zipped).arrayBuffer());
}

export function read(
  text: string | Uint8Array<ArrayBuffer>,
  pieceBytes?: number,
) {
  return readCandleCsv(streamOf(text, pieceBytes), { name: NAME });
}

export async function failure(text: string | Uint8Array<ArrayBuffer>) {
  const error = await read(text).then(
    () => assert.fail("the file was accepted"),
    (error) => error,
  );
  assert(error instanceof AppError, String(error));
  assert.equal(error.code, "CANDLES_INVALID");
  return error;
}

export const lines = (...rows: string[]) =>
  [CANDLE_CSV_HEADER, ...rows].join("\n");
