/** People of every role in a data folder, before a platform starts on it. */
import type { Services } from "../../lib/api/page_state.ts";
import { createPasswordHasher } from "../../lib/auth/password_hasher.ts";
import { SYSTEM_ACTOR } from "../../lib/contracts/audit.ts";
import type { Role } from "../../lib/contracts/policy.ts";
import type { Problem } from "../../lib/contracts/problem.ts";
import { openStore } from "../../lib/store/open_store.ts";
import { systemTime } from "../lib/store/support.ts";
import type { StreamedEvent } from "./api.ts";
import { TEST_PASSWORD } from "./server.ts";
import { userOf } from "./users.ts";

const BASE = "http://localhost:3001";

/** E-mail address of a person in tests. */
export function emailOf(name: string): string {
  return `${name}@example.com`;
}

/** Stores people by name; all of them have the test password. */
export async function storePeople(
  dataDir: string,
  people: Readonly<Record<string, Role>>,
): Promise<void> {
  await Deno.mkdir(dataDir, { recursive: true, mode: 0o700 });
  const workerUrl = new URL(
    "../../lib/auth/password_worker.ts",
    import.meta.url,
  );
  const hasher = createPasswordHasher({ time: systemTime, workerUrl });
  const passwordHash = await hasher.hash(TEST_PASSWORD);
  hasher.close();
  const store = await openStore({
    path: `${dataDir}/store.sqlite`,
    time: systemTime,
  });
  for (const [name, role] of Object.entries(people)) {
    const user = userOf({ id: `usr_${name}`, email: emailOf(name), role });
    // deno-lint-ignore no-await-in-loop -- they share an index
    await store.users.create(user, {
      passwordHash,
      onlyFirst: false,
      audit: {
        at: 0,
        actor: SYSTEM_ACTOR,
        via: "system",
        action: "users.manage",
        target: user.id,
        outcome: "ok",
        reason: "",
        detail: {},
      },
    });
  }
  await store.close();
}

/** What somebody's request came to. */
export interface Answer {
  status: number;
  /** Code of the problem; "" for a success. */
  code: string;
  // deno-lint-ignore no-explicit-any -- tests look into answers of every route
  body: any;
  headers: Headers;
}

/** Somebody who is logged in, with a browser's cookie. */
export interface Person {
  (
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Readonly<Record<string, string>> },
  ): Promise<Answer>;
  /** Everything that is streamed until something comes. */
  follow(
    path: string,
    isLast: (event: StreamedEvent) => boolean,
  ): Promise<readonly StreamedEvent[]>;
}

/** Logs somebody in at a platform of this process. */
export async function logInAs(
  { api }: Pick<Services, "api">,
  name: string,
): Promise<Person> {
  let cookie = "";
  const info = { remoteAddress: "127.0.0.1" };
  const follow: Person["follow"] = async (path, isLast) => {
    const abort = new AbortController();
    const { body } = await api(
      new Request(`${BASE}${path}`, {
        headers: { cookie },
        signal: abort.signal,
      }),
      info,
    );
    const events: StreamedEvent[] = [];
    let rest = "";
    for await (const text of body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        if (line.startsWith("data:")) events.push(JSON.parse(line.slice(5)));
      }
      if (events.some(isLast)) break;
    }
    abort.abort();
    return events;
  };
  const ask = async (
    ...[method, path, { body, headers } = {}]: Parameters<Person>
  ): Promise<Answer> => {
    const response = await api(
      new Request(`${BASE}${path}`, {
        method,
        headers: {
          origin: BASE,
          cookie,
          "content-type": "application/json",
          "idempotency-key": crypto.randomUUID(),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
      info,
    );
    // A proof gives the login another one, as a browser would take it.
    cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    const read = isJson && text !== "" ? JSON.parse(text) : text;
    return {
      status: response.status,
      code: response.ok ? "" : (read as Problem).code,
      body: read,
      headers: response.headers,
    };
  };
  const { status, body } = await ask("POST", "/api/auth/login", {
    body: { email: emailOf(name), password: TEST_PASSWORD },
  });
  if (status !== 200) throw new Error(`${name}: ${JSON.stringify(body)}`);
  return Object.assign(ask, { follow });
}
