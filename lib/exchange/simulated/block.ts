import { CANDLE_WIDTH } from "../../contracts/candle.ts";
import { createRng, type Rng } from "../../core/rng.ts";
import { MarketStructure, type Regime } from "./regimes.ts";
import { roundPrice, type SymbolModel } from "./symbols.ts";

/** Candles of one block. A block can be made alone, from its seed and the prices at its two ends. */
export const BLOCK_CANDLES = 4_096;

/** What a block is made from. */
export interface BlockPlan {
  seed: number;
  model: SymbolModel;
  /** Standard deviation of the logarithmic return of one calm candle. */
  volatility: number;
  /** Candles of a day, for the daily rhythm. */
  candlesPerDay: number;
  /** Number of the block's first candle. */
  firstSeq: number;
  /** Logarithmic price, relative to the base price, before the first candle and after the last. */
  startLog: number;
  endLog: number;
}

/** Intrabar steps: enough for wicks of natural length. */
const STEPS = 6;

/** Mean length of the wick beyond the steps, in standard deviations of the candle. */
const WICK = 0.18;

/** GARCH(1,1) of the squared shock, with mean 1: shocks raise the volatility of the candles after them. */
const GARCH = { base: 0.06, shock: 0.12, memory: 0.82, max: 9 } as const;

/** Pull towards the block's line keeps long candles (a day) from wandering off; for minutes it is nothing. */
const WANDER_LOG = 0.3;

/** Rare larger shocks, as in real markets. */
const JUMP = { chance: 0.004, factor: 3.5 } as const;

/** Logarithmic prices of one candle. */
interface LogCandle {
  open: number;
  high: number;
  low: number;
  close: number;
}

/** Makes one block of packed candles; open times are left at 0, they are the stream's business. */
export function makeBlock(
  plan: BlockPlan,
): { packed: Float64Array<ArrayBuffer>; regimes: readonly Regime[] } {
  const path = new BlockPath(plan);
  const logs: LogCandle[] = [];
  const regimes: Regime[] = [];
  for (let index = 0; index < BLOCK_CANDLES; index++) {
    logs.push(path.next());
    regimes.push(path.regime);
  }
  // The path ended somewhere; a tilt too slight to see leads it to the block's end price.
  const missed = plan.endLog - plan.startLog - logs[BLOCK_CANDLES - 1]!.close;
  const tilt = missed / BLOCK_CANDLES;
  const packed = new Float64Array(BLOCK_CANDLES * CANDLE_WIDTH);
  const volumes = createRng(plan.seed ^ 0x5eed);
  logs.forEach((log, index) =>
    writeCandle({ log, index, tilt, volumes, plan, packed })
  );
  return { packed, regimes };
}

/** The random walk of one block, relative to its start. */
class BlockPath {
  readonly #volatility: number;
  readonly #rng: Rng;
  readonly #normal: () => number;
  readonly #structure: MarketStructure;
  readonly #pull: number;
  #log = 0;
  #variance = 1;
  /** Extremes of the leg that runs and of the one before it in either direction. */
  #legHigh = 0;
  #legLow = 0;
  #swingHigh = 0;
  #swingLow = 0;

  constructor(plan: BlockPlan) {
    this.#volatility = plan.volatility;
    this.#rng = createRng(plan.seed);
    this.#normal = createNormal(this.#rng);
    this.#structure = new MarketStructure(this.#rng);
    this.#pull = Math.min(0.5, (plan.volatility / WANDER_LOG) ** 2);
  }

  get regime(): Regime {
    return this.#structure.regime;
  }

