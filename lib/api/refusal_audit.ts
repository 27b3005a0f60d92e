import { callerActor } from "../contracts/audit.ts";
import type { Problem } from "../contracts/problem.ts";
import { type ApiContext, type ApiOptions, callerOf } from "./context.ts";
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
 * Puts the refusal of a command on record. An entry that cannot be stored keeps
 * nobody from the answer.
 */
export async function recordRefusal(
  options: Pick<ApiOptions, "audit" | "now">,
  c: ApiContext,
  problem: Problem,
): Promise<void> {
  const { method } = c.req;
  // The gate refuses foreign pages before anybody asks the policy.
  const action = problem.code === "ORIGIN_FOREIGN"
    ? "access.origin"
    : c.get("action");
  const isTold = action !== undefined && c.get("login") !== undefined &&
    method !== "GET" && method !== "HEAD" &&
    TOLD_STATUSES.includes(problem.status) &&
    !TOLD_ELSEWHERE.includes(problem.code);
  if (!isTold) return;
  const caller = callerOf(c);
  await options.audit?.({
    at: options.now(),
    actor: callerActor(caller),
    via: caller.via,
    action,
    target: c.req.path,
    outcome: "refused",
    reason: redact(problem.detail),
    detail: { code: problem.code, requestId: c.env.requestId },
  }).catch(() => {});
}
