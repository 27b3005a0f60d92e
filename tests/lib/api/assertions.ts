import assert from "node:assert/strict";
import {
  type Problem,
  type ProblemCode,
  PROBLEMS,
} from "../../../lib/contracts/problem.ts";

/** Asserts that a response is the problem `code` in full, and returns it. */
export async function assertProblem(
  response: Response,
  code: ProblemCode,
): Promise<Problem> {
  const text = await response.text();
  assert.equal(
    response.headers.get("content-type"),
    "application/problem+json",
    text,
  );
  const problem: Problem = JSON.parse(text);
  assert.equal(problem.code, code, text);
  assert.equal(response.status, PROBLEMS[code].status);
  assert.equal(problem.status, response.status);
  assert.equal(problem.title, PROBLEMS[code].title);
  assert.ok(problem.detail.length > 10, text);
  assert.equal(problem.instance, response.headers.get("x-request-id"));
  assert.match(problem.type, /^\/docs\/api\.md#[a-z-]+$/);
  return problem;
}
