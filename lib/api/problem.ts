/**
 * The one place where errors become answers (RFC 9457 problem details).
 *
 * @module
 */
import * as z from "zod";
import {
  type Problem,
  type ProblemCode,
  PROBLEMS,
} from "../contracts/problem.ts";
import { quotaOf } from "../contracts/quota.ts";
import { AppError, type FieldError } from "../core/errors.ts";
import type { ApiContext, ApiErrorEntry } from "./context.ts";
import {
  DEFAULT_RETRY_AFTER_SECONDS,
  DRAINING_RETRY_AFTER_SECONDS,
  MAX_FIELD_ERRORS,
  MAX_LOGGED_ERROR_CHARACTERS,
} from "./limits.ts";
import { redact } from "../core/redact.ts";

/** A problem with the headers that belong to it. */
export interface ProblemAnswer {
  problem: Problem;
  headers: Record<string, string>;
  /** True for an error that nobody foresaw: it belongs into the log. */
  isUnexpected: boolean;
}

/** Turns anything that was thrown into a problem. Details of unexpected errors stay on the server. */
export function toProblem(error: unknown, requestId: string): ProblemAnswer {
  const known = toKnown(error);
  const code: ProblemCode = known?.code ?? "INTERNAL";
  const { status, title } = PROBLEMS[code];
  const problem: Problem = {
    type: `/docs/api.md#${code.toLowerCase().replaceAll("_", "-")}`,
    title,
    status,
    detail: known?.detail ??
      `Repeat it in a moment; if it stays, give the request id ${requestId} to whoever runs the server`,
    instance: requestId,
    code,
  };
  if (known !== null && known.errors.length > 0) {
    const fields = known.errors.slice(0, MAX_FIELD_ERRORS);
    // What must be acknowledged is no error: it would block the form.
    if (code === "WARNINGS_UNREAD") problem.warnings = fields;
    else problem.errors = fields;
  }
  // The use in figures: a client need not read the sentence.
  Object.assign(problem, quotaOf(error));
  return {
    problem,
    headers: headersFor(code, status, error),
    isUnexpected: known === null,
  };
}

/** Writes a problem as a response. */
export function problemResponse(answer: ProblemAnswer): Response {
  return new Response(JSON.stringify(answer.problem), {
    status: answer.problem.status,
    headers: {
      "Content-Type": "application/problem+json",
      ...answer.headers,
    },
  });
}

/** An unexpected error as it goes to the log: where it happened and what it says, secrets taken out. */
export function errorEntry(c: ApiContext, error: unknown): ApiErrorEntry {
  const text = error instanceof Error
    ? `${error.stack ?? error.message}${
      error.cause === undefined ? "" : `\ncaused by ${String(error.cause)}`
    }`
    : String(error);
  return {
    requestId: c.env.requestId,
    method: c.req.method,
    path: c.req.path,
    error: redact(text).slice(0, MAX_LOGGED_ERROR_CHARACTERS),
  };
}

const STATE_CHANGED: readonly string[] = [
  "ACTOR_STATE_REFUSED",
  "ACTOR_UNKNOWN",
  "ACCOUNT_NOT_FOUND",
];

interface KnownError {
  code: ProblemCode;
  detail: string;
  errors: readonly FieldError[];
}

function toKnown(error: unknown): KnownError | null {
  if (error instanceof AppError && Object.hasOwn(PROBLEMS, error.code)) {
    return {
      code: error.code as ProblemCode,
      detail: error.message,
      errors: error.errors,
    };
  }
  if (error instanceof z.ZodError) return fromZod(error);
  return error instanceof AppError ? fromRuntime(error.code) : null;
}

/** An agent may end, or its account close, between the look at it and the question to its worker or desk. */
function fromRuntime(code: string): KnownError | null {
  if (STATE_CHANGED.includes(code)) {
    return {
      code: "AGENT_STATE_CONFLICT",
      detail:
        "The agent's state has just changed; look at it, and if it is still wanted, repeat this",
      errors: [],
    };
  }
  if (code === "ACTOR_ENDED" || code === "ACTOR_TIMEOUT") {
    return {
      code: "AGENT_UNREACHABLE",
      detail:
        "The agent's worker did not answer; look at the agent, and repeat this when it is up",
      errors: [],
    };
  }
  return null;
}

