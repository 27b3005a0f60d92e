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
