import { AppError } from "../core/errors.ts";

/** There is no such channel, or it is not theirs. */
export function channelNotFound(): AppError {
  return new AppError(
    "ALERT_CHANNEL_NOT_FOUND",
    "You have no alert channel of this id; list them first",
    { status: 404 },
  );
}

/** There is no such rule, or it is not theirs. */
export function ruleNotFound(): AppError {
  return new AppError(
    "ALERT_RULE_NOT_FOUND",
    "You have no alert rule of this id; list them first",
    { status: 404 },
  );
}

/** Another process over the same store sends; this one may reach no receiver. */
export function sendsNothing(blockedBy: string | null): AppError {
  return new AppError(
    "REQUEST_INVALID",
    blockedBy ??
      "Another process over the same store sends the alerts; ask there for a test",
    { status: 422 },
  );
}

/** One field is wrong. */
export function invalidField(pointer: string, detail: string): AppError {
  return new AppError("REQUEST_INVALID", `${pointer}: ${detail}`, {
    status: 422,
    errors: [{ pointer, code: "FIELD_INVALID", detail }],
  });
}
