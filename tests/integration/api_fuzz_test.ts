import assert from "node:assert/strict";
import { describeApi } from "../../lib/api/api.ts";
import type { OpenApiDocument } from "../../lib/api/openapi/document.ts";
import type { RouteSpec } from "../../lib/api/openapi/spec.ts";
import { createWorld } from "../lib/api/world.ts";
import { setUp } from "../support/api.ts";
import {
  look,
  prepareAccount,
  releaseIfWide,
} from "../support/fuzz/account.ts";
import { checkAnswer, send } from "../support/fuzz/answers.ts";
import { endpointsOf, requestFor } from "../support/fuzz/endpoints.ts";
import { createDraw } from "../support/fuzz/random.ts";
import { serveInProcess } from "../support/in_process.ts";
import { withTempDir } from "../support/temp.ts";
import { runs } from "../support/thorough.ts";

const CASES = runs({ gate: 1_500, whole: 5_000 });
const PARALLEL = 8;
/** What there is changes with every spawn and deletion. */
const LOOK_EVERY = 250;

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
        TRUSTED_PROXIES: "127.0.0.1",
      },
    });
    try {
      // Passkeys are for names, not for numbers.
      const url = server.url.replace("127.0.0.1", "localhost");
      const api = await setUp({ url }, dataDir);
      const document = await api.get<OpenApiDocument>("/api/openapi.json");
      const endpoints = endpointsOf(document);
      assert.ok(endpoints.length > 40, `only ${endpoints.length} endpoints`);
      const secrets = await prepareAccount(api, url);
      let known = await look(api, secrets);
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
        // Wrong passwords slow down their address: here each one has its own.
        if (!request.url.startsWith("/api/auth/refresh")) {
          request.headers["x-forwarded-for"] = `10.${n >> 16 & 255}.${
            n >> 8 & 255
          }.${n & 255}`;
        }
        const token = draw.chance(0.03)
          ? draw.pick([null, "x", right.slice(1)])
          : secrets.cast.tokenFor(request, { draw, own: right });
        const { response, text } = await send(url, request, token);
        secrets.cast.note(request, { response, text });
        const { method, path } = request.endpoint;
        const spec = specs.get(`${method} ${path}`);
        try {
          checkAnswer(request, { response, text }, spec);
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
        await releaseIfWide(api, request, { status: response.status, text });
        seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
      };
      for (let from = 0; from < CASES; from += PARALLEL) {
        if (from % LOOK_EVERY < PARALLEL) {
          // deno-lint-ignore no-await-in-loop -- what there is, is looked at in between
          known = await look(api, secrets);
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
