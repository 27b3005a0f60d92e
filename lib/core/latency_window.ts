import { type LatencyFigures, LatencyHistogram } from "./histogram.ts";

/** Length of a part of the window, and how many parts there are. */
const PART_MS = 100_000;
const PARTS = 3;

interface Part {
  number: number;
  histogram: LatencyHistogram;
}

/**
 * A latency histogram that forgets: it answers for the last three to five
 * minutes, so that an hour of slowness shows after days of none, and is over
 * when it is.
 */
export class LatencyWindow {
  readonly #nowMs: () => number;
  /** Oldest first, those without a value left out. */
  #parts: Part[] = [];
  #count = 0;

  /** `nowMs` may be any clock; one that is set back makes it forget earlier. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** How many values were recorded since the start. */
  get count(): number {
    return this.#count;
  }

  /** Records one latency in milliseconds. */
  record(latencyMs: number): void {
    this.#count++;
    const number = this.#forget();
    let last = this.#parts.at(-1);
    if (last?.number !== number) {
      last = { number, histogram: new LatencyHistogram() };
      this.#parts.push(last);
    }
    last.histogram.record(latencyMs);
  }

  /** Adds what the window holds to a histogram. */
  addTo(sum: LatencyHistogram): void {
    this.#forget();
    for (const { histogram } of this.#parts) sum.add(histogram);
  }

  /** The figures of the window; null where nothing was recorded in it. */
  figures(): LatencyFigures | null {
    const sum = new LatencyHistogram();
    this.addTo(sum);
    return sum.figures();
  }

  /** Drops the parts that have left the window; answers with the number of the running one. */
  #forget(): number {
    const now = Math.floor(this.#nowMs() / PART_MS);
    const isKept = ({ number }: Part) => number <= now && number > now - PARTS;
    if (!this.#parts.every(isKept)) this.#parts = this.#parts.filter(isKept);
    return now;
  }
}
