/**
 * A form that was filled in when its login ended: the login takes it along, so
 * that nothing is typed twice. Only the plain spawn form is carried: no secret is
 * in it, and coming back it is shown and not carried out.
 *
 * @module
 */
import type { Context } from "fresh";
import type { PageState } from "../../lib/api/page_state.ts";
import { FORM_TOKEN_FIELD } from "../../lib/contracts/form_token.ts";
import type { CarriedForm } from "../../lib/ui/settings/CarriedForm.tsx";

/** The page whose form is carried. */
const CARRIED_PATH = "/spawn";

/** Name of the query of a form that arrives at the login. */
const ARRIVES = "form";

/** Limits of a form that is carried; a longer one is let go. The spawn form has a tenth of it. */
const MAX_CHARACTERS = 32_768;
const MAX_FIELDS = 500;

/** What the token is for, and what the button was: coming back, a form is only looked at. */
const LEFT_OUT: readonly string[] = [FORM_TOKEN_FIELD, "action"];

/** Sends a form on to the login, with all that was filled in: the browser posts it there. */
export function toLoginWithForm({ url }: Context<PageState>): Response {
  const query = new URLSearchParams({
    next: url.pathname + url.search,
    [ARRIVES]: "1",
  });
  return new Response(null, {
    status: 307,
    headers: { Location: `/login?${query}` },
  });
}

/** Where a form goes back to that arrives at the login; null where a login was posted. */
export function arrivalOf({ url }: Context<PageState>): string | null {
  return url.searchParams.has(ARRIVES) ? url.searchParams.get("next") : null;
}

/** A form to be carried; null where it is not the one, or too long. */
export function carriedForm(
  next: string,
  fields: readonly (readonly [string, string])[],
): CarriedForm | null {
  const path = new URL(next, "http://here.invalid").pathname;
  const kept = fields.filter(([name]) => !LEFT_OUT.includes(name));
  const text = String(new URLSearchParams(kept.map(([...field]) => field)));
  const isCarried = path === CARRIED_PATH && text !== "" &&
    text.length <= MAX_CHARACTERS && kept.length <= MAX_FIELDS;
  return isCarried
    ? { to: next, text, fields: [...kept, ["action", "check"]] }
    : null;
}

/** A form that a step of the login carries on, by the text of its hidden field. */
export function carriedOn(next: string, text: string): CarriedForm | null {
  return text.length > MAX_CHARACTERS
    ? null
    : carriedForm(next, [...new URLSearchParams(text)]);
}
