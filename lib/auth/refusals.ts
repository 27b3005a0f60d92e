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

/** Somebody has not proved their second factor within the last minutes. */
export function freshProofNeeded(): AppError {
  const detail =
    "This needs a fresh proof that it is you: send a code of your authenticator " +
    "to POST /api/account/step-up, then repeat it within five minutes; " +
    "without a second factor set one up first";
  return new AppError("FRESH_PROOF_NEEDED", detail, {
    status: 403,
    errors: [{
      pointer: "/code",
      code: "FRESH_PROOF_NEEDED",
      detail: "Enter a code of your authenticator, or a recovery code",
    }],
  });
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
