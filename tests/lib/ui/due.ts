import type { Schedule } from "../../../lib/ui/client/schedule.ts";

/** What was put off, and runs when a test says so, whatever its time. */
export class Due {
  readonly #waiting: { ms: number; run: () => void }[] = [];

  /** Pauses of what waits, in the order in which it was put off. */
  get pauses(): readonly number[] {
    return this.#waiting.map(({ ms }) => ms);
  }

  readonly schedule: Schedule = (ms, run) => {
    const entry = { ms, run };
    this.#waiting.push(entry);
    return () => {
      const place = this.#waiting.indexOf(entry);
      if (place >= 0) this.#waiting.splice(place, 1);
    };
  };

  /** Runs what has waited longest. */
  next(): void {
    this.#waiting.shift()!.run();
  }

  /** Runs all that waits now. */
  all(): void {
    for (const { run } of this.#waiting.splice(0)) run();
  }
}
