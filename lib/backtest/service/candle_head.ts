import { timeframeOf } from "../../contracts/candle.ts";
import { AppError } from "../../core/errors.ts";
import { readCandleCsv } from "../../exchange/candle_csv.ts";
import { isColumnar, openCandleFile } from "../../exchange/candle_file.ts";
import type { CandleFileFacts } from "../port.ts";

/** Bytes of a file that are read to learn its timeframe. */
const HEAD_BYTES = 64 * 1024;

/** What the first rows of a candle file say, or null where it cannot be read. */
export async function describeCandleFile(
  path: string,
): Promise<CandleFileFacts | null> {
  let file: Deno.FsFile;
  try {
    file = await openCandleFile(path);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
  try {
    const head = await readHead(file, path.endsWith(".gz"));
    if (head === null) return { timeframe: null };
    const { stepMs } = (await readCandleCsv(head, { name: "head.csv" }))
      .gapReport;
    return { timeframe: stepMs === null ? null : timeframeOf(stepMs) };
  } catch {
    // A file that is there and wrong says so in full when it is run.
    return { timeframe: null };
  }
}

/** The whole lines at the start of a file, unpacked; null for one that is not text. Closes it. */
async function readHead(
  file: Deno.FsFile,
  isPacked: boolean,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null> {
  if (await isColumnar(file)) {
    file.close();
    return null;
  }
  const source: ReadableStream<Uint8Array> = isPacked
    ? file.readable.pipeThrough(
      new DecompressionStream("gzip") as TransformStream<
        Uint8Array,
        Uint8Array
      >,
    )
    : file.readable;
  const reader = source.getReader();
  let text = "";
  const decoder = new TextDecoder();
  try {
    while (text.length < HEAD_BYTES) {
      // deno-lint-ignore no-await-in-loop -- a stream is read in order
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    await reader.cancel();
  }
  const lines = text.slice(0, text.lastIndexOf("\n") + 1);
  return ReadableStream.from([new TextEncoder().encode(lines)]);
}