function fromZod(error: z.ZodError): KnownError {
  const errors = toFieldErrors(error.issues);
  const isConfig = errors.every((field) => field.pointer.startsWith("/config"));
  const first = errors[0];
  return {
    code: isConfig ? "CONFIG_INVALID" : "REQUEST_INVALID",
    detail: first === undefined
      ? "The request is not as expected"
      : errors.length === 1
      ? `${first.pointer === "" ? "The body" : first.pointer}: ${first.detail}`
      : `${errors.length} fields need correction; each one is listed with what it expects`,
    errors,
  };
}

/** Writes schema issues as field errors with JSON pointers into what was sent. */
export function toFieldErrors(
  issues: readonly z.core.$ZodIssue[],
): FieldError[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        pointer: toPointer([...issue.path, key]),
        code: "FIELD_UNKNOWN",
        detail:
          `There is no field "${key}" here; remove it or check its spelling`,
      }));
    }
    const isMissing = issue.code === "invalid_type" &&
      (issue.message.endsWith("received undefined") ||
        issue.input === undefined && "input" in issue);
    return [{
      pointer: toPointer(issue.path),
      code: isMissing ? "FIELD_MISSING" : "FIELD_INVALID",
      detail: detailOf(issue, isMissing),
    }];
  });
}

/** Replaces zod's own wording, which speaks of inputs, by a sentence that says what to do. */
function detailOf(issue: z.core.$ZodIssue, isMissing: boolean): string {
  const { message } = issue;
  // The name of a field is wrong: what is said about names is inside.
  if (issue.code === "invalid_key") {
    return issue.issues[0]?.message ?? "Give this field a documented name";
  }
  if (issue.code === "invalid_union" && "options" in issue) {
    return `Choose one of ${(issue.options as unknown[]).join(", ")}`;
  }
  if (!/^(Invalid|Too (big|small)|Unrecognized)\b/.test(message)) {
    return message;
  }
  if (issue.code === "invalid_type") {
    return isMissing
      ? `This is missing; give ${article(issue.expected)}`
      : `Give ${article(issue.expected)} here`;
  }
  if (issue.code === "too_big") {
    return `Give at most ${issue.maximum}${unitOf(issue.origin)}`;
  }
  if (issue.code === "too_small") {
    return `Give at least ${issue.minimum}${unitOf(issue.origin)}`;
  }
  return "Give a value of the documented form here";
}

function unitOf(origin: string): string {
  return origin === "string"
    ? " characters"
    : origin === "array"
    ? " items"
    : "";
}

function article(type: string): string {
  if (type === "boolean") return "true or false";
  const name = type === "int"
    ? "whole number"
    : type === "string"
    ? "text"
    : type;
  return `${/^[aeio]/.test(name) ? "an" : "a"} ${name}`;
}

function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) =>
    `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`
  ).join("");
}

function headersFor(
  code: ProblemCode,
  status: number,
  error: unknown,
): Record<string, string> {
  const headers: Record<string, string> = {};
  if (status === 401) {
    headers["WWW-Authenticate"] = 'Bearer realm="smc-fleet"';
  }
  if (status === 429 || status === 503 || code === "IDEMPOTENCY_IN_FLIGHT") {
    headers["Retry-After"] = String(retryAfterSeconds(code, error));
  }
  const allow = causeMember(error, "allow");
  if (status === 405 && typeof allow === "string") headers["Allow"] = allow;
  return headers;
}

/** A thrower that knows how long to wait says so in the error's cause: `{ retryAfterMs }`. */
function retryAfterSeconds(code: ProblemCode, error: unknown): number {
  const waitMs = causeMember(error, "retryAfterMs");
  if (typeof waitMs === "number" && Number.isFinite(waitMs)) {
    return Math.max(1, Math.ceil(waitMs / 1_000));
  }
  return code === "DRAINING"
    ? DRAINING_RETRY_AFTER_SECONDS
    : DEFAULT_RETRY_AFTER_SECONDS;
}

function causeMember(error: unknown, name: string): unknown {
  if (!(error instanceof Error)) return undefined;
  const { cause } = error;
  return typeof cause === "object" && cause !== null && name in cause
    ? (cause as Record<string, unknown>)[name]
    : undefined;
}
