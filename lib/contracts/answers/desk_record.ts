import * as z from "zod";
import { DENIAL_CODES, REFUSAL_CAUSES } from "../denials.ts";
import {
  DESK_RECORD_KINDS,
  type DeskRecord,
  type OrdersResponse,
} from "../desk_record.ts";
import { openOrderViewSchema } from "./account.ts";
import { codesOf, same } from "./parts.ts";

/** {@link DeskRecord} */
export const deskRecordSchema = z.object({
  seq: z.number(),
  at: z.number(),
  marketAt: z.number().nullable(),
  kind: z.enum(DESK_RECORD_KINDS),
  message: z.string(),
  intentId: z.string().nullable(),
  denial: z.object({
    code: codesOf(DENIAL_CODES),
    meaning: z.string(),
    cause: codesOf(REFUSAL_CAUSES),
  }).nullable(),
  fill: z.object({
    side: z.enum(["buy", "sell"]),
    role: z.string(),
    quantity: z.string(),
    price: z.string(),
    fee: z.string(),
    liquidity: z.string(),
  }).nullable(),
  reasons: z.array(z.string()),
});
same<DeskRecord, typeof deskRecordSchema>();

/** {@link OrdersResponse} */
export const ordersResponseSchema = z.object({
  openOrders: z.array(openOrderViewSchema).nullable(),
  items: z.array(deskRecordSchema),
  nextCursor: z.string().nullable(),
});
same<OrdersResponse, typeof ordersResponseSchema>();
