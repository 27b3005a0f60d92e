/** What became of a question to another process, as it goes through the store. */
import { AppError } from "../../core/errors.ts";

/** What became of a question. */
export type Answer = { ok: true; value: unknown } | {
  ok: false;
  error: ErrorParts;
};

/** A refusal without its class. */
export interface ErrorParts {
  code: string;
  message: string;
  status: number;
  errors: AppError["errors"];
  /** What some refusals tell besides, such as the use of a quota. */
  told: unknown;
  isOutcomeUnknown: boolean;
}

/** A refusal as it can be sent. */
export function toParts(error: unknown): ErrorParts {
  if (error instanceof AppError) {
    const { code, message, status, errors, cause, isOutcomeUnknown } = error;
    const told = cause instanceof Error ? null : cause ?? null;
    return { code, message, status, errors, told, isOutcomeUnknown };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: "INTERNAL",
    message,
    status: 500,
    errors: [],
    told: null,
    isOutcomeUnknown: false,
  };
}

/** A refusal as it was thrown by the other process. */
export function toError(
  { code, message, status, errors, told, isOutcomeUnknown }: ErrorParts,
): AppError {
  return new AppError(code, message, {
    status,
    errors,
    isOutcomeUnknown,
    ...(told === null ? {} : { cause: told }),
  });
}
