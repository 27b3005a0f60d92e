import * as z from "zod";
import type { Candle, HedgeCandle } from "../candle.ts";
import { same } from "./parts.ts";

/** {@link HedgeCandle} */
export const hedgeCandleSchema = z.object({
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
});
same<HedgeCandle, typeof hedgeCandleSchema>();

/** {@link Candle} */
export const candleSchema = z.object({
  seq: z.number(),
  openAt: z.number(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
  hedge: hedgeCandleSchema.optional(),
});
same<Candle, typeof candleSchema>();
