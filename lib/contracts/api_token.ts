import * as z from "zod";
import { type Action, ACTIONS, permissionOf } from "./policy.ts";
import type { EpochMs } from "./primitives.ts";

/** Longest and shortest life of an API token. */
export const MAX_API_TOKEN_DAYS = 365;
export const MIN_API_TOKEN_DAYS = 1;
export const MAX_API_TOKEN_NAME = 60;

/**
 * What an API token may be made for. Not what takes a fresh proof, since a
 * program has no second factor; and not what belongs to a person: a token that
 * leaks must not make others, nor shut its owner out.
 */
export const TOKEN_SCOPES: readonly Action[] = ACTIONS.filter((action) =>
  !["always", "factor"].includes(permissionOf(action).stepUp ?? "") &&
  (action === "account.read" || !/^(account|sessions|tokens)\./.test(action))
);

const scopeSchema = z.enum(TOKEN_SCOPES as [Action, ...Action[]], {
  error: `Choose of ${TOKEN_SCOPES.join(", ")}`,
});

/** `POST /api/tokens`. */
export const apiTokenRequestSchema = z.strictObject({
  name: z.string().trim().min(1, "Give the token a name").max(
    MAX_API_TOKEN_NAME,
    `Use at most ${MAX_API_TOKEN_NAME} characters`,
    // deno-lint-ignore no-control-regex -- they are what is refused
  ).regex(/^[^\x00-\x1f\x7f]*$/, "Use no control characters"),
  scopes: z.array(scopeSchema).min(1, "Choose at least one scope").max(
    TOKEN_SCOPES.length,
  ).transform((scopes) => [...new Set(scopes)]),
  /** Whole days from now. */
  expiresInDays: z.int("Give whole days").min(
    MIN_API_TOKEN_DAYS,
    "Give at least 1 day",
  ).max(MAX_API_TOKEN_DAYS, `Give at most ${MAX_API_TOKEN_DAYS} days`),
});
export type ApiTokenRequest = z.infer<typeof apiTokenRequestSchema>;

/** An API token as the store has it: the text itself is nowhere. */
export interface StoredApiToken {
  id: string;
  userId: string;
  /** SHA-256 of the text, hexadecimal. */
  hash: string;
  name: string;
  scopes: readonly Action[];
  /** Epoch of the user when it was made; another one ends it. */
  epoch: number;
  createdAt: EpochMs;
  expiresAt: EpochMs;
  lastUsedAt: EpochMs | null;
}

/** An API token as it is shown. */
export interface ApiTokenView {
  id: string;
  name: string;
  scopes: readonly Action[];
  createdAt: string;
  expiresAt: string;
  /** To the minute; null where it was never used. */
  lastUsedAt: string | null;
  /** `ended`: the password, the role or the state of the account has changed since. */
  state: "active" | "expired" | "ended";
}

/** Answer to `POST /api/tokens`: the only time that the text is shown. */
export interface ApiTokenCreated {
  token: string;
  view: ApiTokenView;
}
