import type {
  EntryBreakerView,
  ExecutionConfig,
} from "../../lib/contracts/execution_config.ts";

/** State of an {@link EntryBreaker}. Plain data. */
export interface EntryBreakerSnapshot {
  state: "closed" | "open" | "half_open" | "latched";
  /** Candles of the failures within the window, oldest first. */
  failures: number[];
  /** Times that it opened since an entry succeeded last. */
  openings: number;
  /** First candle on which one entry may be tried. */
  untilSeq: number;
  /** Whether the one entry of a half-open breaker is under way. */
  isTrying: boolean;
  /** What opened it; null where it is closed. */
  cause: string | null;
}

type BreakerConfig = Pick<
  ExecutionConfig,
  | "breakerFailures"
  | "breakerWindowCandles"
  | "breakerOpenCandles"
  | "breakerOpenings"
>;

const CLOSED: EntryBreakerSnapshot = {
  state: "closed",
  failures: [],
  openings: 0,
  untilSeq: 0,
  isTrying: false,
  cause: null,
};

/**
 * An executor's own circuit breaker: too many failures within some candles and
 * nothing is entered for a while, twice as long each time; then one entry is
 * tried. When it has opened too often in a row it waits for a person. Exits
 * always pass. Time is counted in candles.
 */
export class EntryBreaker {
  #state: EntryBreakerSnapshot = structuredClone(CLOSED);

  get state(): EntryBreakerSnapshot["state"] {
    return this.#state.state;
  }

  /** Why nothing may be entered on a candle; null where it may. A retry is of the entry that is under way already. */
  refusal(
    seq: number,
    { isRetry = false }: { isRetry?: boolean } = {},
  ): string | null {
    const state = this.#state;
    if (state.state === "open" && seq >= state.untilSeq) {
      state.state = "half_open";
      state.isTrying = false;
    }
    switch (state.state) {
      case "closed":
        return null;
      case "half_open":
        return state.isTrying && !isRetry
          ? "The breaker is half open and its one entry is under way"
          : null;
      case "open":
        return `The breaker is open until candle ${state.untilSeq}: ${state.cause}`;
      case "latched":
        return `The breaker waits for a person, who pauses and resumes the agent: ${state.cause}`;
    }
  }

  /** An entry is on its way. */
  began(): void {
    if (this.#state.state === "half_open") this.#state.isTrying = true;
  }

  /** The entry ended without a sign of either kind. */
  withdrew(): void {
    this.#state.isTrying = false;
  }

  /** An entry was filled as it should be. */
  succeeded(): void {
    const { state } = this.#state;
    if (state === "half_open") this.#state = structuredClone(CLOSED);
    else if (state === "closed") this.#state.openings = 0;
  }

  /** Something went wrong on a candle; answers what opened the breaker now, or null. */
  failed(
    seq: number,
    { cause, config }: { cause: string; config: BreakerConfig },
  ): string | null {
    const state = this.#state;
    if (config.breakerFailures === 0) return null;
    if (state.state === "half_open") return this.trip(seq, { cause, config });
    if (state.state !== "closed") return null;
    const fromSeq = seq - config.breakerWindowCandles;
    state.failures = [...state.failures.filter((at) => at > fromSeq), seq];
    return state.failures.length < config.breakerFailures
      ? null
      : this.trip(seq, { cause, config });
  }

  /** Opens at once; answers what is to be told of it, or null where it is open already. */
  trip(
    seq: number,
    { cause, config }: { cause: string; config: BreakerConfig },
  ): string | null {
    const { state, openings } = this.#state;
    if (state === "open" || state === "latched") return null;
    const isLast = openings + 1 >= config.breakerOpenings;
    const candles = config.breakerOpenCandles * 2 ** openings;
    this.#state = {
      state: isLast ? "latched" : "open",
      failures: [],
      openings: openings + 1,
      untilSeq: seq + candles,
      isTrying: false,
      cause,
    };
    return isLast
      ? `The breaker has opened ${
        openings + 1
      } times in a row and waits for a person: ${cause}`
      : `The breaker opens for ${candles} candles: ${cause}`;
  }

  /** A person has looked. */
  reset(): void {
    this.#state = structuredClone(CLOSED);
  }

  /** How it stands on a candle; changes nothing. */
  view(seq: number, windowCandles: number): EntryBreakerView {
    const { state, cause, openings, failures, untilSeq } = this.#state;
    const isWaiting = state === "open" && seq < untilSeq;
    return {
      state: state === "open" && !isWaiting ? "half_open" : state,
      cause,
      failures: failures.filter((at) => at > seq - windowCandles).length,
      openings,
      candlesLeft: isWaiting ? untilSeq - seq : null,
    };
  }

  snapshot(): EntryBreakerSnapshot {
    return structuredClone(this.#state);
  }

  restore(snapshot: EntryBreakerSnapshot): void {
    this.#state = structuredClone(snapshot);
  }
}
