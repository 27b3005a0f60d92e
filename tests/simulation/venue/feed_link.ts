import { LINKS } from "../../../lib/contracts/links.ts";
import { AGENT_ID } from "./agent_person.ts";
import type { VenueWorld } from "./world.ts";

/** The market data worker at the other end of the desk's link: candles from where the desk wants them, and prices. */
export class FeedLink {
  areQuotesGone = false;
  readonly #world: VenueWorld;
  #nextSeq: number | null = null;

  constructor(world: VenueWorld) {
    this.#world = world;
  }

  /** A new process has not asked for anything yet. */
  forget(): void {
    this.#nextSeq = null;
  }

  subscribe(fromSeq: number): void {
    this.#nextSeq = fromSeq;
    this.sendCandles();
  }

  sendCandles(): void {
    if (this.#nextSeq === null) return;
    const batch = this.#world.path.batch(this.#nextSeq);
    if (batch === null) return;
    this.#nextSeq += batch.count;
    this.#send(batch);
  }

  sendQuote(): void {
    if (this.areQuotesGone) return;
    const { path } = this.#world;
    const quote = {
      at: this.#world.venueNowMs(),
      bid: path.bid / 100,
      ask: path.ask / 100,
      bidSize: null,
      askSize: null,
      mark: null,
    };
    this.#send({ type: "quote", quote });
  }

  #send(message: unknown): void {
    if (this.#nextSeq === null) return;
    this.#world.desk?.deliver(
      "feed",
      (handlers) => void handlers.receive(LINKS.candlesOf(AGENT_ID), message),
    );
  }
}
