/** Name of the hidden field that binds a form of the panel to its login. */
export const FORM_TOKEN_FIELD = "csrf";

/**
 * Header of an answer that gives a login another cookie: what the forms of open
 * pages carry from then on. No other site can read it.
 */
export const FORM_TOKEN_HEADER = "X-Form-Token";
