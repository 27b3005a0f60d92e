import type { SimulatedClock } from "../../../actors/mod.ts";
import { VenueError } from "../../../lib/exchange/gateway/port.ts";
import { ProcessDied } from "../machine/boot.ts";
import type { Isolate } from "../machine/isolate.ts";
import type { Exchange } from "./exchange.ts";
import { REQUEST_TIMEOUT_MS } from "./limits.ts";
import type { Weather } from "./weather.ts";

/** A request as it leaves a desk. */
export interface Departure {
  name: string;
  /** Our time as it is signed. */
  timestamp: number;
  /** Number of the process. */
  boot: number;
}

/** What requests travel through. */
export interface WireOptions {
  isolate: Isolate;
  clock: SimulatedClock;
  exchange: Exchange;
  weather: Weather;
  random: () => number;
  venueNowMs(): number;
  /** Told before the bytes leave. */
  onDeparture(departure: Departure): void;
  /** Told when an answer reached the desk. */
  onAnswer(name: string): void;
  /** Told when the desk learns that it must be silent. */
  onSilence(boot: number, forMs: number): void;
}

/**
 * The network between one desk process and the venue. What has left arrives
 * whether its process lives or not; what comes back reaches only the living.
 */
export class Wire {
  readonly #options: WireOptions;

  constructor(options: WireOptions) {
    this.#options = options;
  }

  /**
   * Sends a request; the bytes have left when it returns.
   *
   * @throws {ProcessDied}
   */
  request<T>(
    name: string,
    { timestamp, isSigned, run }: {
      timestamp: number;
      isSigned: boolean;
      /** At the venue; throws a `VenueError` for a decoded refusal. */
      run: () => T;
    },
  ): Promise<T> {
    const { isolate, clock, weather, onDeparture } = this.#options;
    const { boot } = isolate;
    if (isolate.isDead || !boot.passes(`send ${name}`)) throw new ProcessDied();
    onDeparture({ name, timestamp, boot: boot.number });
    const fate = this.#fateOf(name);
    const isLost = fate === "lost_request" ||
      this.#happens(weather.lostOnTheWay);
    const answer = new Promise<T>((resolve, reject) => {
      let isOver = false;
      const finish = (what: string, end: () => void) => {
        if (isOver) return;
        isOver = true;
        isolate.enter(what, end);
      };
      isolate.boot.later(
        REQUEST_TIMEOUT_MS,
        () =>
          finish(
            `no answer ${name}`,
            () => reject(new VenueError("unknown", "The request timed out")),
          ),
      );
      if (isLost) return;
      clock.after(this.#wayMs(), () => {
        this.#arrive({ timestamp, isSigned, run, fate }, (backMs, end) => {
          clock.after(backMs, () =>
            finish(`answer ${name}`, () => {
              end((value) => {
                this.#options.onAnswer(name);
                resolve(value);
              }, reject);
            }));
        });
      });
    });
    if (!boot.passes(`sent ${name}`)) throw new ProcessDied();
    return answer;
  }

  #arrive<T>(
    { timestamp, isSigned, run, fate }: {
      timestamp: number;
      isSigned: boolean;
      run: () => T;
      fate: Weather["nextOrder"];
    },
    reply: (
      backMs: number,
      end: (
        resolve: (answer: T) => void,
        reject: (error: Error) => void,
      ) => void,
    ) => void,
  ): void {
    const { weather } = this.#options;
    const backMs = this.#wayMs();
    const refusal = this.#refusal({ timestamp, isSigned });
    if (refusal !== null) {
      return reply(backMs, (_, reject) => {
        this.#hear(refusal);
        reject(refusal);
      });
    }
    let answer: T;
    try {
      answer = run();
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      if (this.#happens(weather.lostAnswers)) return;
      return reply(backMs, (_, reject) => reject(error));
    }
    if (fate === "lost_answer" || this.#happens(weather.lostAnswers)) return;
    if (fate === "broken_answer" || this.#happens(weather.brokenAnswers)) {
      return reply(
        backMs,
        (_, reject) =>
          reject(new VenueError("unknown", "503", { venueCode: "503" })),
      );
    }
    reply(backMs, (resolve) => resolve(answer));
  }

  #refusal(
    { timestamp, isSigned }: { timestamp: number; isSigned: boolean },
  ): VenueError | null {
    const { weather, clock, exchange } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs < weather.closedUntilMs) {
      return new VenueError("maintenance", "System maintenance");
    }
    if (nowMs < weather.limitedUntilMs) {
      return new VenueError("rate_limited", "429", {
        retryAfterMs: Math.ceil(weather.limitedUntilMs - nowMs),
      });
    }
    const late = isSigned ? exchange.timeProblem(timestamp) : null;
    return late === null
      ? null
      : new VenueError("clock", late.detail, { venueCode: late.code });
  }

  #hear({ kind, retryAfterMs }: VenueError): void {
    if (kind !== "rate_limited") return;
    this.#options.onSilence(
      this.#options.isolate.boot.number,
      retryAfterMs ?? 0,
    );
  }

  /** What a fault wants to become of this order. */
  #fateOf(name: string): Weather["nextOrder"] {
    const { weather } = this.#options;
    const { nextOrder } = weather;
    if (nextOrder === null || !name.startsWith("create")) return null;
    weather.nextOrder = null;
    return nextOrder;
  }

  #happens(part: number): boolean {
    return part > 0 && this.#options.random() < part;
  }

  #wayMs(): number {
    const { random, weather } = this.#options;
    return Math.ceil(5 + random() * (30 + weather.slowMs / 2));
  }
}
