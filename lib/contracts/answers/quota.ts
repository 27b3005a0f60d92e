import * as z from "zod";
import { type QuotaName, QUOTAS, type QuotaView } from "../quota.ts";
import { codesOf, same } from "./parts.ts";

/** {@link QuotaView} */
export const quotaViewSchema = z.object({
  quota: codesOf<QuotaName>(QUOTAS),
  used: z.number(),
  limit: z.number(),
  of: z.enum(["person", "server"]),
  things: z.string(),
  beyond: z.enum(["refused", "ends the oldest"]),
});
same<QuotaView, typeof quotaViewSchema>();
