import { type Caller, callerActor, cameBy } from "../contracts/audit.ts";
import type { ExchangeKeyView } from "../contracts/exchange_key.ts";
import { AppError } from "../core/errors.ts";
import type { AuditEntry } from "../store/port.ts";

/** Who did something to a key. */
export interface KeyAct {
  caller: Caller;
  view: ExchangeKeyView;
  at: number;
}

/** What the audit trail says of it. */
export function entryOf(
  action: string,
  { caller, view, at }: KeyAct,
): AuditEntry {
  const { label, exchange, status, isLiveAllowed } = view;
  return {
    at,
    actor: callerActor(caller),
    ...cameBy(caller),
    action,
    target: view.id,
    outcome: "ok",
    reason: "",
    detail: { label, exchange, status, isLiveAllowed },
  };
}

/** The same of what was refused. */
export function refusal(
  action: string,
  act: KeyAct,
  reason: string,
): AuditEntry {
  return { ...entryOf(action, act), outcome: "refused", reason };
}

/** A key that could move money out. */
export function refused(detail: string): AppError {
  return new AppError("KEY_REFUSED", detail, { status: 422 });
}

/** New secrets that do not take the place of a key's. */
export function notReplaced(reason: string): AppError {
  return new AppError(
    "KEY_NOT_REPLACED",
    `The old key stays: ${reason}`,
    { status: 422 },
  );
}

/** Something that the state of the keys does not allow. */
export function conflict(detail: string): AppError {
  return new AppError("KEY_STATE_CONFLICT", detail, { status: 409 });
}

/** A key that may not trade live, with why. */
export function notLive(
  { label, status, statusDetail }: ExchangeKeyView,
): AppError {
  const detail =
    `The key "${label}" cannot be used for live trading: ${statusDetail}`;
  return status === "unbound"
    ? new AppError("KEY_NOT_BOUND", detail, { status: 409 })
    : conflict(detail);
}

/** Another process was faster. */
export function changedElsewhere(): AppError {
  return conflict(
    "The key was changed or revoked by somebody else meanwhile; look at it and try again",
  );
}

/** What the exchange has said is of secrets that are no more. */
export function replacedMeanwhile(
  { label }: Pick<ExchangeKeyView, "label">,
): AppError {
  return conflict(
    `The secrets of the key "${label}" were replaced meanwhile; test it again`,
  );
}

/** Agents have a key in their configuration. */
export function inUse(
  { label }: Pick<ExchangeKeyView, "label">,
  users: readonly string[],
): AppError {
  return conflict(
    `The key "${label}" is used by ${
      users.map((name) => `"${name}"`).join(", ")
    }; delete these agents first`,
  );
}
