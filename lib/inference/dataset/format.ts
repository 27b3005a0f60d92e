/**
 * The file of a data set: one record a row, little-endian, without a header,
 * so that `numpy.fromfile(file, dtype)` reads it whole.
 *
 * @module
 */
import { FEATURE_COUNT } from "../../../agents/decision/feature_list.ts";
import type { Dataset } from "./build.ts";
import { WRITE_CHUNK_ROWS } from "./limits.ts";

/** Fields of a record in order, as numpy's dtype has them; the last one is a row of features. */
export const RECORD_DTYPE = [
  ["open_at", "<f8"],
  ["touch_at", "<f8"],
  ["close", "<f8"],
  ["label", "<f4"],
  ["weight", "<f4"],
  ["features", "<f4", FEATURE_COUNT],
] as const;

/** Bytes of a record. */
export const RECORD_BYTES = 8 + 8 + 8 + 4 + 4 + 4 * FEATURE_COUNT;

/** The file's bytes in pieces. A piece is good until the next one is asked for. */
export function* datasetBytes(
  dataset: Dataset,
): Generator<Uint8Array<ArrayBuffer>> {
  const buffer = new ArrayBuffer(WRITE_CHUNK_ROWS * RECORD_BYTES);
  for (let from = 0; from < dataset.rows; from += WRITE_CHUNK_ROWS) {
    const count = Math.min(WRITE_CHUNK_ROWS, dataset.rows - from);
    const view = new DataView(buffer, 0, count * RECORD_BYTES);
    for (let index = 0; index < count; index++) {
      writeRecord(view, {
        dataset,
        row: from + index,
        at: index * RECORD_BYTES,
      });
    }
    yield new Uint8Array(buffer, 0, count * RECORD_BYTES);
  }
}

function writeRecord(
  view: DataView,
  { dataset, row, at }: { dataset: Dataset; row: number; at: number },
): void {
  view.setFloat64(at, dataset.openAt[row]!, true);
  view.setFloat64(at + 8, dataset.touchAt[row]!, true);
  view.setFloat64(at + 16, dataset.close[row]!, true);
  view.setFloat32(at + 24, dataset.label[row]!, true);
  view.setFloat32(at + 28, dataset.weight[row]!, true);
  for (let place = 0; place < FEATURE_COUNT; place++) {
    const value = dataset.features[row * FEATURE_COUNT + place]!;
    view.setFloat32(at + 32 + 4 * place, value, true);
  }
}
