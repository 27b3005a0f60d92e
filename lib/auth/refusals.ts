import { AppError } from "../core/errors.ts";

/** The first account exists. */
export function setupDone(): AppError {
  return new AppError(
    "SETUP_DONE",
    "The first account exists already; log in with it",
    { status: 409 },
  );
}

/** The one-time token is not the printed one. */
export function setupTokenInvalid(): AppError {
  return new AppError(
    "SETUP_TOKEN_INVALID",
    "The setup token is wrong or was used; copy it from the server's console or from the file setup-token in its data folder",
    { status: 401 },
  );
}

/** Somebody has not proved within the last minutes who they are. */
export function freshProofNeeded(): AppError {
  const detail =
    "This needs a fresh proof that it is you: send a code of your authenticator " +
    "or a passkey, or without a second factor your password, " +
    "to POST /api/account/step-up, then repeat it within five minutes";
  return new AppError("FRESH_PROOF_NEEDED", detail, {
    status: 403,
    errors: [{
      pointer: "/code",
      code: "FRESH_PROOF_NEEDED",
      detail:
        "Prove that it is you: by a code of your authenticator, a recovery code, or a passkey",
    }],
  });
}

/** Unknown e-mail, wrong password, disabled account: nobody is told which. */
export function loginInvalid(): AppError {
  return new AppError(
    "AUTH_INVALID",
    "The e-mail or the password is wrong; check both and try again",
    { status: 401 },
  );
}

/** The password is right, and a second factor is missing. */
export function factorNeeded({ takesCode }: { takesCode: boolean }): AppError {
  return new AppError(
    "FACTOR_NEEDED",
    takesCode
      ? "The password is right; send it again with a code of your authenticator or a recovery code as well"
      : "The password is right, but your second factor is a passkey; log in with it in the panel",
    {
      status: 401,
      errors: [{
        pointer: "/code",
        code: "FACTOR_NEEDED",
        detail: takesCode
          ? "Enter a code of your authenticator, or a recovery code"
          : "Log in with your passkey in the panel",
      }],
    },
  );
}

/** Whatever is wrong with an answer of a passkey: nobody is told what. */
export function passkeyInvalid(): AppError {
  return new AppError(
    "PASSKEY_INVALID",
    "The passkey was not accepted; begin again, with a passkey of this account",
    { status: 401 },
  );
}

/** A link that was used, replaced, revoked or has expired, or never was one. */
export function inviteInvalid(): AppError {
  return new AppError(
    "INVITE_INVALID",
    "The link was used, has expired or was taken back; ask an admin for a new one",
    {
      status: 401,
      errors: [{
        pointer: "/token",
        code: "INVITE_INVALID",
        detail:
          "The link was used, has expired or was taken back; ask an admin for a new one",
      }],
    },
  );
}

/** Nobody of this id. */
export function userNotFound(): AppError {
  return new AppError(
    "USER_NOT_FOUND",
    "There is nobody of this id; GET /api/users lists the ids",
    { status: 404 },
  );
}

/** Somebody who is logged in has given a wrong password. */
export function proofInvalid(): AppError {
  return new AppError(
    "PROOF_INVALID",
    "The password is wrong; enter the one that you log in with",
    {
      status: 403,
      errors: [{
        pointer: "/password",
        code: "PROOF_INVALID",
        detail: "The password is wrong; enter the one that you log in with",
      }],
    },
  );
}
