/** How regular the open times of a series are. */
export interface GapReport {
  rows: number;
  /** Places where the next candle opens later than one step after the one before. */
  gaps: number;
  /** Longest time from one open to the next, where that is more than a step; 0 without gaps. */
  longestGapMs: number;
  /** The most frequent time between two opens; null with fewer than two rows. */
  stepMs: number | null;
}

/** Distinct steps that are counted apart; a file without any regular step stays bounded this way. */
const DISTINCT_STEPS_MAX = 4_096;

/** Counts the times between opens; the most frequent one is the step, whatever comes first in the file. */
export class GapCounter {
  readonly #countOfStep = new Map<number, number>();
  #rows = 0;
  #lastOpenAt = 0;
  #longestMs = 0;
  /** Equal steps in a row are counted at once: nearly all of a file are. */
  #runStepMs = 0;
  #runCount = 0;

  /** Takes the next open time. */
  add(openAt: number): void {
    if (this.#rows > 0) {
      const stepMs = openAt - this.#lastOpenAt;
      if (stepMs === this.#runStepMs) this.#runCount++;
      else {
        this.#countRun();
        this.#runStepMs = stepMs;
        this.#runCount = 1;
        if (stepMs > this.#longestMs) this.#longestMs = stepMs;
      }
    }
    this.#lastOpenAt = openAt;
    this.#rows++;
  }

  #countRun(): void {
    if (this.#runCount === 0) return;
    const count = this.#countOfStep.get(this.#runStepMs);
    if (count !== undefined || this.#countOfStep.size < DISTINCT_STEPS_MAX) {
      this.#countOfStep.set(this.#runStepMs, (count ?? 0) + this.#runCount);
    }
    this.#runCount = 0;
  }

  /** What was counted so far. */
  report(): GapReport {
    this.#countRun();
    let stepMs: number | null = null;
    let most = 0;
    for (const [candidateMs, count] of this.#countOfStep) {
      const isBetter = count > most ||
        (count === most && stepMs !== null && candidateMs < stepMs);
      if (isBetter) [stepMs, most] = [candidateMs, count];
    }
    if (stepMs === null) {
      return { rows: this.#rows, gaps: 0, longestGapMs: 0, stepMs };
    }
    let notLonger = 0;
    let counted = 0;
    for (const [candidateMs, count] of this.#countOfStep) {
      counted += count;
      if (candidateMs <= stepMs) notLonger += count;
    }
    // Steps past the bound were not kept apart; they are all rare, so they count as gaps.
    const uncounted = this.#rows - 1 - counted;
    const gaps = counted - notLonger + uncounted;
    const longestGapMs = this.#longestMs > stepMs ? this.#longestMs : 0;
    return { rows: this.#rows, gaps, longestGapMs, stepMs };
  }
}
