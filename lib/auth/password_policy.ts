import { AppError } from "../core/errors.ts";

/**
 * Long passwords that lists of leaked passwords are full of. Shorter ones are
 * refused by their length; a pattern below catches repetitions of any kind.
 */
const COMMON = new Set([
  "123456789012345",
  "1234567890123456",
  "12345678901234567890",
  "123456789123456789",
  "1q2w3e4r5t6y7u8i9o0p",
  "1qaz2wsx3edc4rfv",
  "1qaz2wsx3edc4rfv5tgb",
  "qwertyuiopasdfgh",
  "qwertyuiopasdfghjkl",
  "qwertyuiopasdfghjklzxcvbnm",
  "qwertyuiop123456",
  "qwertyuiop1234567890",
  "qwerty1234567890",
  "abcdefghijklmno",
  "abcdefghijklmnop",
  "abcdefghijklmnopqrstuvwxyz",
  "password1234567",
  "password12345678",
  "password123456789",
  "password1234567890",
  "passwordpassword",
  "correcthorsebatterystaple",
  "iloveyouiloveyou",
  "iloveyou12345678",
  "letmeinletmeinletmein",
  "administrator123",
  "administrator1234",
  "changemechangeme",
  "changethispassword",
  "thisisapassword",
  "thisismypassword",
  "mypasswordis123",
  "mysecretpassword",
  "supersecretpassword",
  "welcomewelcome1",
  "tothemoontothemoon",
]);

// "abcabcabc…", "aaaa…", "121212…": one short piece again and again.
const REPEATED = /^(.{1,5}?)\1{2,}.{0,4}$/u;

/**
 * Refuses passwords that guessing programs try first.
 *
 * @throws {AppError} REQUEST_INVALID
 */
export function checkNewPassword(password: string, email: string): void {
  const plain = password.normalize("NFKC").toLowerCase();
  const bare = plain.replace(/[\s._-]/gu, "");
  const [localPart] = email.toLowerCase().split("@");
  if (plain === email.toLowerCase() || bare === localPart) {
    refuse("The password is your e-mail address; choose another");
  }
  if (COMMON.has(bare) || COMMON.has(plain) || REPEATED.test(bare)) {
    refuse(
      "The password is among the first that attackers try; choose a few unrelated words",
    );
  }
}

function refuse(detail: string): never {
  throw new AppError("REQUEST_INVALID", detail, {
    status: 422,
    errors: [{ pointer: "/password", code: "PASSWORD_COMMON", detail }],
  });
}
