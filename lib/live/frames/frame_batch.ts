import type { Frame } from "./frames.ts";
import type { TopicFilter } from "./topic_filter.ts";

/**
 * Frames that are handed on together. What a filter lets through is found once
 * for all clients that have it: with a thousand clients, what is done for each
 * of them is what a new event costs.
 */
export class FrameBatch {
  readonly frames: readonly Frame[];
  /** About as many bytes as all of them take. */
  readonly bytes: number;
  readonly #wanted = new Map<string, readonly Frame[]>();

  constructor(frames: readonly Frame[]) {
    this.frames = frames;
    this.bytes = frames.reduce((sum, frame) => sum + frame.bytes, 0);
  }

  /** Place of the first and of the last frame; null if they are not stored. */
  get firstSeq(): number | null {
    return this.frames[0]?.seq ?? null;
  }

  get lastSeq(): number | null {
    return this.frames.at(-1)?.seq ?? null;
  }

  /** The frames that a filter lets through; the same list for every client that has it. */
  wantedBy(filter: TopicFilter): readonly Frame[] {
    const known = this.#wanted.get(filter.key);
    if (known !== undefined) return known;
    const wanted = onlyNewest(
      this.frames.filter((frame) => filter.accepts(frame)),
    );
    this.#wanted.set(filter.key, wanted);
    return wanted;
  }
}

/** Of frames with the same conflation key only the last stays. */
function onlyNewest(frames: readonly Frame[]): readonly Frame[] {
  const lastOfKey = new Map(
    frames.map((frame) => [frame.conflateKey, frame] as const),
  );
  return frames.filter((frame) =>
    frame.conflateKey === null || lastOfKey.get(frame.conflateKey) === frame
  );
}
