import * as z from "zod";
import type { CandleFile } from "../feed.ts";
import { same } from "./parts.ts";

/** {@link CandleFile} */
export const candleFileSchema = z.object({
  file: z.string(),
  bytes: z.number(),
});
same<CandleFile, typeof candleFileSchema>();
