/** Name and value of what shows that a form is of the page of this login; null without a login. */
export type FormToken = { name: string; value: string } | null;

/** The token in a form of an island, which the page does not put there by itself. */
export function FormTokenField({ token }: { token: FormToken }) {
  return token === null ? null : <input type="hidden" {...token} />;
}
