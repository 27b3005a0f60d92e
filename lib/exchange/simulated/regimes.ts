import type { Rng } from "../../core/rng.ts";

/** Phases of the simulated market. */
export const REGIMES = ["up", "down", "range", "volatile"] as const;
export type Regime = (typeof REGIMES)[number];

/** How a regime moves. Drifts are in standard deviations of one calm candle. */
interface RegimeModel {
  /** Factor on the volatility. */
  volatility: number;
  /** Drift of a candle in a leg with the trend, and against it. */
  withTrend: number;
  againstTrend: number;
  /** Shortest and longest leg with the trend, and against it, in candles. */
  legWith: readonly [number, number];
  legAgainst: readonly [number, number];
  /** Chances of the next regime, in the order of REGIMES. */
  next: readonly [number, number, number, number];
}

const TREND = {
  volatility: 1,
  withTrend: 0.24,
  againstTrend: 0.18,
  legWith: [8, 26],
  legAgainst: [5, 15],
} as const;

const REGIME_MODELS: Readonly<Record<Regime, RegimeModel>> = {
  up: { ...TREND, next: [0, 0.25, 0.5, 0.25] },
  down: { ...TREND, next: [0.25, 0, 0.5, 0.25] },
  range: {
    volatility: 0.7,
    withTrend: 0.16,
    againstTrend: 0.16,
    legWith: [7, 20],
    legAgainst: [7, 20],
    next: [0.4, 0.4, 0, 0.2],
  },
  volatile: {
    volatility: 1.9,
    withTrend: 0.2,
    againstTrend: 0.2,
    legWith: [3, 10],
    legAgainst: [3, 10],
    next: [0.3, 0.3, 0.4, 0],
  },
};

const REGIME_CANDLES_MIN = 40;
const REGIME_CANDLES_MEAN_ABOVE_MIN = 110;

/** Chance that a leg with the trend starts with a displacement, and a leg against it. */
const DISPLACEMENT_CHANCE = { with: 0.45, against: 0.12 } as const;
/** Chance that the last candle of a leg pierces the swing before it and closes back. */
const SWEEP_CHANCE = 0.35;

/** What the structure asks of one candle. */
export interface CandlePlan {
  /** Mean of the return, in standard deviations of one calm candle. */
  drift: number;
  /** Factor on the volatility. */
  volatility: number;
  direction: 1 | -1;
  /** First candles of an impulse: a body that leaves a gap, and the order block behind it. */
  isDisplacement: boolean;
  /** The candle should reach beyond the swing before and close back inside. */
  isSweep: boolean;
  /** First candle of a leg. */
  isTurn: boolean;
}

/**
 * The market's structure: regimes that switch as a Markov chain, and within
 * each one legs with and against its trend, so that swings, breaks, order
 * blocks, gaps and sweeps occur at a natural rate.
 */
export class MarketStructure {
  readonly #rng: Rng;
  #regime: Regime;
  #regimeLeft: number;
  #direction: 1 | -1;
  #legLeft = 0;
  #displacementLeft = 0;
  #endsInSweep = false;
  #isWithTrend = false;

  constructor(rng: Rng) {
    this.#rng = rng;
    this.#regime = REGIMES[Math.floor(rng.next() * REGIMES.length)]!;
    this.#regimeLeft = this.#drawRegimeCandles();
    this.#direction = rng.next() < 0.5 ? 1 : -1;
  }

  /** The regime of the candle that was planned last. */
  get regime(): Regime {
    return this.#regime;
  }

  /** Plans the next candle. `offset` is the distance from the anchor in log price: a range turns back to it. */
  next(offset: number): CandlePlan {
    if (this.#regimeLeft-- <= 0) this.#switchRegime();
    const isTurn = this.#legLeft <= 0;
    if (isTurn) this.#turn(offset);
    this.#legLeft--;
    const model = REGIME_MODELS[this.#regime];
    const isDisplacement = this.#displacementLeft-- > 0;
    return {
      drift: this.#direction *
        (this.#isWithTrend ? model.withTrend : model.againstTrend),
      volatility: model.volatility,
      direction: this.#direction,
      isDisplacement,
      isSweep: this.#legLeft === 0 && this.#endsInSweep,
      isTurn,
    };
  }

  #turn(offset: number): void {
    this.#direction = this.#direction === 1 ? -1 : 1;
    if (this.#regime === "volatile" && this.#rng.next() < 0.3) {
      this.#direction = offset > 0 ? -1 : 1;
    }
    const trend = this.#trend();
    this.#isWithTrend = trend === 0 || trend === this.#direction;
    const model = REGIME_MODELS[this.#regime];
    const [shortest, longest] = this.#isWithTrend
      ? model.legWith
      : model.legAgainst;
    this.#legLeft = shortest +
      Math.floor(this.#rng.next() * (longest - shortest + 1));
    const chance = this.#isWithTrend
      ? DISPLACEMENT_CHANCE.with
      : DISPLACEMENT_CHANCE.against;
    this.#displacementLeft = this.#rng.next() < chance
      ? 1 + Math.floor(this.#rng.next() * 2)
      : 0;
    this.#endsInSweep = this.#rng.next() < SWEEP_CHANCE;
  }

  #trend(): 1 | -1 | 0 {
    if (this.#regime === "up") return 1;
    return this.#regime === "down" ? -1 : 0;
  }

  #switchRegime(): void {
    const chances = REGIME_MODELS[this.#regime].next;
    let rest = this.#rng.next();
    let index = 0;
    while (index < chances.length - 1 && rest >= chances[index]!) {
      rest -= chances[index]!;
      index++;
    }
    this.#regime = REGIMES[index]!;
    this.#regimeLeft = this.#drawRegimeCandles();
  }

  #drawRegimeCandles(): number {
    const beyond = -Math.log(1 - this.#rng.next()) *
      REGIME_CANDLES_MEAN_ABOVE_MIN;
    return REGIME_CANDLES_MIN + Math.floor(beyond);
  }
}
