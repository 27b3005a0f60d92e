import { AppError } from "../core/errors.ts";

/** A failure of the store after which it is certain that nothing was stored, nor will be. */
export class NothingStored extends AppError {}

/**
 * Stores what was not there before. Where the store did not answer it may be
 * there all the same: whoever asks again with the same key must not get another
 * besides, so the failure says that its outcome is unknown, unless it is certain
 * that nothing was stored.
 */
export async function storingNew<Result>(
  store: () => Promise<Result>,
): Promise<Result> {
  try {
    return await store();
  } catch (error) {
    const isUnknown = error instanceof AppError &&
      error.code === "STORE_UNAVAILABLE" && !(error instanceof NothingStored);
    throw isUnknown ? asOutcomeUnknown(error) : error;
  }
}

function asOutcomeUnknown(error: AppError): AppError {
  const { code, message, status, errors } = error;
  return new AppError(code, message, {
    status,
    errors,
    cause: error,
    isOutcomeUnknown: true,
  });
}
