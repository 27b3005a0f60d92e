import { crc32 } from "node:zlib";
import { MIRROR_CHUNK_BYTES } from "../../../store/limits.ts";

/** Checksums of a segment up to the end of each of its chunks: where two of them differ first is where two files do. */
export type ChunkSums = readonly number[];

/** Sums of a segment that goes on with `bytes` behind the whole chunks that `sums` are of. */
export function extendSums(sums: ChunkSums, bytes: Uint8Array): ChunkSums {
  const longer = [...sums];
  let sum = sums.at(-1) ?? 0;
  for (let start = 0; start < bytes.length; start += MIRROR_CHUNK_BYTES) {
    sum = crc32(bytes.subarray(start, start + MIRROR_CHUNK_BYTES), sum);
    longer.push(sum);
  }
  return longer;
}
