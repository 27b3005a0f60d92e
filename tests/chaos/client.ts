/** A client that survives the server: it repeats a request with the same key until it is answered. */
import type { ProgramLogin } from "../../lib/contracts/auth.ts";
import { ProgramTokens } from "../support/program_tokens.ts";
import { TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import {
  RECONNECT_MS,
  REQUEST_DEADLINE_MS,
  SLOW_MS,
  TRY_DEADLINE_MS,
} from "./limits.ts";

/** A request. */
export interface ChaosRequest {
  method: "GET" | "POST" | "PUT";
  path: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** An answer, read to its end. */
export interface ChaosAnswer<T> {
  status: number;
  value: T;
  etag: string | null;
  /** How often the request went without an answer before this one. */
  unanswered: number;
}

/** Talks to a server that is killed again and again. */
export class ChaosClient {
  readonly #url: string;
  readonly #tokens: ProgramTokens;
  #isSetUp = false;
  /** Why the last try was none, for the error. */
  #lastTry = "none";

  readonly #onSlow: (line: string) => void;

  /** `onSlow` is told of every try that took long and was none. */
  constructor(url: string, onSlow: (line: string) => void = () => {}) {
    this.#url = url;
    this.#onSlow = onSlow;
    this.#tokens = new ProgramTokens(async (path, body) => {
      const answer = await this.#send<ProgramLogin>(
        { method: "POST", path, body },
        null,
      );
      return answer.status === 200 ? answer.value : null;
    });
  }

  /** Codes of the second factor, for logins after a login was lost. */
  useCodes(codes: readonly string[]): void {
    this.#tokens.codes = [...codes];
  }

  /** An access token that works now. */
  token(): Promise<string> {
    return this.#tokens.token();
  }

  /** Creates the first account. */
  async setUp(token: string): Promise<void> {
    await this.#send({
      method: "POST",
      path: "/api/auth/setup",
      body: { token, email: TEST_EMAIL, password: TEST_PASSWORD },
    }, null);
    await this.token();
    this.#isSetUp = true;
  }

  /** Answers with what a `GET` gives; throws if that is no success. */
  async get<T>(path: string): Promise<T> {
    const answer = await this.send<T>({ method: "GET", path });
    if (answer.status === 200) return answer.value;
    throw new Error(
      `GET ${path} answered ${answer.status}: ${JSON.stringify(answer.value)}`,
    );
  }

  /** All items of a list, page by page, oldest page last as the server gives them. */
  async list<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `&cursor=${cursor}`;
      // deno-lint-ignore no-await-in-loop -- pages follow each other
      const page: { items: T[]; nextCursor: string | null } = await this.get(
        `${path}?limit=200${query}`,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  /** Sends a command and answers with what it gives; throws if that is no success. */
  async command<T>(
    method: "POST" | "PUT",
    path: string,
    body: unknown,
  ): Promise<T> {
    const headers = { "idempotency-key": crypto.randomUUID() };
    const { status, value } = await this.send<T>({
      method,
      path,
      body,
      headers,
    });
    if (status < 300) return value;
    throw new Error(
      `${method} ${path} answered ${status}: ${JSON.stringify(value)}`,
    );
  }

  /** Sends a request until it is answered by something other than "not now". */
  async send<T>(request: ChaosRequest): Promise<ChaosAnswer<T>> {
    return await this.#send(request, this.#isSetUp ? await this.token() : null);
  }

  async #send<T>(
    request: ChaosRequest,
    token: string | null,
  ): Promise<ChaosAnswer<T>> {
    const givenUpAt = performance.now() + REQUEST_DEADLINE_MS;
    for (let unanswered = 0;; unanswered++) {
      const startedAt = performance.now();
      // deno-lint-ignore no-await-in-loop -- one try after the other
      const answer = await this.#try<T>(request, token);
      const tookMs = performance.now() - startedAt;
      if (answer === null && tookMs > SLOW_MS) {
        this.#onSlow(
          `${request.method} ${request.path} had no answer after ${
            Math.round(tookMs)
          } ms: ${this.#lastTry}`,
        );
      }
      if (answer !== null) return { ...answer, unanswered };
      if (performance.now() > givenUpAt) {
        throw new Error(
          `${request.method} ${request.path} found no answer within ${
            REQUEST_DEADLINE_MS / 1_000
          } s; the last try: ${this.#lastTry}`,
        );
      }
      // deno-lint-ignore no-await-in-loop -- as above
      await pause(RECONNECT_MS);
    }
  }

  async #try<T>(
    request: ChaosRequest,
    token: string | null,
  ): Promise<Omit<ChaosAnswer<T>, "unanswered"> | null> {
    try {
      const response = await fetch(`${this.#url}${request.path}`, {
        method: request.method,
        signal: AbortSignal.timeout(TRY_DEADLINE_MS),
        headers: {
          "content-type": "application/json",
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...request.headers,
        },
        ...(request.body === undefined
          ? {}
          : { body: JSON.stringify(request.body) }),
      });
      const text = await response.text();
      this.#lastTry = `${response.status} ${text.slice(0, 300)}`;
      // Draining, too busy, or still at the first try of the same request: not now.
      if (response.status === 429 || response.status === 503) return null;
      if (text.includes("#idempotency-in-flight")) return null;
      return {
        status: response.status,
        value: (text === "" ? null : JSON.parse(text)) as T,
        etag: response.headers.get("etag"),
      };
    } catch (error) {
      this.#lastTry = String(error);
      // No server, or one that died before the end of its answer.
      if (error instanceof TypeError || isConnectionLost(error)) return null;
      throw error;
    }
  }
}

function isConnectionLost(error: unknown): boolean {
  return error instanceof SyntaxError ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.BrokenPipe ||
    error instanceof DOMException && error.name === "TimeoutError" ||
    error instanceof Deno.errors.Http ||
    error instanceof Deno.errors.UnexpectedEof;
}

/** Real time: what is waited for is another process. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
