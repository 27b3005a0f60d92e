/**
 * The simulated market: an endless, invented run of candles for any symbol.
 * Candle n of (seed, symbol, timeframe) is always the same, on every machine
 * (V8 computes exp, log and sin in software), whenever and in whatever order
 * it is asked for.
 *
 * Each timeframe is a market of its own: the hour is not made of its minutes,
 * because a day would then cost 1,440 candles.
 *
 * It has regimes, clustered volatility and a swing structure by construction,
 * so results on it show that software works, not that a strategy earns money.
 *
 * Random access: prices at the ends of blocks of 4,096 candles come from a
 * short chain of their own; a block is then made alone between two of them. So
 * candle n costs one step per block before it and one block.
 *
 * @module
 */
import { assert } from "../../core/assert.ts";
import { createRng, type Rng, seedFromText } from "../../core/rng.ts";
import {
  type Candle,
  CANDLE_WIDTH,
  type Timeframe,
  TIMEFRAME_MS,
  unpackCandle,
} from "../../contracts/candle.ts";
import { SIMULATED_BLOCKS_KEPT } from "../limits.ts";
import { BLOCK_CANDLES, createNormal, makeBlock } from "./block.ts";
import type { Regime } from "./regimes.ts";
import { type SymbolModel, symbolModel } from "./symbols.ts";

const DAY_MS = 86_400_000;

/** How far from its base price the market wanders, as a standard deviation of the logarithm. */
const ANCHOR_SPREAD_LOG = 0.35;
/** No anchor is drawn further out than this many standard deviations: no drift to zero or infinity. */
const ANCHOR_NORMAL_MAX = 2.5;
/** Legs and regimes make a block wander further than independent candles of the same volatility would. */
const TREND_FACTOR = 1.6;

/** Which simulated market. */
export interface SimulatedMarketOptions {
  seed: number;
  symbol: string;
  timeframe: Timeframe;
  /** Market time of candle 0. */
  genesisAt: number;
}

/** A simulated market. Not a process: it moves when it is asked. */
export interface SimulatedMarket {
  readonly timeframeMs: number;
  openAt(seq: number): number;
  candle(seq: number): Candle;
  /** Copies `count` candles from `fromSeq` on into a fresh packed array. */
  packed(fromSeq: number, count: number): Float64Array<ArrayBuffer>;
  /** The regime that made a candle: for tests and curiosity; no agent sees it. */
  regime(seq: number): Regime;
}

/** Creates a simulated market. */
export function createSimulatedMarket(
  options: SimulatedMarketOptions,
): SimulatedMarket {
  const timeframeMs = TIMEFRAME_MS[options.timeframe];
  const blocks = new BlockCache(options, timeframeMs);
  const openAt = (seq: number) => options.genesisAt + seq * timeframeMs;
  const packed = (fromSeq: number, count: number) => {
    assertSeq(fromSeq);
    const target = new Float64Array(count * CANDLE_WIDTH);
    for (let copied = 0; copied < count;) {
      const seq = fromSeq + copied;
      const row = seq % BLOCK_CANDLES;
      const rows = Math.min(BLOCK_CANDLES - row, count - copied);
      const block = blocks.get(Math.floor(seq / BLOCK_CANDLES)).packed;
      const end = (row + rows) * CANDLE_WIDTH;
      target.set(
        block.subarray(row * CANDLE_WIDTH, end),
        copied * CANDLE_WIDTH,
      );
      copied += rows;
    }
    for (let index = 0; index < count; index++) {
      target[index * CANDLE_WIDTH] = openAt(fromSeq + index);
    }
    return target;
  };
  return {
    timeframeMs,
    openAt,
    packed,
    candle: (seq) => {
      assertSeq(seq);
      const row = seq % BLOCK_CANDLES;
      const block = blocks.get(Math.floor(seq / BLOCK_CANDLES)).packed;
      return { ...unpackCandle(block, row, seq - row), openAt: openAt(seq) };
    },
    regime: (seq) =>
      blocks.get(Math.floor(seq / BLOCK_CANDLES)).regimes[seq % BLOCK_CANDLES]!,
  };
}

function assertSeq(seq: number): void {
  assert(
    Number.isSafeInteger(seq) && seq >= 0,
    `A candle number is a whole number from 0, was ${seq}`,
  );
}

type Block = ReturnType<typeof makeBlock>;

/** Makes blocks on demand and keeps the last few. */
class BlockCache {
  readonly #model: SymbolModel;
  readonly #seed: number;
  readonly #volatility: number;
  readonly #candlesPerDay: number;
  readonly #anchors: AnchorChain;
  readonly #kept = new Map<number, Block>();

  constructor(options: SimulatedMarketOptions, timeframeMs: number) {
    const { seed, symbol, timeframe } = options;
    this.#model = symbolModel(symbol);
    this.#seed = seedFromText(`${symbol} ${timeframe}`, seed);
    this.#candlesPerDay = DAY_MS / timeframeMs;
    this.#volatility = this.#model.dailyVolatility /
      Math.sqrt(this.#candlesPerDay);
    this.#anchors = new AnchorChain(this.#seed, this.#volatility);
  }

  get(index: number): Block {
    const held = this.#kept.get(index);
    if (held !== undefined) return held;
    const block = makeBlock({
      seed: seedFromText(`block ${index}`, this.#seed),
      model: this.#model,
      volatility: this.#volatility,
      candlesPerDay: this.#candlesPerDay,
      firstSeq: index * BLOCK_CANDLES,
      startLog: this.#anchors.at(index),
      endLog: this.#anchors.at(index + 1),
    });
    if (this.#kept.size >= SIMULATED_BLOCKS_KEPT) {
      const [oldest] = this.#kept.keys();
      this.#kept.delete(oldest!);
    }
    this.#kept.set(index, block);
    return block;
  }
}

/**
 * Prices between blocks: a mean-reverting chain (AR(1)) whose step is that of
 * one block and whose spread stays the same for ever. Eight bytes a block are
 * kept: a year of minutes is 129 of them.
 */
class AnchorChain {
  readonly #rng: Rng;
  readonly #normal: () => number;
  readonly #memory: number;
  readonly #logs: number[] = [0];

  constructor(seed: number, volatility: number) {
    this.#rng = createRng(seedFromText("anchors", seed));
    this.#normal = createNormal(this.#rng);
    const step = volatility * TREND_FACTOR * Math.sqrt(BLOCK_CANDLES);
    this.#memory = Math.exp(-((step / ANCHOR_SPREAD_LOG) ** 2) / 2);
  }

  at(index: number): number {
    const rest = Math.sqrt(1 - this.#memory ** 2) * ANCHOR_SPREAD_LOG;
    while (this.#logs.length <= index) {
      const normal = Math.max(
        -ANCHOR_NORMAL_MAX,
        Math.min(ANCHOR_NORMAL_MAX, this.#normal()),
      );
      const last = this.#logs[this.#logs.length - 1]!;
      this.#logs.push(this.#memory * last + rest * normal);
    }
    return this.#logs[index]!;
  }
}
