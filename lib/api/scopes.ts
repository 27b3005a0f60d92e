import type { Identity } from "../auth/port.ts";
import type { Action } from "../contracts/policy.ts";
import { AppError } from "../core/errors.ts";

/**
 * An API token does only what it was made for, whatever its owner may do.
 *
 * @throws {AppError} SCOPE_MISSING
 */
export function requireScope({ scopes }: Identity, action: Action): void {
  if (scopes === null || scopes.includes(action)) return;
  throw new AppError(
    "SCOPE_MISSING",
    `This API token was not made for "${action}"; make one with that scope, or log in`,
  );
}
