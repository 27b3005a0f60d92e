/**
 * What a form of a page passes before its handler: rate, origin, drain, as the
 * API's gate has it, and the token that binds it to the login.
 *
 * @module
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Identity } from "../auth/port.ts";
import { addressKey } from "../core/address_key.ts";
import { AppError } from "../core/errors.ts";
import { connectionOf } from "./connection.ts";
import type { ApiLimits } from "./context.ts";
import { originOf, type OriginOptions } from "./origin.ts";
import { createRateLimiter } from "./rate_limit.ts";

/** Forms that work while the server drains: they take risk away, or end a login. */
const HARMLESS_FORMS: readonly string[] = ["/emergency-stop", "/logout"];

/** What the gate needs. */
export interface PageGateOptions extends OriginOptions {
  /** Epoch milliseconds. */
  now(): number;
  isDraining(): boolean;
  /** Those of the API. */
  limits: ApiLimits;
}

/** Makes the check of forms; it throws ORIGIN_FOREIGN, RATE_LIMITED or DRAINING. */
export function createPageGate(
  options: PageGateOptions,
): (request: Request, identity: Identity | null) => void {
  const limiter = createRateLimiter({ now: options.now });
  return (request, identity) => {
    const address = connectionOf(request)?.address ?? "";
    const verdict = identity === null
      ? limiter.take(`address ${addressKey(address)}`, {
        perSecond: options.limits.addressPerSecond,
        burst: options.limits.addressBurst,
      })
      : limiter.take(`user ${identity.user.id}`, {
        perSecond: options.limits.userPerSecond,
        burst: options.limits.userBurst,
      });
    if (!verdict.allowed) {
      const seconds = Math.max(1, Math.ceil(verdict.retryAfterMs / 1_000));
      throw new AppError(
        "RATE_LIMITED",
        `You send more forms than are allowed; wait ${seconds} s`,
        { status: 429 },
      );
    }
    // Before a login there is no token: there the browser's own word decides alone.
    const origin = originOf(request, options);
    if (identity === null ? origin === "foreign" : origin !== "own") {
      throw new AppError(
        "ORIGIN_FOREIGN",
        "This form came from another site; open the page here and send it again",
        { status: 403 },
      );
    }
    const { pathname } = new URL(request.url);
    if (options.isDraining() && !HARMLESS_FORMS.includes(pathname)) {
      throw new AppError(
        "DRAINING",
        "The server is shutting down and takes no changes; repeat this when it is up again",
        { status: 503 },
      );
    }
  };
}

/**
 * The token of a login's forms: an HMAC under the secret of the session, which
 * no other site has and no script can read. It needs no key of the server, so
 * pages that are open outlast its restart.
 */
export function formTokenOf(sessionSecret: string): string {
  return createHmac("sha256", sessionSecret).update("form").digest("base64url");
}

/** Compares in a time that does not tell where the two differ. */
export function isSameToken(expected: string, given: string): boolean {
  const [one, other] = [expected, given].map((text) =>
    new TextEncoder().encode(text)
  ) as [Uint8Array, Uint8Array];
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}
