/**
 * Which entries of the audit trail are alerts. Pure.
 *
 * @module
 */
import type { AuditRecord } from "../contracts/audit_trail.ts";
import type { AlertClass, AlertSeverity } from "../contracts/alerts/classes.ts";

/** What an entry is an alert of. */
export interface ClassifiedEntry {
  class: AlertClass;
  severity: AlertSeverity;
  /** The account that it is about. */
  ownerId: string;
  message: string;
  /** An alert only if this person has never logged in from this address before. */
  newAddress?: string;
}

const FACTOR_WORDS: Readonly<Record<string, string>> = {
  "account.password": "The password was changed",
  "factor.confirm": "An authenticator was set up",
  "factor.remove": "The authenticator was removed",
  "factor.recover": "A recovery code was used",
  "passkey.add": "A passkey was added",
  "passkey.remove": "A passkey was removed",
  "users.reset": "The password was set anew by a link",
};

/** What else was done to the factors of who got a link. */
const FACTOR_GONE = ", and the second factor was removed";

/** What an entry is an alert of, or null. */
export function classifyAudit(entry: AuditRecord): ClassifiedEntry | null {
  const { action, actor, outcome, detail } = entry;
  if (actor.id === null) return null;
  const ownerId = actor.id;
  const words = FACTOR_WORDS[action];
  if (words !== undefined && outcome === "ok") {
    const more = detail["removesFactor"] === true ? FACTOR_GONE : "";
    return {
      class: "factor_changed",
      severity: "critical",
      ownerId,
      message: `${words}${more}: ${actor.name}`,
    };
  }
  if (action === "auth.login" && outcome === "ok") {
    const address = detail["address"];
    if (typeof address !== "string" || address === "") return null;
    return {
      class: "login_new_place",
      severity: "warning",
      ownerId,
      message:
        `${actor.name} logged in from ${address}, for the first time from there`,
      newAddress: address,
    };
  }
  if (action !== "key.test") return null;
  const { label, exchange, status } = detail;
  if (outcome === "ok" && status === "verified") return null;
  return {
    class: "key_test_failed",
    severity: "warning",
    ownerId,
    message:
      `The test of the exchange key "${label}" at ${exchange} ended with: ${
        outcome === "refused" ? entry.reason : status
      }`,
  };
}

/** Tells whether an entry is an earlier login of a person from an address. */
export function isLoginFrom(
  { action, actor, outcome, detail }: AuditRecord,
  { userId, address }: { userId: string; address: string },
): boolean {
  return isLoginOf({ action, actor, outcome }, userId) &&
    detail["address"] === address;
}

/** Tells whether an entry is a login of a person. */
export function isLoginOf(
  { action, actor, outcome }: Pick<AuditRecord, "action" | "actor" | "outcome">,
  userId: string,
): boolean {
  return action === "auth.login" && outcome === "ok" && actor.id === userId;
}
