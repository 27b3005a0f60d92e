import * as z from "zod";
import type { LatencyFigures } from "../../core/histogram.ts";
import { same } from "./parts.ts";

/** {@link LatencyFigures} */
export const latencyFiguresSchema = z.object({
  n: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  p999Ms: z.number(),
  maxMs: z.number(),
});
same<LatencyFigures, typeof latencyFiguresSchema>();
