import { guessableAs } from "../core/passwords/guessable.ts";
import { Glyph } from "./Glyph.tsx";

/** Characters from which on a password that is not common is good for an offline attack, too. */
const STRONG_LENGTH = 22;

/** The rules of a new password, and how the one that is typed stands to them. */
export function PasswordRules(
  { password, email, minLength }: {
    password: string;
    email: string;
    minLength: number;
  },
) {
  const missing = minLength - password.length;
  const guessable = missing > 0 ? null : guessableAs(password, { email });
  return (
    <>
      <span class={missing <= 0 ? "rule rule-met" : "rule"}>
        <Glyph name={missing <= 0 ? "check" : "ring"} /> At least {minLength}
        {" "}
        characters{password !== "" && missing > 0 && `, ${missing} to go`}.{" "}
      </span>
      <span
        class={guessable === null ? "rule" : "rule rule-broken"}
        role="status"
        data-testid="password-strength"
      >
        {missing > 0
          ? "A few words are easy to remember; pasting and password managers work."
          : strength(password, guessable)}
      </span>
    </>
  );
}

function strength(
  password: string,
  guessable: ReturnType<typeof guessableAs>,
): string {
  if (guessable === "email") return "This is your e-mail address.";
  if (guessable === "common") {
    return "Attackers try this first: common words, digits, rows of keys. Choose a few unrelated words.";
  }
  return password.length >= STRONG_LENGTH
    ? "Strong."
    : "Good enough; a further word makes it strong.";
}
