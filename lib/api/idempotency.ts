import { createHash } from "node:crypto";
import { AppError } from "../core/errors.ts";
import type { KnownRequest, StoredResponse } from "../store/port.ts";
import { type ApiContext, type ApiOptions, loginOf } from "./context.ts";
import type { JsonBody } from "./input.ts";
import { MAX_IDEMPOTENCY_KEY_CHARACTERS } from "./limits.ts";
import { errorEntry, toProblem } from "./problem.ts";

/**
 * The Idempotency-Key of a request.
 *
 * @throws {AppError} IDEMPOTENCY_KEY_MISSING or REQUEST_MALFORMED.
 */
export function requireIdempotencyKey(c: ApiContext): string {
  return idempotencyKeyOf(c, { isRequired: true })!;
}

/**
 * The Idempotency-Key of a request; null where none was sent and none is needed.
 *
 * @throws {AppError} IDEMPOTENCY_KEY_MISSING or REQUEST_MALFORMED.
 */
export function idempotencyKeyOf(
  c: ApiContext,
  { isRequired }: { isRequired: boolean },
): string | null {
  const key = c.req.header("idempotency-key")?.trim() ?? "";
  if (key === "") {
    if (!isRequired) return null;
    throw new AppError(
      "IDEMPOTENCY_KEY_MISSING",
      "Send an Idempotency-Key header with a new random value, for instance a UUID, so that a repeated request has one effect",
    );
  }
  if (
    key.length > MAX_IDEMPOTENCY_KEY_CHARACTERS || !/^[\x21-\x7e]+$/.test(key)
  ) {
    throw new AppError(
      "REQUEST_MALFORMED",
      `The Idempotency-Key must have 1 to ${MAX_IDEMPOTENCY_KEY_CHARACTERS} visible ASCII characters; send a UUID`,
    );
  }
  return key;
}

/**
 * Runs an operation at most once per user and key. The first answer is kept
 * for 24 hours, refusals included; failures that may pass (5xx, 429, a quota)
 * are not, so that the same key can be tried again, unless it may have been done.
 */
export async function runOnce(
  c: ApiContext,
  options: Pick<ApiOptions, "idempotency" | "logError"> & {
    key: string;
    body: JsonBody;
    run: () => Promise<StoredResponse>;
  },
): Promise<Response> {
  const { idempotency } = options;
  // Keys of different users must not meet, whatever they choose.
  const key = `${loginOf(c).identity.user.id}/${options.key}`;
  const requestHash = hashOf(
    `${c.req.method}\n${c.req.path}\n${options.body.text}`,
  );
  const known = await idempotency.begin(key, requestHash);
  if (known !== null) {
    return replay({ known, requestHash, key: options.key });
  }
  const response = await attempt(c, options.run);
  if ("error" in response) {
    const { error } = response;
    const isUnknown = error instanceof AppError && error.isOutcomeUnknown;
    if (isUnknown) idempotency.doubt(key);
    else await idempotency.abandon(key);
    throw error;
  }
  try {
    await idempotency.finish(key, response);
  } catch (error) {
    // The effect happened: the client must hear of it. The reservation stays,
    // so that a repetition cannot cause it again.
    options.logError(errorEntry(c, error));
  }
  return toResponse(response);
}

function replay(options: {
  known: KnownRequest;
  requestHash: string;
  key: string;
}): Response {
  const { known } = options;
  if (known.requestHash !== options.requestHash) {
    throw new AppError(
      "IDEMPOTENCY_KEY_REUSED",
      `The Idempotency-Key "${options.key}" belongs to an earlier, different request; use a new key for a new request`,
    );
  }
  if (known.isAbandoned) {
    throw new AppError(
      "IDEMPOTENCY_OUTCOME_UNKNOWN",
      "The server lost sight of this request while it worked on it, so whether it had an effect is unknown; " +
        "look at the state, and if it is still wanted send it with a new Idempotency-Key",
    );
  }
  if (known.response === null) {
    throw new AppError(
      "IDEMPOTENCY_IN_FLIGHT",
      "The first request with this Idempotency-Key has not been answered yet; repeat it in a second",
    );
  }
  return toResponse({
    ...known.response,
    headers: { ...known.response.headers, "Idempotency-Replayed": "true" },
  });
}

/** A refusal is an answer and is kept; whatever may pass is thrown on. */
async function attempt(
  c: ApiContext,
  run: () => Promise<StoredResponse>,
): Promise<StoredResponse | { error: unknown }> {
  try {
    return await run();
  } catch (error) {
    const { problem, headers } = toProblem(error, c.env.requestId);
    const mayPass = problem.status >= 500 || problem.status === 429 ||
      problem.code === "QUOTA_EXCEEDED";
    if (mayPass) return { error };
    return {
      status: problem.status,
      headers: { "Content-Type": "application/problem+json", ...headers },
      body: JSON.stringify(problem),
    };
  }
}

/** A kept answer as it goes out. */
export function toResponse(stored: StoredResponse): Response {
  return new Response(stored.status === 204 ? null : stored.body, {
    status: stored.status,
    headers: { ...stored.headers },
  });
}

/** Done here and now: for a text of this size a thread of the web's digest costs more than the hash. */
function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
