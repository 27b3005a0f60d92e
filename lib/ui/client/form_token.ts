import { FORM_TOKEN_FIELD } from "../../contracts/form_token.ts";

/** Gives the forms of the open page the token of the login's new cookie. Only in a browser. */
export function renewForms(token: string): void {
  const fields = document.querySelectorAll<HTMLInputElement>(
    `input[type="hidden"][name="${FORM_TOKEN_FIELD}"]`,
  );
  for (const field of fields) field.value = token;
}
