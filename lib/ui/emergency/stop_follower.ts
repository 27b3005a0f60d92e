import type { StopView } from "../../contracts/emergency.ts";
import { type ApiClient, isSignedOut } from "../client/api_client.ts";
import type { Schedule } from "../client/schedule.ts";

/** How often it is looked how the stops stand. */
const LOOK_EVERY_MS = 1_000;

/** Whoever shows one stop. */
export interface StopListener {
  /** How it stands; null when it was released. The last that is told where it does not work any more. */
  onStand(stop: StopView | null): void;
  /** It is not known now how it stands. */
  onFailure(error: unknown): void;
}

/**
 * Looks again and again how stops stand that are at work, with one request for
 * all of them: there may be eighty, and requests are counted just when somebody
 * needs one to release a stop.
 */
export class StopFollower {
  readonly #api: Pick<ApiClient, "emergency">;
  readonly #schedule: Schedule;
  readonly #listeners = new Map<StopListener, string>();
  #cancel: (() => void) | null = null;
  #isLooking = false;

  constructor(
    options: { api: Pick<ApiClient, "emergency">; schedule: Schedule },
  ) {
    this.#api = options.api;
    this.#schedule = options.schedule;
  }

  /** Tells of a stop by its id until it is over, or until the answer is called. */
  follow(id: string, listener: StopListener): () => void {
    this.#listeners.set(listener, id);
    this.#lookLater();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#cancel?.();
      this.#cancel = null;
    };
  }

  #lookLater(): void {
    const isAsked = this.#cancel !== null || this.#isLooking;
    if (isAsked || this.#listeners.size === 0) return;
    this.#cancel = this.#schedule(LOOK_EVERY_MS, () => {
      this.#cancel = null;
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    // An answer says nothing of the stop of somebody who came after the question.
    const asking = [...this.#listeners];
    try {
      const { latches } = await this.#api.emergency();
      const stops = new Map(latches.map((stop) => [stop.id, stop]));
      for (const [listener, id] of asking) {
        if (!this.#listeners.has(listener)) continue;
        const stop = stops.get(id) ?? null;
        if (stop?.isWorking !== true) this.#listeners.delete(listener);
        listener.onStand(stop);
      }
    } catch (error) {
      for (const listener of this.#listeners.keys()) listener.onFailure(error);
      if (isSignedOut(error)) this.#listeners.clear();
    }
    this.#isLooking = false;
    this.#lookLater();
  }
}
