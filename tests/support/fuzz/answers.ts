/** Whether an answer is what the document says. */
import assert from "node:assert/strict";
import { isFile, isSchema } from "../../../lib/api/openapi/router.ts";
import type { FileAnswer, RouteSpec } from "../../../lib/api/openapi/spec.ts";
import { stripOf } from "../../../lib/api/openapi/strip.ts";
import { type ProblemCode, PROBLEMS } from "../../../lib/contracts/problem.ts";
import type { FuzzRequest } from "./endpoints.ts";

/** Whatever the endpoint, its path or its method may be wrong. */
const ANYWHERE: readonly ProblemCode[] = [
  "AGENT_NOT_FOUND",
  "BACKTEST_NOT_FOUND",
  "TEAM_NOT_FOUND",
  "NOT_FOUND",
  "METHOD_NOT_ALLOWED",
];

/** An answer with its text; of a stream its first frame. */
export interface Answer {
  response: Response;
  text: string;
}

/** Sends a request. A stream is read up to its first frame and left. */
export async function send(
  url: string,
  request: FuzzRequest,
  token: string | null,
): Promise<Answer> {
  const headers = new Headers(request.headers);
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  const response = await fetch(`${url}${request.url}`, {
    method: request.endpoint.method,
    headers,
    ...(request.body === null ? {} : { body: request.body }),
  });
  const isStream = typeOf(response) === "text/event-stream";
  const text = isStream
    ? await firstFrame(response.body!)
    : await response.text();
  return { response, text };
}

async function firstFrame(
  body: NonNullable<Response["body"]>,
): Promise<string> {
  let text = "";
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part;
    const frame = /^data: ?(.*)\n\n/m.exec(text)?.[1];
    if (frame !== undefined) return frame;
  }
  return "";
}

/** Says what is wrong with an answer, or nothing. */
export function checkAnswer(
  request: FuzzRequest,
  { response, text }: Answer,
  spec: RouteSpec | undefined,
): void {
  const { status } = response;
  const isReady = request.endpoint.path === "/api/health/ready";
  assert.ok(status < 500 || isReady && status === 503, "a fault of the server");
  assert.match(response.headers.get("x-request-id") ?? "", /^\S+$/);
  if (status >= 400 && !isReady) {
    checkProblem(request, { response, text }, spec);
    return;
  }
  if (spec === undefined) return;
  assert.ok(
    String(status) in request.endpoint.operation.responses,
    `status ${status} is not in the document`,
  );
  if (response.headers.has("set-cookie")) {
    const told = request.endpoint.operation.responses[String(status)] as {
      headers: Readonly<Record<string, unknown>>;
    };
    assert.ok("Set-Cookie" in told.headers, "its cookie is not told");
  }
  if (isSchema(spec.answer)) {
    const value = JSON.parse(text);
    const parsed = spec.answer.safeParse(value);
    assert.ok(parsed.success, parsed.error?.message);
    assert.deepEqual(stripOf(spec.answer)(value), value, "more than it names");
  } else if (isFile(spec.answer)) checkFile(spec.answer, { response, text });
}

function checkProblem(
  { endpoint }: FuzzRequest,
  { response, text }: Answer,
  spec: RouteSpec | undefined,
): void {
  assert.equal(typeOf(response), "application/problem+json");
  const problem = JSON.parse(text);
  const code: ProblemCode = problem.code;
  assert.ok(Object.hasOwn(PROBLEMS, code), `unknown code ${code}`);
  assert.equal(problem.status, response.status);
  if (spec === undefined) return;
  const refs = Object.values(endpoint.operation.responses).map((answer) =>
    String((answer as { $ref?: string }).$ref)
  );
  const told = refs.flatMap((ref) => ref.split(".").slice(1));
  assert.ok(
    told.includes(code) || ANYWHERE.includes(code),
    `${code} is not in the document`,
  );
}

/** Its media type, and every line or frame of it where one has a shape. */
function checkFile(
  { media, unit }: FileAnswer,
  { response, text }: Answer,
): void {
  assert.ok(
    media.includes(typeOf(response)),
    `${typeOf(response)} is not told`,
  );
  if (unit === undefined) return;
  for (const line of text.split("\n").filter((one) => one !== "")) {
    const parsed = unit.safeParse(JSON.parse(line));
    assert.ok(parsed.success, parsed.error?.message);
  }
}

function typeOf(response: Response): string {
  return (response.headers.get("content-type") ?? "").split(";")[0]!.trim();
}
