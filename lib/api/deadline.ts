/**
 * Nobody waits for ever: neither the server for a body, nor a client for an
 * answer.
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

/**
 * The chunks of a body, as long as they come in time.
 *
 * @throws {AppError} REQUEST_TIMEOUT
 */
export async function* chunksInTime(
  body: ReadableStream<Uint8Array>,
  deadlineMs: number,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(late.resolve, deadlineMs, "late" as const);
  try {
    for (;;) {
      // deno-lint-ignore no-await-in-loop -- one chunk after the other
      const read = await Promise.race([reader.read(), late.promise]);
      if (read === "late") throw tooSlow(deadlineMs);
      if (read.done) return;
      yield read.value;
    }
  } finally {
    clearTimeout(timer);
    // Whoever stopped reading wants no more of it.
    await reader.cancel().catch(() => {});
  }
}

function tooSlow(deadlineMs: number): AppError {
  return new AppError(
    "REQUEST_TIMEOUT",
    `The body did not come to its end within ${
      deadlineMs / 1_000
    } s; send it in one go`,
  );
}
