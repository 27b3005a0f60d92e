/**
 * What every form of a page passes before its handler. Nothing here is up to
 * the page: the token is put into each form where it is rendered, and checked
 * here.
 *
 * @module
 */
import { type Context, HttpError } from "fresh";
import type { PageState } from "../../lib/api/page_state.ts";
import { INVITE_PATH } from "../../lib/contracts/people.ts";
import { FORM_TOKEN_FIELD } from "../../lib/contracts/form_token.ts";
import { orErrorPage, readForm } from "./guard.ts";
import { withRenewedLogin } from "./renewed_login.ts";

const SAFE_METHODS: readonly string[] = ["GET", "HEAD"];

/** These show a form that is too old once more, filled in as it was: it may be urgent, or long. */
const SHOW_AGAIN: readonly string[] = ["/emergency-stop", "/spawn"];

/** Pages whose forms need no login; where they came from is checked all the same. */
const BEFORE_LOGIN: readonly string[] = ["/login", "/setup", INVITE_PATH];

/** Checks a form, gives the forms of the answer their token, and the answer the cookie of a login that was renewed. */
export async function guardForms(ctx: Context<PageState>): Promise<Response> {
  const { services, identity } = ctx.state;
  if (identity !== null) {
    const value = services.formToken(ctx.req);
    if (value !== null) ctx.state.formField = { name: FORM_TOKEN_FIELD, value };
  }
  if (!SAFE_METHODS.includes(ctx.req.method)) {
    await orErrorPage(() => checkForm(ctx));
  }
  return withRenewedLogin(await ctx.next(), ctx.state);
}

async function checkForm({ req, url, state }: Context<PageState>) {
  const { services, identity } = state;
  await services.admitForm(req, identity);
  const field = await readForm(req);
  // The login, the setup and what else comes before a session has no token: it
  // may have been loaded before somebody logged in beside it.
  if (
    identity === null || BEFORE_LOGIN.includes(url.pathname) ||
    services.isFormToken(req, field(FORM_TOKEN_FIELD))
  ) {
    return;
  }
  await services.recordStaleForm(req, identity);
  if (!SHOW_AGAIN.includes(url.pathname)) {
    throw new HttpError(
      403,
      "This form is older than your login; go back, reload the page and send it again",
      { cause: "form" },
    );
  }
  state.isFormStale = true;
}
