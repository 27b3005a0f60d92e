import { AppError } from "../core/errors.ts";
import type { TimeSource } from "../core/time.ts";
import { cameBy, userActor } from "../contracts/audit.ts";
import type { PeopleStore, UserStore } from "../store/port.ts";
import type { Client } from "./factor_parts.ts";
import type { PasswordHasher } from "./password_hasher.ts";
import { checkNewPassword } from "./password_policy.ts";
import type { Identity } from "./port.ts";

/** What a password is changed with. */
export interface PasswordChangeOptions {
  users: Pick<UserStore, "byEmail">;
  people: Pick<PeopleStore, "change">;
  hasher: PasswordHasher;
  time: TimeSource;
}

/**
 * Gives somebody who is logged in, and has proven it anew, another password.
 *
 * @throws {AppError} REQUEST_INVALID, USER_CHANGED
 */
export async function changePassword(
  { user }: Identity,
  { newPassword, client }: { newPassword: string; client: Client },
  { users, people, hasher, time }: PasswordChangeOptions,
): Promise<void> {
  checkNewPassword(newPassword, user.email, "/newPassword");
  const known = await users.byEmail(user.email);
  if (known === null) throw changedMeanwhile();
  if (await hasher.verify(newPassword, known.passwordHash)) {
    throw samePassword();
  }
  const expected = known.user;
  const outcome = await people.change({
    expected,
    user: { ...expected, epoch: expected.epoch + 1 },
    passwordHash: await hasher.hash(newPassword),
    audit: {
      at: time.nowMs(),
      actor: userActor(user),
      ...cameBy(client),
      action: "account.password",
      target: user.id,
      outcome: "ok",
      reason: "",
      detail: { address: client.address },
    },
  });
  if (outcome !== "done") throw changedMeanwhile();
}

function samePassword(): AppError {
  const detail = "This is your present password; choose another";
  return new AppError("REQUEST_INVALID", detail, {
    status: 422,
    errors: [{ pointer: "/newPassword", code: "PASSWORD_SAME", detail }],
  });
}

function changedMeanwhile(): AppError {
  return new AppError(
    "USER_CHANGED",
    "Your account was changed at the same moment; log in again and repeat this",
    { status: 409 },
  );
}
