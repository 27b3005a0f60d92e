import type { Heartbeat } from "../protocol.ts";

const MIB = 1_048_576;

/**
 * Why a child should be recycled for its heap, or null. The cap is soft: V8
 * ends the whole process at its own limit, so an actor that leaks has to be
 * replaced long before.
 */
export function excessHeap(
  heartbeat: Pick<Heartbeat, "heapUsedBytes">,
  softHeapBytes: number | undefined,
): string | null {
  const { heapUsedBytes } = heartbeat;
  if (softHeapBytes === undefined || heapUsedBytes === null) return null;
  if (heapUsedBytes <= softHeapBytes) return null;
  // Rounded up, so that a heap just above its cap never reads as equal to it.
  const heapMiB = Math.ceil(heapUsedBytes / MIB);
  return `Heap ${heapMiB} MiB is above its soft cap of ${
    Math.floor(softHeapBytes / MIB)
  } MiB`;
}
