import type { VenueRun } from "./calls.ts";

/** Counts the requests that the orders of one account cause, when they go out. */
export class RequestCounter {
  #total = 0;

  /** Since the account was opened. */
  get total(): number {
    return this.#total;
  }

  count(): void {
    this.#total++;
  }

  /** The same request, counted each time that it is sent. */
  counted<T>(run: VenueRun<T>): VenueRun<T> {
    return (gateway, nextPage) => {
      this.count();
      return run(gateway, nextPage);
    };
  }
}
