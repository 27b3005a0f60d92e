import { AppError } from "../core/errors.ts";
import { guessableAs } from "../core/passwords/guessable.ts";

/**
 * Refuses passwords that guessing programs try first. Their length was checked
 * when the request was read.
 *
 * @throws {AppError} REQUEST_INVALID
 */
export function checkNewPassword(
  password: string,
  email: string,
  pointer: "/password" | "/newPassword" = "/password",
): void {
  const found = guessableAs(password, { email });
  if (found === null) return;
  const detail = found === "email"
    ? "The password is your e-mail address; choose another"
    : "The password is among the first that attackers try: common words, digits, rows of keys. Choose a few unrelated words";
  throw new AppError("REQUEST_INVALID", detail, {
    status: 422,
    errors: [{ pointer, code: "PASSWORD_COMMON", detail }],
  });
}
