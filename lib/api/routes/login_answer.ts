import type { RequestClient } from "../../contracts/audit.ts";
import type { SessionResponse } from "../../contracts/auth.ts";
import { FORM_TOKEN_HEADER } from "../../contracts/form_token.ts";
import { type ApiContext, type ApiOptions, loginOf } from "../context.ts";
import { sessionCookie } from "../credential.ts";
import { formTokenOf } from "../page_gate.ts";

/** Who sends a request for a login, for its record and for delays. */
export function loginClientOf(
  c: ApiContext,
): { userAgent: string } & RequestClient {
  const userAgent = (c.req.header("user-agent") ?? "").slice(0, 200);
  const isCli = userAgent.startsWith("smc-fleet-cli");
  const isPage = c.req.header("sec-fetch-site") === "same-origin";
  return {
    userAgent,
    address: c.env.remoteAddress,
    via: isCli ? "cli" : isPage ? "panel" : "api",
    requestId: c.env.requestId,
  };
}

/**
 * Sets the cookie of a login, and tells the page that is open what its forms
 * carry now. Also on a refusal of what is asked besides: the cookie before is
 * worth nothing by then.
 */
export function setSessionCookie(
  c: ApiContext,
  options: ApiOptions,
  session: SessionResponse,
): void {
  const cookie = sessionCookie(c.req.raw, {
    allowedOrigins: options.allowedOrigins,
    session,
    now: options.now(),
  });
  const { extraHeaders } = c.env;
  extraHeaders.set("Set-Cookie", cookie);
  extraHeaders.set(FORM_TOKEN_HEADER, formTokenOf(session.token));
}

/**
 * Gives the login of a browser a new secret once a request has proven anew who
 * asks: what was proven must not be open to whoever knew the one before. The
 * login of a program stays as it is.
 *
 * @throws {AppError} SESSION_NOT_FOUND, STORE_UNAVAILABLE
 */
export async function renewLogin(
  c: ApiContext,
  options: ApiOptions,
): Promise<void> {
  const { identity, transport } = loginOf(c);
  if (transport !== "cookie" || identity.kind !== "session") return;
  setSessionCookie(c, options, await options.auth.renew(identity));
}
