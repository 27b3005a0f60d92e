import { type AuditEntry, callerActor, cameBy } from "../contracts/audit.ts";
import type { Problem } from "../contracts/problem.ts";
import {
  type ApiContext,
  type ApiOptions,
  callerOf,
  clientOf,
} from "./context.ts";
import { originDetail } from "./origin.ts";
import { redact } from "../core/redact.ts";

/** Refusals of a command that say something of who sent it: it did not fit to the state, or to the rules. */
const TOLD_STATUSES: readonly number[] = [403, 409, 412, 422];

/** The policy's own refusals are written where it is asked. */
const TOLD_ELSEWHERE: readonly string[] = [
  "ROLE_MISSING",
  "NOT_OWNER",
  "SCOPE_MISSING",
  "FRESH_PROOF_NEEDED",
];

/**
 * Puts the refusal of a command on record, and whatever another site made a
 * browser send. An entry that cannot be stored keeps nobody from the answer; a
 * flood is counted by the trail (lib/store/audit/refusals.ts).
 */
export async function recordRefusal(
  options: Pick<ApiOptions, "audit" | "now">,
  c: ApiContext,
  problem: Problem,
): Promise<void> {
  const isForeign = problem.code === "ORIGIN_FOREIGN";
  // The gate refuses foreign pages before anybody asks the policy.
  const action = isForeign ? "access.origin" : c.get("action");
  if (action === undefined || !isForeign && !isTold(c, problem)) return;
  await options.audit?.({
    at: options.now(),
    ...whoAsks(c),
    action,
    target: c.req.path,
    outcome: "refused",
    reason: redact(problem.detail),
    detail: {
      code: problem.code,
      ...(isForeign
        ? { address: c.env.remoteAddress, ...originDetail(c.req.raw) }
        : {}),
    },
  }).catch(() => {});
}

function isTold(c: ApiContext, { status, code }: Problem): boolean {
  const { method } = c.req;
  return c.get("login") !== undefined &&
    method !== "GET" && method !== "HEAD" &&
    TOLD_STATUSES.includes(status) && !TOLD_ELSEWHERE.includes(code);
}

function whoAsks(
  c: ApiContext,
): Pick<AuditEntry, "actor" | "via" | "requestId"> {
  if (c.get("login") === undefined) {
    const actor = { kind: "anonymous", id: null, name: "anonymous" } as const;
    return { actor, ...cameBy(clientOf(c)) };
  }
  const caller = callerOf(c);
  return { actor: callerActor(caller), ...cameBy(caller) };
}
