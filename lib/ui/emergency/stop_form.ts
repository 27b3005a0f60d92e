import {
  type Lever,
  LEVERS,
  SCOPE_KINDS,
  type ScopeKind,
  type StopRequest,
  stopRequestSchema,
} from "../../contracts/emergency.ts";

/** What the form was filled in with. */
export interface StopDraft {
  scope: ScopeKind;
  agentId: string;
  user: string;
  account: string;
  lever: Lever;
  withdrawAll: boolean;
  reason: string;
}

/** Reads the fields of the form; what is not given is the safest common choice: everything, withdrawn. */
export function readDraft(
  field: (name: string) => string,
  defaults: { user: string; account: string },
): StopDraft {
  return {
    scope: pick(SCOPE_KINDS, field("scope"), "all"),
    agentId: field("agent"),
    user: field("user") || defaults.user,
    account: field("account") || defaults.account,
    lever: pick(LEVERS, field("lever"), "cancel"),
    withdrawAll: field("withdrawAll") === "on",
    reason: field("reason"),
  };
}

/** The request of a draft. @throws {z.ZodError} For a reason that is too long or a scope without an id. */
export function toRequest(draft: StopDraft): StopRequest {
  const ids = {
    agent: draft.agentId,
    user: draft.user,
    account: draft.account,
  };
  return stopRequestSchema.parse({
    scope: draft.scope === "all"
      ? { kind: "all" }
      : { kind: draft.scope, id: ids[draft.scope] },
    lever: draft.lever,
    withdrawAll: draft.withdrawAll,
    reason: draft.reason,
  });
}

function pick<T extends string>(
  known: readonly T[],
  given: string,
  otherwise: T,
): T {
  return known.find((one) => one === given) ?? otherwise;
}
