import * as z from "zod";
import { TIMEFRAMES } from "./candle.ts";
import { MODEL_KINDS, modelNameSchema } from "./model.ts";

/** A part of one. */
const share = z.number().min(0).max(1);
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Rows by the open times of their candles, both ends included. */
const rowSpanSchema = z.strictObject({
  rows: count,
  fromAt: z.int(),
  toAt: z.int(),
});
export type RowSpan = z.infer<typeof rowSpanSchema>;

const foldSchema = z.strictObject({
  train: rowSpanSchema,
  validation: rowSpanSchema,
});

/** How a model came to be: `training.json` of its package, as the training writes it. */
export const modelTrainingSchema = z.strictObject({
  /** What the candles are of; null where nobody said. */
  market: z.string().nullable(),
  /** Fee, half a spread and slippage of one side, in basis points of the traded value. */
  costBp: z.number().min(0),
  seed: z.int(),
  versions: z.record(z.string(), z.string()),
  data: z.strictObject({
    candles: z.strictObject({
      file: z.string(),
      sha256,
      read: count,
      stepMs: z.int().positive(),
      gaps: count,
    }),
    rowsSha256: sha256,
    rows: rowSpanSchema,
    licence: z.string().min(1),
  }),
  labels: z.strictObject({
    deviation: z.enum(["atr", "ewma"]),
    distance: z.number().positive(),
    limitCandles: z.int().positive(),
  }),
  study: z.strictObject({
    embargoRows: count,
    folds: z.array(foldSchema).min(1),
    last: foldSchema.extend({ test: rowSpanSchema }),
  }),
  /** Variants that were tried; the one with the least mean score was chosen. */
  choice: z.strictObject({
    scoreName: z.string(),
    variants: z.array(z.strictObject({
      settings: z.record(z.string(), z.number()),
      score: z.number(),
      scores: z.array(z.number()),
    })).min(1),
    chosen: count,
  }),
});
export type ModelTraining = z.infer<typeof modelTrainingSchema>;

/** What trading a series of positions came to. Returns are parts of one, compounded. */
const tradingFiguresSchema = z.strictObject({
  /** After costs. */
  netReturn: z.number(),
  /** Before costs. */
  grossReturn: z.number(),
  /** Annualised, after costs; null where the returns do not vary. */
  sharpe: z.number().nullable(),
  sharpeError: z.number().nullable(),
  maxDrawdown: z.number().min(0),
  /** Mean change of the position per candle: 2 where each candle turns it round. */
  turnover: z.number().min(0),
  /** Part of the candles with a position. */
  exposure: share,
  /** Cost of one side at which the sum of the returns is 0, in basis points; null without a trade. */
  breakEvenCostBp: z.number().nullable(),
});
export type TradingFigures = z.infer<typeof tradingFiguresSchema>;

const calibrationBinSchema = z.strictObject({
  rows: count,
  /** Mean of the chance of "up" that the model gave. */
  chance: share,
  /** Part of these rows whose label was "up". */
  share,
});
export type CalibrationBin = z.infer<typeof calibrationBinSchema>;

/** How good the probabilities are as forecasts of the labels. */
const forecastFiguresSchema = z.strictObject({
  /** Mean log loss, each row counting the same. */
  logLoss: z.number().min(0),
  /** Log loss of the labels' own frequencies on the same rows. */
  baseLogLoss: z.number().min(0),
  /** Rows with a side and with a label of up or down. */
  hitRows: count,
  /** Part of them whose side was that of the label; null where there are none. */
  hitRate: share.nullable(),
  /** The same against the next candle's direction, over rows whose next close differs. */
  nextCandleHitRate: share.nullable(),
  /** Rows in order of their chance of "up", in parts of equal size. */
  calibration: z.array(calibrationBinSchema),
});
export type ForecastFigures = z.infer<typeof forecastFiguresSchema>;

/** The model's own positions, shifted against the candles by random distances. */
const randomFiguresSchema = z.strictObject({
  draws: count,
  meanNetReturn: z.number(),
  lowNetReturn: z.number(),
  highNetReturn: z.number(),
  /** Part of the draws that came to at least the model's net return. */
  shareAsGood: share,
});
export type RandomFigures = z.infer<typeof randomFiguresSchema>;

/** Figures of the last segment, all from the shipped files. */
export const segmentFiguresSchema = z.strictObject({
  rows: count,
  trading: tradingFiguresSchema,
  forecast: forecastFiguresSchema,
  baselines: z.strictObject({
    hold: tradingFiguresSchema,
    /** Null for a package without such a baseline. */
    logistic: tradingFiguresSchema.nullable(),
    logisticLogLoss: z.number().min(0).nullable(),
    random: randomFiguresSchema,
  }),
  /** Chance that the Sharpe ratio is no luck of so many trials; null where it cannot be known. */
  deflatedSharpe: share.nullable(),
});
export type SegmentFigures = z.infer<typeof segmentFiguresSchema>;

/** `card.json`: what a model is, what it was made of and how good it is. */
export const modelCardSchema = z.strictObject({
  format: z.literal("smc-fleet-model-card"),
  v: z.literal(1),
  name: modelNameSchema,
  title: z.string(),
  kind: z.enum(MODEL_KINDS),
  timeframe: z.enum(TIMEFRAMES),
  onnxSha256: sha256,
  featuresVersion: z.int(),
  features: count,
  windowCandles: z.int(),
  temperature: z.number().positive(),
  training: modelTrainingSchema,
  decision: z.strictObject({
    /** Least difference between the chances of up and down that makes a position. */
    margin: share,
    logisticMargin: share,
    /** Margins that were tried on the last validation. */
    margins: z.array(share),
  }),
  /** Sharpe ratios of all variants with all margins over the walk-forward folds; null without one. */
  trialSharpes: z.array(z.number().nullable()),
  /** The chosen variant on the walk-forward folds, which chose it. */
  folds: z.array(tradingFiguresSchema),
  /** The shipped model on the last validation, which chose its margin. */
  validation: tradingFiguresSchema,
  /** The shipped model on the last segment. */
  test: segmentFiguresSchema,
  beatsBaselines: z.boolean(),
  verdict: z.string(),
});
export type ModelCard = z.infer<typeof modelCardSchema>;

/** `baseline.json`: a logistic regression on the newest candle's features, normalised as the model's. */
export const logisticBaselineSchema = z.strictObject({
  /** For down, flat and up, one number for each feature. */
  weights: z.array(z.array(z.number())).length(3),
  bias: z.array(z.number()).length(3),
});
export type LogisticBaseline = z.infer<typeof logisticBaselineSchema>;
