/**
 * What a person, or the whole server, may have only so much of: one code, one
 * sentence, and the use in figures.
 *
 * @module
 */
import { AppError } from "../core/errors.ts";

/** Every quota: whose it is, what it counts, and the way out of it. */
export const QUOTAS = {
  agents: {
    of: "person",
    things: "agents",
    wayOut: "delete one or raise MAX_AGENTS_PER_USER",
    beyond: "refused",
  },
  host_agents: {
    of: "server",
    things: "agents",
    wayOut: "delete one or raise MAX_AGENTS_PER_HOST",
    beyond: "refused",
  },
  backtests: {
    of: "person",
    things: "backtests that wait or run",
    wayOut: "wait for one to end, or cancel one",
    beyond: "refused",
  },
  host_backtests: {
    of: "server",
    things: "backtests that wait or run",
    wayOut: "wait for one to end, or cancel one",
    beyond: "refused",
  },
  templates: {
    of: "server",
    things: "imported templates",
    wayOut: "delete one first",
    beyond: "refused",
  },
  api_tokens: {
    of: "person",
    things: "API tokens",
    wayOut: "revoke one that is not needed",
    beyond: "refused",
  },
  exchange_keys: {
    of: "person",
    things: "exchange keys",
    wayOut: "revoke one first",
    beyond: "refused",
  },
  alert_channels: {
    of: "person",
    things: "alert channels",
    wayOut: "remove one first",
    beyond: "refused",
  },
  host_alert_channels: {
    of: "server",
    things: "alert channels",
    wayOut: "remove one first",
    beyond: "refused",
  },
  alert_rules: {
    of: "person",
    things: "alert rules",
    wayOut: "remove one first",
    beyond: "refused",
  },
  sessions: {
    of: "person",
    things: "logins",
    wayOut: "end one that is not needed",
    beyond: "ends the oldest",
  },
} as const satisfies Readonly<
  Record<string, {
    of: "person" | "server";
    things: string;
    wayOut: string;
    /** What becomes of one more. */
    beyond: "refused" | "ends the oldest";
  }>
>;
export type QuotaName = keyof typeof QUOTAS;

/** How much of a quota is used. */
export interface QuotaUse {
  quota: QuotaName;
  used: number;
  limit: number;
}

/** A quota as it is shown: `GET /api/quotas`. */
export interface QuotaView extends QuotaUse {
  /** Whose: counted for each person, or for the whole server. */
  of: "person" | "server";
  /** What it counts, in words. */
  things: string;
  /** What becomes of one more. */
  beyond: "refused" | "ends the oldest";
}

/** A use with the words of its quota. */
export function quotaView(use: QuotaUse): QuotaView {
  const { of, things, beyond } = QUOTAS[use.quota];
  return { ...use, of, things, beyond };
}

/** Why there is no room for `more`, and the way out, in one sentence. */
export function quotaSentence(
  { quota, used, limit }: QuotaUse,
  more = 1,
): string {
  const { of, things, wayOut } = QUOTAS[quota];
  const who = of === "person" ? "You have" : "This server has";
  const need = more === 1 ? "" : `, and this needs ${more} more`;
  return `${who} ${used} of ${limit} ${things}${need}; ${wayOut}`;
}

/** The refusal of `more`; the API tells the use with it. */
export function quotaExceeded(
  use: QuotaUse,
  { more = 1, errors = [] }: {
    more?: number;
    errors?: AppError["errors"];
  } = {},
): AppError {
  return new AppError("QUOTA_EXCEEDED", quotaSentence(use, more), {
    status: 409,
    errors,
    cause: use,
  });
}

/** Refuses `more` where there is no room. @throws {AppError} QUOTA_EXCEEDED */
export function refuseBeyond(use: QuotaUse, more = 1): void {
  if (use.used + more > use.limit) throw quotaExceeded(use, { more });
}

/** The use that a refusal tells; null for any other error. */
export function quotaOf(error: unknown): QuotaUse | null {
  return error instanceof AppError && error.code === "QUOTA_EXCEEDED" &&
      typeof error.cause === "object"
    ? error.cause as QuotaUse
    : null;
}
