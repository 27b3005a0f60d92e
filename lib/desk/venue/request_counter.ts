import type { VenueGateway } from "../../exchange/gateway/port.ts";

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
  counted<T>(
    run: (gateway: VenueGateway) => Promise<T>,
  ): (gateway: VenueGateway) => Promise<T> {
    return (gateway) => {
      this.count();
      return run(gateway);
    };
  }
}
