import {
  type Latch,
  type Lever,
  RELEASE_BEGINS,
  type StopProgress,
  type StopScope,
  type StopView,
} from "../../contracts/emergency.ts";
import { RESIDUE_NAMES, RESIDUE_ORDERS } from "./limits.ts";

/** What a lever does, as the middle of a sentence. */
const LEVER_WORDS: Readonly<Record<Lever, string>> = {
  block: "new entries are blocked",
  cancel: "new entries are blocked and resting entries withdrawn",
  flatten: "everything is withdrawn and closed",
};

/** Names what is stopped. */
export function scopeWords(
  scope: StopScope,
  nameOf: (agentId: string) => string,
): string {
  switch (scope.kind) {
    case "all":
      return "everything";
    case "agent":
      return nameOf(scope.id);
    case "user":
      return `the agents of ${scope.id}`;
    case "account":
      return `the account ${scope.id}`;
  }
}

/** A stop has begun. */
export function beginSentence(
  { scope, lever, reason, by }: Latch,
  nameOf: (agentId: string) => string,
): string {
  const why = reason === "" ? "" : `: ${reason}`;
  return `Emergency stop of ${scopeWords(scope, nameOf)} by ${by.name}, ${
    LEVER_WORDS[lever]
  }${why}`;
}

/** The levers of a stop have done what they could. */
export function endSentence(
  { scope, progress, residue }: StopView,
  nameOf: (agentId: string) => string,
): string {
  const what = `The emergency stop of ${scopeWords(scope, nameOf)}`;
  const count = progress.length === 1
    ? "1 account"
    : `${progress.length} accounts`;
  if (residue.length === 0) return `${what} is done on ${count} and holds`;
  const named = residue.slice(0, RESIDUE_NAMES).map((left) =>
    `${nameOf(left.agentId)} (${leftWords(left)})`
  );
  const more = residue.length - named.length;
  return `${what} holds, but leaves a residue on ${residue.length} of ${count}: ${
    named.join(", ")
  }${more > 0 ? ` and ${more} more` : ""}`;
}

/** What one account has left over. */
function leftWords(
  { orders, ordersLeft, positionLeft, error }: StopProgress,
): string {
  const named = orders.slice(0, RESIDUE_ORDERS).join(", ");
  const more = (ordersLeft ?? 0) - Math.min(orders.length, RESIDUE_ORDERS);
  const parts = [
    orders.length === 0
      ? null
      : `orders ${named}${more > 0 ? ` and ${more} more` : ""}`,
    positionLeft === null || Number(positionLeft) === 0
      ? null
      : `position ${positionLeft}`,
    error,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "nothing is known of it" : parts.join("; ");
}

/** A stop was released. */
export function releaseSentence(
  { scope, release }: Latch,
  nameOf: (agentId: string) => string,
): string {
  return `${RELEASE_BEGINS} ${
    scopeWords(scope, nameOf)
  } by ${release?.by.name}: ${release?.reason}`;
}
