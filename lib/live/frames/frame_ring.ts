import type { Frame } from "./frames.ts";
import { RING_BYTES, RING_EVENTS } from "../limits.ts";

/** The newest stored events in serialized form, without holes. */
export class FrameRing {
  #frames: Frame[] = [];
  #bytes = 0;
  /** Everything after this sequence is held. */
  #from: number;

  constructor(from: number) {
    this.#from = from;
  }

  /** Tells whether every event after `seq` is held. */
  covers(seq: number): boolean {
    return seq >= this.#from;
  }

  /** Events after `seq`, oldest first; only valid where `covers(seq)`. */
  after(seq: number): readonly Frame[] {
    let low = 0;
    let high = this.#frames.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#frames[middle]!.seq! <= seq) low = middle + 1;
      else high = middle;
    }
    return this.#frames.slice(low);
  }

  /** Adds the next event, and forgets the oldest ones beyond the limits. */
  push(frame: Frame): void {
    this.#frames.push(frame);
    this.#bytes += frame.bytes;
    if (this.#frames.length <= RING_EVENTS && this.#bytes <= RING_BYTES) return;
    // Half at once: forgetting one by one would copy the list each time.
    const kept = this.#frames.length >> 1;
    const dropped = this.#frames.slice(0, -kept || undefined);
    this.#frames = this.#frames.slice(dropped.length);
    for (const old of dropped) this.#bytes -= old.bytes;
    this.#from = dropped.at(-1)!.seq!;
  }

  /** Starts anew: everything after `from` will be held. */
  reset(from: number): void {
    this.#frames = [];
    this.#bytes = 0;
    this.#from = from;
  }
}
