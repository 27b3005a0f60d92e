import type { Problem } from "../contracts/problem.ts";
import { SHARED_VARIABLES } from "../core/env_client.ts";
import type { Bearer } from "./bearer.ts";
import { CliError, EXIT, problemError, usageError } from "./errors.ts";
import type { CliIo } from "./io.ts";

/** The server decides by this prefix that a command line asks. */
export const USER_AGENT = "smc-fleet-cli/1";

/** What a request carries. */
export interface RequestOptions {
  body?: unknown;
  headers?: Record<string, string>;
  /** Statuses that are an answer, too. */
  accepts?: readonly number[];
}

/** Sends a request; a refusal is thrown as {@link CliError}. */
export type Send = (
  method: string,
  path: string,
  options?: RequestOptions,
) => Promise<Response>;

/** Sends a request and reads its answer. */
export type Read = <T>(
  method: string,
  path: string,
  options?: RequestOptions,
) => Promise<T>;

/** Sends a command that is carried out once, however often the line breaks. */
export type SendCommand = <T>(path: string, body: unknown) => Promise<T>;

/** What the calls of a client are made over. */
export interface Line {
  send: Send;
  read: Read;
  command: SendCommand;
}

/** The error of a server that does not answer: one sentence, and how to start it. */
export function unreachable(server: string, why: string): CliError {
  return new CliError(`Cannot reach the server at ${server}: ${why}`, {
    exitCode: EXIT.unreachable,
    next:
      "Start it: deno task start. If it runs elsewhere, name it with --server URL or API_BASE_URL",
  });
}

/** Where requests go, and the world they go through. */
interface Target {
  server: string;
  io: CliIo;
}

/** Makes the one function that sends requests; every refusal is thrown as {@link CliError}. */
export function createSender(
  { server, bearer, io }: Target & { bearer: Bearer },
): Send {
  return async (method, path, options = {}) => {
    const request = { method, path, options };
    const token = await bearer.token();
    try {
      return await sendOnce({ server, io }, request, token);
    } catch (error) {
      const isRefused = error instanceof CliError &&
        error.problem?.code === "AUTH_REQUIRED";
      if (!isRefused || token === null) throw error;
      // Nothing was done: the gate comes before everything else.
      const other = await bearer.renew(token);
      if (other === null) throw error;
      return await sendOnce({ server, io }, request, other);
    }
  };
}

async function sendOnce(
  { server, io }: Target,
  { method, path, options: { body, headers, accepts = [] } }: {
    method: string;
    path: string;
    options: RequestOptions;
  },
  token: string | null,
): Promise<Response> {
  const timeoutMs = timeoutOf(io);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const response = await io.fetch(`${server}/api${path}`, {
      method,
      headers: {
        "user-agent": USER_AGENT,
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // The token must not follow to wherever a redirect leads.
      redirect: "manual",
      signal: AbortSignal.any([io.interrupt, timeout.signal]),
    });
    if (!response.ok && !accepts.includes(response.status)) {
      throw await refusalOf(response, server);
    }
    return response;
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (io.interrupt.aborted) {
      throw new CliError("Interrupted", { exitCode: EXIT.failed });
    }
    throw unreachable(
      server,
      timeout.signal.aborted
        ? `no answer within ${timeoutMs / 1_000} s`
        : reasonOf(error),
    );
  } finally {
    clearTimeout(timer);
  }
}

/**
 * How long one request may take.
 *
 * @throws {CliError} If API_TIMEOUT is no number that it may be (2).
 */
export function timeoutOf({ env }: Pick<CliIo, "env">): number {
  const { preset, example, read } = SHARED_VARIABLES.API_TIMEOUT;
  const text = env("API_TIMEOUT")?.trim() || preset;
  try {
    return read(text);
  } catch (error) {
    throw usageError(
      `API_TIMEOUT is "${text}"; give ${
        (error as Error).message
      }, for example API_TIMEOUT=${example}`,
    );
  }
}

async function refusalOf(
  response: Response,
  server: string,
): Promise<CliError> {
  const type = response.headers.get("content-type") ?? "";
  const text = await response.text();
  if (type.startsWith("application/problem+json")) {
    return problemError(JSON.parse(text) as Problem);
  }
  return new CliError(
    `${server} answered ${response.status} without saying why; it seems to be another program`,
    {
      exitCode: EXIT.failed,
      next: "Check the address in --server or API_BASE_URL",
    },
  );
}

/** fetch says little itself; what happened is in its cause. */
function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  const text = cause instanceof Error
    ? cause.message
    : error instanceof Error
    ? error.message
    : String(error);
  if (/refused/i.test(text)) return "nothing listens there";
  if (/dns|resolve|lookup/i.test(text)) return "the host name is unknown";
  if (/certificate|tls/i.test(text)) return "its certificate is not trusted";
  if (/closed|reset/i.test(text)) return "it closed the connection";
  return text.split("\n")[0] ?? text;
}
