import { ApiProblem } from "./api_client.ts";

/** Why something could not be read, with what helps to find out more. */
export interface Failure {
  /** One sentence, or two. */
  detail: string;
  /** Code of the server's problem; null where no answer came. */
  code: string | null;
  /** Id of the request in the server's log; null where it is not known. */
  requestId: string | null;
}

/** What a failed call tells. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ApiProblem) {
    const { title, detail, code, instance } = error.problem;
    return {
      detail: `${title}: ${detail}`,
      code,
      requestId: instance === "" ? null : instance,
    };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { detail, code: null, requestId: null };
}

/** Whether a failed call means that the agent is no longer in the fleet. */
export function isAgentGone(error: unknown): boolean {
  return error instanceof ApiProblem &&
    error.problem.code === "AGENT_NOT_FOUND";
}