  next(): LogCandle {
    const plan = this.#structure.next(this.#log);
    if (plan.isTurn) this.#markSwing(plan.direction);
    const jump = this.#rng.next() < JUMP.chance ? JUMP.factor : 1;
    const sigma = this.#volatility * plan.volatility *
      Math.sqrt(this.#variance) * jump;
    const impulse = plan.isDisplacement
      ? plan.direction * (1.1 + 0.8 * this.#rng.next())
      : 0;
    const drift = plan.drift * this.#volatility + impulse * sigma -
      this.#pull * this.#log;
    const candle = this.#walk(drift, sigma);
    if (plan.isSweep) this.#sweep(candle, { direction: plan.direction, sigma });
    const shock = (candle.close - candle.open - drift) /
      (this.#volatility * plan.volatility);
    this.#variance = Math.min(
      GARCH.max,
      GARCH.base + GARCH.shock * shock * shock + GARCH.memory * this.#variance,
    );
    this.#log = candle.close;
    this.#legHigh = Math.max(this.#legHigh, candle.high);
    this.#legLow = Math.min(this.#legLow, candle.low);
    return candle;
  }

  #walk(drift: number, sigma: number): LogCandle {
    const open = this.#log;
    let high = open;
    let low = open;
    let at = open;
    const step = sigma / Math.sqrt(STEPS);
    for (let index = 0; index < STEPS; index++) {
      at += drift / STEPS + step * this.#normal();
      if (at > high) high = at;
      if (at < low) low = at;
    }
    // Steps are few; what a finer path would have reached beyond them is drawn.
    high += sigma * WICK * -Math.log(1 - this.#rng.next());
    low -= sigma * WICK * -Math.log(1 - this.#rng.next());
    return { open, high, low, close: at };
  }

  /** Lets the wick pierce the swing before, and the close come back, if the swing is near enough to be reached. */
  #sweep(
    candle: LogCandle,
    { direction, sigma }: { direction: 1 | -1; sigma: number },
  ): void {
    const beyond = (0.25 + 0.6 * this.#rng.next()) * sigma;
    const back = (0.2 + 0.6 * this.#rng.next()) * sigma;
    const level = direction === 1 ? this.#swingHigh : this.#swingLow;
    const distance = direction * (level - candle.open);
    if (distance < back || distance > 3 * sigma) return;
    if (direction === 1) {
      candle.high = level + beyond;
      candle.close = Math.min(candle.close, level - back);
      candle.low = Math.min(candle.low, candle.close);
    } else {
      candle.low = level - beyond;
      candle.close = Math.max(candle.close, level + back);
      candle.high = Math.max(candle.high, candle.close);
    }
  }

  #markSwing(newDirection: 1 | -1): void {
    // A leg up that starts now ends a leg down, whose low is a swing.
    if (newDirection === 1) this.#swingLow = this.#legLow;
    else this.#swingHigh = this.#legHigh;
    this.#legHigh = this.#log;
    this.#legLow = this.#log;
  }
}

function writeCandle(options: {
  log: LogCandle;
  index: number;
  tilt: number;
  volumes: Rng;
  plan: BlockPlan;
  packed: Float64Array;
}): void {
  const { log, index, tilt, plan, packed } = options;
  const toPrice = (value: number, candles: number) =>
    roundPrice(
      plan.model.basePrice * Math.exp(plan.startLog + value + tilt * candles),
      plan.model.priceDecimals,
    );
  const open = toPrice(log.open, index);
  const close = toPrice(log.close, index + 1);
  // The tilt moves open and close by different amounts, so the extremes are taken once more.
  const high = Math.max(open, close, toPrice(log.high, index + 0.5));
  const low = Math.min(open, close, toPrice(log.low, index + 0.5));
  const rangeOfCalm = (log.high - log.low) / plan.volatility;
  const dayPart = (plan.firstSeq + index) / plan.candlesPerDay;
  const rhythm = 1 + 0.35 * Math.sin(2 * Math.PI * (dayPart - 0.35));
  const volume = plan.model.dailyVolume / plan.candlesPerDay * rhythm *
    (0.25 + 0.45 * rangeOfCalm) * (0.6 + 0.8 * options.volumes.next());
  const at = index * CANDLE_WIDTH;
  packed[at + 1] = open;
  packed[at + 2] = high;
  packed[at + 3] = low;
  packed[at + 4] = close;
  packed[at + 5] = roundVolume(volume);
}

/** Five significant digits, at most three places for ordinary sizes. */
function roundVolume(volume: number): number {
  const decimals = Math.max(0, 4 - Math.floor(Math.log10(volume)));
  return roundPrice(volume, Math.min(8, decimals));
}

/** Standard normal numbers (Box-Muller, both of each pair used). */
export function createNormal(rng: Rng): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - rng.next()));
    const angle = 2 * Math.PI * rng.next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
