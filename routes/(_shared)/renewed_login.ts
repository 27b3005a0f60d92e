/**
 * What a form leaves that proves anew who asks: whoever knew the secret of the
 * login before must not share the proof, so the login gets another one, and
 * every answer from then on carries it, whatever becomes of what was asked for.
 *
 * @module
 */
import type { Context } from "fresh";
import type { PageState } from "../../lib/api/page_state.ts";
import { FORM_TOKEN_FIELD } from "../../lib/contracts/form_token.ts";

/**
 * Renews the login that asks. Only for the request that has brought the proof,
 * and right after it.
 *
 * @throws {AppError} SESSION_NOT_FOUND, STORE_UNAVAILABLE
 */
export async function renewLogin(
  { req, state }: Context<PageState>,
): Promise<void> {
  const { services, identity } = state;
  if (identity?.kind !== "session") return;
  const session = await services.auth.renew(identity);
  state.renewedCookie = services.sessionCookie(req, session);
  // A page that is rendered now belongs to the login as it is from here on.
  const value = services.newFormToken(session);
  state.formField = { name: FORM_TOKEN_FIELD, value };
}

/** The header that an answer needs where the login was renewed while it was made. */
export function renewedHeaders(
  { renewedCookie }: Pick<PageState, "renewedCookie">,
): Record<string, string> {
  return renewedCookie === undefined ? {} : { "Set-Cookie": renewedCookie };
}

/** An answer with that header. */
export function withRenewedLogin(
  response: Response,
  state: Pick<PageState, "renewedCookie">,
): Response {
  const headers = Object.entries(renewedHeaders(state));
  if (headers.length === 0) return response;
  // Headers of a redirect may not be changed.
  const renewed = new Response(response.body, response);
  for (const [name, value] of headers) renewed.headers.append(name, value);
  return renewed;
}
