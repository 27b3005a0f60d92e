import type { RequestClient } from "../../contracts/audit.ts";
import type { SessionResponse } from "../../contracts/auth.ts";
import { FORM_TOKEN_HEADER } from "../../contracts/form_token.ts";
import type { ApiContext, ApiOptions } from "../context.ts";
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

/** Sets the cookie of a login, and tells the page that is open what its forms carry now. */
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
  c.header("Set-Cookie", cookie);
  c.header(FORM_TOKEN_HEADER, formTokenOf(session.token));
}
