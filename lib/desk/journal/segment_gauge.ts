import { SEGMENT_BYTES, SEGMENT_RETRY_BYTES } from "../limits.ts";

/** Tells when a segment has grown so far that the next one is due. */
export class SegmentGauge {
  readonly #segmentBytes: number;
  #dueLength = 0;

  /** `firstLength` is that of the segment's first line, which does not count as growth. */
  constructor(firstLength: number, segmentBytes = SEGMENT_BYTES) {
    this.#segmentBytes = segmentBytes;
    this.start(firstLength);
  }

  isDue(length: number): boolean {
    return length >= this.#dueLength;
  }

  /** A new segment begins with a line of `firstLength` bytes. */
  start(firstLength: number): void {
    this.#dueLength = firstLength + this.#segmentBytes;
  }

  /** The disk did not take it at this length. */
  postpone(length: number): void {
    this.#dueLength = length + SEGMENT_RETRY_BYTES;
  }
}
