import { ApiProblem, explain } from "./api_client.ts";

/** A failed call in one line, with code and request, by which it is found in the server's log. */
export function explainFully(error: unknown): string {
  const text = explain(error);
  if (!(error instanceof ApiProblem)) return text;
  const { code, instance } = error.problem;
  const request = instance === "" ? "" : `, request ${instance}`;
  return `${text.replace(/[.]$/, "")} (${code}${request})`;
}
