/**
 * Shapes of answers that no noun of contracts/ has yet, for clients of the
 * API. Types only: a client gets no code from here.
 *
 * @module
 */
export type { MeResponse } from "../contracts/auth.ts";
import type * as z from "zod";
import type {
  liveResponseSchema,
  readyResponseSchema,
} from "../contracts/answers/health.ts";

/** Every list: items and where the next page starts, null after the last one. */
export interface ListResponse<T> {
  items: readonly T[];
  nextCursor: string | null;
}

/** `GET /api/health/live`. */
export type LiveResponse = z.infer<typeof liveResponseSchema>;

/** `GET /api/health/ready`, with status 200 or 503. */
export type ReadyResponse = z.infer<typeof readyResponseSchema>;
