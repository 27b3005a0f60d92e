/** The first complaint about each field of a form. */
export function fieldErrorsOf(
  error: { issues: readonly { path: PropertyKey[]; message: string }[] },
): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { path, message } of error.issues) {
    errors[String(path[0])] ??= message;
  }
  return errors;
}

/** The first complaint of all, where one sentence is shown. */
export function firstIssue(
  error: { issues: readonly { message: string }[] },
): string {
  return error.issues[0]?.message ?? "The form is not valid";
}
