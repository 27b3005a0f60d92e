import * as z from "zod";
import { CANDLE_FILE_NAME } from "./candle.ts";
import { numberInRange } from "./primitives.ts";
import { exchangeIdSchema, marketKindSchema, type VenueId } from "./venue.ts";

/** A bare file name inside the candle folder. */
export const candleFileName = z.string().regex(
  CANDLE_FILE_NAME,
  "Name a .csv, .csv.gz or .candles file of the candle folder, without a path",
);

/** Replay speed: a factor of real time, or `max` for as fast as the agent decides. */
export const replaySpeedSchema = z.union([
  z.literal("max"),
  numberInRange(1, 100_000, "times real time"),
], { error: 'Enter a speed factor from 1 to 100000, or "max"' });

/**
 * Where an agent's candles come from. A simulated and a replayed market are
 * labelled so. An exchange's market is real; trading in it is on paper unless
 * the agent's mode is live.
 */
export const feedConfigSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("simulated"),
  }),
  z.strictObject({
    kind: z.literal("replay"),
    file: candleFileName,
    /** Candles of the second market, for the pairs strategy. */
    hedgeFile: candleFileName.optional(),
    speed: replaySpeedSchema.default("max"),
  }),
  z.strictObject({
    kind: z.literal("exchange"),
    exchange: exchangeIdSchema,
    market: marketKindSchema.default("spot"),
  }),
]);
export type FeedConfig = z.infer<typeof feedConfigSchema>;

/** Which feed worker: one for all simulated markets, one for all files, one for each kind of market of an exchange. */
export type FeedSource =
  | { kind: "simulated" }
  | { kind: "replay" }
  | ({ kind: "exchange" } & VenueId);

/** A replayable file of the candle folder. */
export interface CandleFile {
  file: string;
  bytes: number;
}
