import assert from "node:assert/strict";
import { describeApi } from "../../lib/api/api.ts";
import type { OpenApiDocument } from "../../lib/api/openapi/document.ts";
import { isSchema } from "../../lib/api/openapi/router.ts";
import type { RouteSpec } from "../../lib/api/openapi/spec.ts";
import { stripOf } from "../../lib/api/openapi/strip.ts";
import { type ProblemCode, PROBLEMS } from "../../lib/contracts/problem.ts";
import { createWorld } from "../lib/api/world.ts";
import { setUp, type TestApi } from "../support/api.ts";
import {
  endpointsOf,
  type FuzzRequest,
  type Known,
  requestFor,
} from "../support/fuzz/endpoints.ts";
import { createDraw } from "../support/fuzz/random.ts";
import { serveInProcess } from "../support/in_process.ts";
import { withTempDir } from "../support/temp.ts";

const CASES = 5_000;
const PARALLEL = 8;
/** What there is changes with every spawn and deletion. */
const LOOK_EVERY = 250;

/** Whatever the endpoint, its path or its method may be wrong. */
const ANYWHERE: readonly ProblemCode[] = [
  "AGENT_NOT_FOUND",
  "BACKTEST_NOT_FOUND",
  "TEAM_NOT_FOUND",
  "NOT_FOUND",
  "METHOD_NOT_ALLOWED",
];

/** Every endpoint's own description, by method and path. */
function specsOf(): ReadonlyMap<string, RouteSpec> {
  const { described } = describeApi(createWorld().options);
  return new Map(
    described.map(({ path, spec }) => [
      `${spec.method.toUpperCase()} ${path}`,
      spec,
    ]),
  );
}

/** Says what is wrong with an answer, or nothing. */
function checkAnswer(
  request: FuzzRequest,
  { response, text, spec }: {
    response: Response;
    text: string;
    spec: RouteSpec | undefined;
  },
): void {
  const { status } = response;
  const type = response.headers.get("content-type") ?? "";
  const isReady = request.endpoint.path === "/api/health/ready";
  assert.ok(status < 500 || isReady && status === 503, "a fault of the server");
  assert.match(response.headers.get("x-request-id") ?? "", /^\S+$/);
  if (status >= 400 && !isReady) {
    assert.equal(type, "application/problem+json");
    const problem = JSON.parse(text);
    const code: ProblemCode = problem.code;
    assert.ok(Object.hasOwn(PROBLEMS, code), `unknown code ${code}`);
    assert.equal(problem.status, status);
    if (spec === undefined) return;
    const refs = Object.values(request.endpoint.operation.responses).map((
      answer,
    ) => String((answer as { $ref?: string }).$ref));
    const told = refs.flatMap((ref) => ref.split(".").slice(1));
    assert.ok(
      told.includes(code) || ANYWHERE.includes(code),
      `${code} is not in the document`,
    );
    return;
  }
  if (spec === undefined) return;
  assert.ok(
    String(status) in request.endpoint.operation.responses,
    `status ${status} is not in the document`,
  );
  if (!isSchema(spec.answer)) return;
  const value = JSON.parse(text);
  const parsed = spec.answer.safeParse(value);
  assert.ok(parsed.success, parsed.error?.message);
  assert.deepEqual(stripOf(spec.answer)(value), value, "more than it names");
}

async function look(api: TestApi): Promise<Known> {
  const ids = async (path: string, key: "id" | "name") =>
    (await api.get<{ items: Record<string, string>[] }>(path)).items
      .map((item) => item[key]!);
  return {
    agents: await ids("/api/agents?fields=id", "id"),
    teams: await ids("/api/teams", "id"),
    backtests: await ids("/api/backtests", "id"),
    templates: await ids("/api/templates", "name"),
  };
}

async function send(
  url: string,
  request: FuzzRequest,
  token: string | null,
): Promise<{ response: Response; text: string }> {
  const headers = new Headers(request.headers);
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  const response = await fetch(`${url}${request.url}`, {
    method: request.endpoint.method,
    headers,
    ...(request.body === null ? {} : { body: request.body }),
  });
  return { response, text: await response.text() };
}

Deno.test(`every documented endpoint keeps its word in ${CASES} requests, right and wrong`, async () => {
  const seed = Number(Deno.env.get("FUZZ_SEED") ?? "") ||
    crypto.getRandomValues(new Uint32Array(1))[0]!;
  const specs = specsOf();
  await withTempDir(async (dataDir) => {
    const server = await serveInProcess({
      dataDir,
      env: {
        API_USER_RATE: "1000000",
        API_USER_BURST: "1000000",
        API_ADDRESS_RATE: "1000000",
        API_ADDRESS_BURST: "1000000",
        MAX_AGENTS_PER_USER: "4",
      },
    });
    try {
      const api = await setUp(server, dataDir);
      const document = await api.get<OpenApiDocument>("/api/openapi.json");
      const endpoints = endpointsOf(document);
      assert.ok(endpoints.length > 40, `only ${endpoints.length} endpoints`);
      let known = await look(api);
      const seen = new Map<number, number>();
      const faults = new Map<string, string>();
      const runCase = async (n: number) => {
        const right = await api.token();
        const draw = createDraw(seed + n);
        const request = requestFor(endpoints[n % endpoints.length]!, {
          draw,
          document,
          known,
        });
        const token = draw.chance(0.03)
          ? draw.pick([null, "x", right.slice(1)])
          : right;
        const { response, text } = await send(server.url, request, token);
        const { method, path } = request.endpoint;
        const spec = specs.get(`${method} ${path}`);
        try {
          checkAnswer(request, { response, text, spec });
        } catch (error) {
          const what = error instanceof Error ? error.message : String(error);
          // One of each kind is enough to mend it.
          faults.set(
            `${method} ${path}: ${what.slice(0, 200)}`,
            `case ${n}: ${request.url} ${JSON.stringify(request.headers)}\n${
              request.body?.slice(0, 1_000) ?? ""
            }\n→ ${response.status} ${text.slice(0, 1_000)}`,
          );
        }
        seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
      };
      for (let from = 0; from < CASES; from += PARALLEL) {
        if (from % LOOK_EVERY < PARALLEL) {
          // deno-lint-ignore no-await-in-loop -- what there is, is looked at in between
          known = await look(api);
        }
        // deno-lint-ignore no-await-in-loop -- a few at a time
        await Promise.all(
          Array.from({ length: PARALLEL }, (_, n) => runCase(from + n)),
        );
      }
      assert.equal(
        faults.size,
        0,
        `FUZZ_SEED=${seed}\n${
          [...faults].map(([what, how]) => `${what}\n${how}`).join("\n\n")
        }`,
      );
      // Both kinds came: what is right is taken, what is wrong is refused.
      for (const status of [200, 201, 202, 204, 400, 401, 404, 409, 422]) {
        assert.ok(seen.has(status), `seed ${seed} made no ${status}`);
      }
    } finally {
      await server.stop();
    }
  });
});
