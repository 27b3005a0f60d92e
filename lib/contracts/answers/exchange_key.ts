import * as z from "zod";
import type { ExchangeKeyView } from "../exchange_key.ts";
import { same } from "./parts.ts";

/** {@link ExchangeKeyView} */
export const exchangeKeyViewSchema = z.object({
  id: z.string(),
  ownerId: z.string(),
  label: z.string(),
  exchange: z.string(),
  apiKeyEnd: z.string(),
  status: z.enum(["verified", "unbound", "refused", "unverified"]),
  statusDetail: z.string(),
  rights: z.object({
    canRead: z.boolean(),
    canTrade: z.boolean(),
    canWithdraw: z.boolean().nullable(),
    canTransfer: z.boolean().nullable(),
    isAddressBound: z.boolean().nullable(),
  }).nullable(),
  verifiedAt: z.number().nullable(),
  isLiveAllowed: z.boolean(),
  createdAt: z.number(),
  lastUsedAt: z.number().nullable(),
});
same<ExchangeKeyView, typeof exchangeKeyViewSchema>();
