/**
 * No client waits for ever for an answer; nor does the server for a body, which
 * is seen to at the door (body_limit.ts).
 *
 * @module
 */
import { AppError } from "../core/errors.ts";
import type { ApiLimits } from "./context.ts";
import { problemResponse, toProblem } from "./problem.ts";

/**
 * An answer, or a 503 once it has taken too long. What was begun is not broken
 * off: a command may still have its effect, which its Idempotency-Key tells.
 */
export async function inTime(
  answer: Response | Promise<Response>,
  { requestId, limits }: {
    requestId: string;
    limits: Pick<ApiLimits, "handlerDeadlineMs">;
  },
): Promise<Response> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(late.resolve, limits.handlerDeadlineMs, null);
  const response = await Promise.race([answer, late.promise]);
  clearTimeout(timer);
  if (response !== null) return response;
  void Promise.resolve(answer).then((unwanted) => unwanted.body?.cancel());
  const seconds = limits.handlerDeadlineMs / 1_000;
  return problemResponse(toProblem(
    new AppError(
      "DEADLINE_PASSED",
      `There was no answer within ${seconds} s; whether a change was made is seen by reading, or by repeating it with the same Idempotency-Key`,
    ),
    requestId,
  ));
}
