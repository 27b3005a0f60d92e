import type { Frame } from "./frames.ts";

/**
 * Frames that wait for one client. A newer frame with the same conflation key
 * takes the older one's content and goes to the end, so that sequence numbers
 * still ascend.
 */
export class FrameQueue {
  readonly #frames = new Map<number, Frame>();
  readonly #placeOfKey = new Map<string, number>();
  #next = 0;
  #bytes = 0;

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Frames that wait. */
  get size(): number {
    return this.#frames.size;
  }

  /** Adds a frame at the end. */
  push(frame: Frame): void {
    if (frame.conflateKey !== null) {
      const older = this.#placeOfKey.get(frame.conflateKey);
      if (older !== undefined) this.#remove(older);
      this.#placeOfKey.set(frame.conflateKey, this.#next);
    }
    this.#frames.set(this.#next++, frame);
    this.#bytes += frame.bytes;
  }

  /** Takes frames from the front until they have `bytes` together; at least one if any waits. */
  take(bytes: number): Frame[] {
    const taken: Frame[] = [];
    let size = 0;
    for (const [place, frame] of this.#frames) {
      if (taken.length > 0 && size + frame.bytes > bytes) break;
      this.#remove(place);
      taken.push(frame);
      size += frame.bytes;
    }
    return taken;
  }

  /** Forgets everything. */
  clear(): void {
    this.#frames.clear();
    this.#placeOfKey.clear();
    this.#bytes = 0;
  }

  #remove(place: number): void {
    const frame = this.#frames.get(place)!;
    this.#frames.delete(place);
    this.#bytes -= frame.bytes;
    const key = frame.conflateKey;
    if (key !== null && this.#placeOfKey.get(key) === place) {
      this.#placeOfKey.delete(key);
    }
  }
}
