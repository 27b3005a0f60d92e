import { VIOLATIONS_MAX } from "../limits.ts";
import type { MarketKind } from "../market/specs.ts";

const MINUTE_MS = 60_000;
const TEN_SECONDS_MS = 10_000;
const DAY_MS = 86_400_000;

/** Requests after a 429 that are borne before the address is banned, and for how long. */
const PATIENCE = 10;
const BAN_SECONDS = 120;

/** What one half allows. Weight per address, orders per account. */
export interface RateRules {
  weightPerMinute: number;
  ordersPerTenSeconds: number;
  /** Spot counts orders per day, futures per minute. */
  ordersPerLong: number;
}

export const RATE_RULES: Readonly<Record<MarketKind, RateRules>> = {
  spot: {
    weightPerMinute: 6_000,
    ordersPerTenSeconds: 100,
    ordersPerLong: 200_000,
  },
  futures: {
    weightPerMinute: 2_400,
    ordersPerTenSeconds: 300,
    ordersPerLong: 1_200,
  },
};

/** A request that came although the venue had asked for silence. */
export interface RateViolation {
  at: number;
  market: MarketKind;
  address: string;
  path: string;
  /** From when until when the venue had asked for silence. */
  silentFrom: number;
  silentUntil: number;
}

/** The request may not pass. */
export interface RateDenial {
  status: 418 | 429;
  retryAfterSeconds: number;
}

interface AddressState {
  windowAt: number;
  weight: number;
  silentFrom: number;
  silentUntil: number;
  isBanned: boolean;
  violations: number;
}

/** Counts weight per address and orders per account, and who does not keep to a Retry-After. */
export class RateLimits {
  readonly #market: MarketKind;
  readonly #rules: RateRules;
  readonly #now: () => number;
  readonly #addresses = new Map<string, AddressState>();
  readonly #orders = new Map<number, { windowAt: number; count: number }>();
  readonly violations: RateViolation[] = [];

  constructor(
    options: { market: MarketKind; rules: RateRules; now: () => number },
  ) {
    this.#market = options.market;
    this.#rules = options.rules;
    this.#now = options.now;
  }

  /** Counts a request; a denial if it may not pass. */
  count(
    request: { address: string; path: string; weight: number },
  ): RateDenial | null {
    const now = this.#now();
    const state = this.#state(request.address);
    if (now < state.silentUntil) {
      this.#violated(request, state);
      return this.#denial(state);
    }
    state.isBanned = false;
    state.violations = 0;
    state.weight += request.weight;
    if (state.weight <= this.#rules.weightPerMinute) return null;
    state.silentFrom = now;
    state.silentUntil = state.windowAt + MINUTE_MS;
    return this.#denial(state);
  }

  /** Counts a new order; a denial if there are too many. */
  countOrder(): RateDenial | null {
    const short = this.#countIn(TEN_SECONDS_MS);
    const long = this.#countIn(this.#longMs);
    const isTooMany = short > this.#rules.ordersPerTenSeconds ||
      long > this.#rules.ordersPerLong;
    return isTooMany ? { status: 429, retryAfterSeconds: 10 } : null;
  }

  /** Asks an address for silence, as an injected fault does. */
  silence(
    address: string,
    { seconds, isBan }: { seconds: number; isBan: boolean },
  ): RateDenial {
    const state = this.#state(address);
    state.silentFrom = this.#now();
    state.silentUntil = state.silentFrom + seconds * 1_000;
    state.isBanned = isBan;
    return this.#denial(state);
  }

  /** Headers of every answer. */
  headers(address: string): Record<string, string> {
    const weight = String(this.#state(address).weight);
    const long = this.#market === "spot" ? "1D" : "1M";
    return {
      "X-MBX-USED-WEIGHT": weight,
      "X-MBX-USED-WEIGHT-1M": weight,
      "X-MBX-ORDER-COUNT-10S": String(this.#countOf(TEN_SECONDS_MS)),
      [`X-MBX-ORDER-COUNT-${long}`]: String(this.#countOf(this.#longMs)),
    };
  }

  get #longMs(): number {
    return this.#market === "spot" ? DAY_MS : MINUTE_MS;
  }

  #state(address: string): AddressState {
    const windowAt = Math.floor(this.#now() / MINUTE_MS) * MINUTE_MS;
    let state = this.#addresses.get(address);
    if (state === undefined) {
      state = {
        windowAt,
        weight: 0,
        silentFrom: 0,
        silentUntil: 0,
        isBanned: false,
        violations: 0,
      };
      this.#addresses.set(address, state);
    }
    if (state.windowAt !== windowAt) {
      state.windowAt = windowAt;
      state.weight = 0;
    }
    return state;
  }

  #violated(
    request: { address: string; path: string },
    state: AddressState,
  ): void {
    if (this.violations.length >= VIOLATIONS_MAX) this.violations.shift();
    this.violations.push({
      at: this.#now(),
      market: this.#market,
      address: request.address,
      path: request.path,
      silentFrom: state.silentFrom,
      silentUntil: state.silentUntil,
    });
    state.violations++;
    if (state.violations < PATIENCE || state.isBanned) return;
    state.isBanned = true;
    state.silentUntil = this.#now() + BAN_SECONDS * 1_000;
  }

  #denial(state: AddressState): RateDenial {
    const leftMs = Math.max(0, state.silentUntil - this.#now());
    return {
      status: state.isBanned ? 418 : 429,
      retryAfterSeconds: Math.ceil(leftMs / 1_000),
    };
  }

  #countIn(windowMs: number): number {
    const windowAt = Math.floor(this.#now() / windowMs) * windowMs;
    const held = this.#orders.get(windowMs);
    const count = held?.windowAt === windowAt ? held.count + 1 : 1;
    this.#orders.set(windowMs, { windowAt, count });
    return count;
  }

  #countOf(windowMs: number): number {
    const windowAt = Math.floor(this.#now() / windowMs) * windowMs;
    const held = this.#orders.get(windowMs);
    return held?.windowAt === windowAt ? held.count : 0;
  }
}
