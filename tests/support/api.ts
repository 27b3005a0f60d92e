/** A small client of the HTTP API for tests: JSON in, JSON out, failures with their problem. */
import type { AgentView } from "../../lib/contracts/agent.ts";
import { ProgramTokens } from "./program_tokens.ts";
import {
  readSetupToken,
  TEST_EMAIL,
  TEST_PASSWORD,
  type TestServer,
} from "./server.ts";

export interface TestApi {
  /** An access token that works now. */
  token(): Promise<string>;
  get<T>(path: string): Promise<T>;
  send<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Follows the event stream from `after` until `until` is true; answers with all events seen. */
  follow(
    options: {
      after: number;
      until: (events: readonly StreamedEvent[]) => boolean;
      /** Comma-separated; default all but market data. */
      topics?: string;
    },
  ): Promise<readonly StreamedEvent[]>;
  /** Waits, by the event stream, until an agent satisfies a condition. */
  waitForAgent(
    id: string,
    isReached: (agent: AgentView) => boolean,
  ): Promise<AgentView>;
}

// deno-lint-ignore no-explicit-any -- Tests look into events of every type.
export type StreamedEvent = any;

/** Creates the first account of a new server. */
export async function setUp(
  server: Pick<TestServer, "url">,
  dataDir: string,
): Promise<TestApi> {
  return await setUpWith(server, await readSetupToken(dataDir));
}

/** The same with a setup token that is known. */
export async function setUpWith(
  server: Pick<TestServer, "url">,
  token: string,
): Promise<TestApi> {
  await readJson(
    await postJson(`${server.url}/api/auth/setup`, {
      token,
      email: TEST_EMAIL,
      password: TEST_PASSWORD,
    }),
  );
  return await logIn(server);
}

/** Logs in to a server that was set up before, with a code of who has a second factor. */
export async function logIn(
  server: Pick<TestServer, "url">,
  code?: string,
): Promise<TestApi> {
  const tokens = new ProgramTokens(async (path, body) => {
    const response = await postJson(`${server.url}${path}`, body);
    if (response.ok) return await response.json();
    await response.body?.cancel();
    return null;
  }, code === undefined ? [] : [code]);
  // A login that fails, fails here.
  await tokens.token();
  return createApiClient(server.url, () => tokens.token());
}

async function postJson(url: string, body: unknown): Promise<Response> {
  return await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

function createApiClient(
  url: string,
  token: () => Promise<string>,
): TestApi {
  const bearer = async () => ({ authorization: `Bearer ${await token()}` });
  const get = async <T>(path: string) =>
    await readJson<T>(
      await fetch(`${url}${path}`, { headers: await bearer() }),
    );
  const follow: TestApi["follow"] = async (options) =>
    await followStream(url, { ...await bearer(), ...options });
  return {
    token,
    get,
    async send<T>(method: string, path: string, body?: unknown) {
      return await readJson<T>(
        await fetch(`${url}${path}`, {
          method,
          headers: {
            ...await bearer(),
            "content-type": "application/json",
            "idempotency-key": crypto.randomUUID(),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
    },
    follow,
    async waitForAgent(id, isReached) {
      const response = await fetch(`${url}/api/agents/${id}`, {
        headers: await bearer(),
      });
      // The place in the stream at which the answer was made: nothing after it is missed.
      const after = Number(response.headers.get("x-stream-seq"));
      const now = await readJson<AgentView>(response);
      if (isReached(now)) return now;
      const isMatch = (event: StreamedEvent) =>
        event.type === "agent.updated" && event.data.id === id &&
        isReached(event.data);
      // What never comes shows itself as what came instead.
      const untilMs = performance.now() + WAIT_MS;
      const events = await follow({
        after,
        until: (seen) => seen.some(isMatch) || performance.now() > untilMs,
      });
      const match = events.find(isMatch);
      if (match !== undefined) return match.data;
      const newest = await get<AgentView>(`/api/agents/${id}`);
      throw new Error(
        `Agent "${newest.name}" is not as expected after ${WAIT_MS} ms, it is ${
          JSON.stringify(newest)
        }`,
      );
    },
  };
}

async function readJson<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw new ApiFailure(response.status, text);
  return (text === "" ? null : JSON.parse(text)) as T;
}

/** Far more than anything in a test takes, also on a busy machine. */
const WAIT_MS = 90_000;

/** An answer that is no success. */
export class ApiFailure extends Error {
  constructor(readonly status: number, readonly body: string) {
    super(`${status}: ${body}`);
  }
}

async function followStream(
  url: string,
  options: {
    authorization: string;
    after: number;
    until: (events: readonly StreamedEvent[]) => boolean;
    topics?: string;
  },
): Promise<readonly StreamedEvent[]> {
  const topics = options.topics ??
    "agent:update,logs:all,trade:alert,system:event";
  const abort = new AbortController();
  const response = await fetch(
    `${url}/api/stream?topics=${topics}&after=${options.after}`,
    {
      headers: { authorization: options.authorization },
      signal: abort.signal,
    },
  );
  if (!response.ok) {
    throw new ApiFailure(response.status, await response.text());
  }
  const events: StreamedEvent[] = [];
  let rest = "";
  const reader = response.body!.pipeThrough(new TextDecoderStream())
    .getReader();
  try {
    while (true) {
      const { value, done } = await reader.read();
      if (done) {
        throw new Error(`The stream ended after ${events.length} events`);
      }
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop()!;
      for (const block of blocks) {
        const data = block.split("\n").filter((line) =>
          line.startsWith("data:")
        )
          .map((line) => line.slice(5)).join("\n");
        if (data !== "") events.push(JSON.parse(data));
      }
      if (options.until(events)) return events;
    }
  } finally {
    abort.abort();
    await reader.cancel().catch(() => {});
  }
}
