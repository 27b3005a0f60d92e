/**
 * Shapes of answers that no noun of contracts/ has yet, for clients of the
 * API. Types only: a client gets no code from here.
 *
 * @module
 */
import type * as z from "zod";
import type {
  liveResponseSchema,
  readyResponseSchema,
} from "../contracts/answers/health.ts";
import type { SessionResponse } from "../contracts/auth.ts";

/** Every list: items and where the next page starts, null after the last one. */
export interface ListResponse<T> {
  items: readonly T[];
  nextCursor: string | null;
}

/** `GET /api/auth/me`. */
export interface MeResponse {
  user: SessionResponse["user"];
  /** Actions of the policy table that the user may do. */
  actions: readonly string[];
}

/** `GET /api/health/live`. */
export type LiveResponse = z.infer<typeof liveResponseSchema>;

/** `GET /api/health/ready`, with status 200 or 503. */
export type ReadyResponse = z.infer<typeof readyResponseSchema>;
