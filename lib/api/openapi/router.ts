/**
 * The one way to add an endpoint: see "Adding an endpoint" in CONTRIBUTING.md.
 *
 * @module
 */
import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type * as z from "zod";
import type { Caller } from "../../contracts/audit.ts";
import type { Action } from "../../contracts/policy.ts";
import { AppError } from "../../core/errors.ts";
import type { StoredResponse } from "../../store/port.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiOptions,
  callerOf,
  markStreamSeq,
} from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { idempotencyKeyOf, runOnce } from "../idempotency.ts";
import { type JsonBody, readJson, readQuery } from "../input.ts";
import { refuseWhileHeld, runOnceOrNow } from "../without_store.ts";
import { braced } from "./path.ts";
import type {
  Answerable,
  AnswerSpec,
  FileAnswer,
  Input,
  RouteSpec,
} from "./spec.ts";
import { type Strip, stripOf } from "./strip.ts";

/** Endpoints below one path. */
export interface Router {
  /** What Hono mounts; it holds what the document is made of. */
  app: OpenAPIHono<ApiEnv>;
  /** Adds an endpoint. `run` answers with a value of the answer's schema. */
  define<Q extends z.ZodType, B extends z.ZodType, A extends AnswerSpec>(
    spec: RouteSpec<Q, B, A>,
    run: (
      input: Input<z.output<Q>, z.output<B>>,
    ) => Answerable<A> | Promise<Answerable<A>>,
  ): void;
}

/** An endpoint with its types forgotten. */
interface Endpoint {
  spec: RouteSpec;
  strip: Strip;
  run(input: Input<unknown, unknown>): unknown;
}

const NO_BODY: JsonBody = { text: "", value: undefined };

/** Makes a router. */
export function createRouter(
  options: ApiOptions,
  { allow }: Pick<Authorizer, "allow">,
): Router {
  const app = new OpenAPIHono<ApiEnv>();
  return {
    app,
    define(spec, run) {
      const endpoint = {
        spec,
        strip: isSchema(spec.answer) ? stripOf(spec.answer) : () => null,
        run,
      } as unknown as Endpoint;
      app.openAPIRegistry.registerPath(
        createRoute({
          method: spec.method,
          path: braced(spec.path),
          responses: {},
          spec,
        }),
      );
      const isOneAction = spec.action !== "open" && spec.action !== "by body";
      const guards = spec.guards ??
        (isOneAction ? [allow(spec.action as Action)] : []);
      app.on(
        [spec.method],
        [spec.path],
        ...guards,
        (c) => serve(c, { endpoint, options }),
      );
    },
  };
}

/** Whether an answer is JSON of a schema. */
export function isSchema(answer: AnswerSpec): answer is z.ZodType {
  return answer !== null && "_zod" in answer;
}

/** Whether an answer is a file. */
export function isFile(answer: AnswerSpec): answer is FileAnswer {
  return answer !== null && "media" in answer;
}

async function serve(
  c: ApiContext,
  { endpoint, options }: { endpoint: Endpoint; options: ApiOptions },
): Promise<Response> {
  const { spec } = endpoint;
  const { addsRisk, idempotency } = spec;
  if (addsRisk === true) refuseWhileHeld(options.fleet);
  const key = idempotency === undefined
    ? null
    : idempotencyKeyOf(c, { isRequired: idempotency !== "optional" });
  const version = spec.needsVersion === true ? requireVersion(c) : 0;
  const query = spec.query === undefined ? {} : readQuery(c, spec.query);
  const sent = spec.body === undefined ? NO_BODY : await readJson(c);
  const body = await parseBody(spec, { c, sent });
  const input: Input<unknown, unknown> = {
    c,
    query,
    body,
    version,
    get caller(): Caller {
      return callerOf(c);
    },
  };
  await spec.prepare?.(input);
  const isSafe = typeof addsRisk === "function" && !addsRisk(body);
  if (typeof addsRisk === "function" && !isSafe) refuseWhileHeld(options.fleet);
  if (spec.marksSeq === true) markStreamSeq(c, options.headSeq());
  const run = async () => answerOf(endpoint, await endpoint.run(input));
  if (isFile(spec.answer)) return await endpoint.run(input) as Response;
  if (key === null || idempotency === "by handler") {
    return withSetHeaders(c, await run());
  }
  const once = { ...options, key, body: sent, run };
  return await (isSafe ? runOnceOrNow(c, once) : runOnce(c, once));
}

/** An answer with what the handler has set on it, such as a cookie. Under a key there is none: kept answers are in the store. */
function withSetHeaders(c: ApiContext, stored: StoredResponse): Response {
  const { status, headers, body } = stored;
  return c.newResponse(status === 204 ? null : body, {
    status: status as 200 | 204,
    headers,
  });
}

function parseBody(
  spec: RouteSpec,
  { c, sent }: { c: ApiContext; sent: JsonBody },
): unknown {
  if (spec.body === undefined) return undefined;
  return spec.readBody === undefined
    ? spec.body.parse(sent.value)
    : spec.readBody(sent, c);
}

/** A value as it leaves: stripped of what its schema does not name. */
function answerOf({ spec, strip }: Endpoint, value: unknown) {
  const given = value as Answerable<AnswerSpec>;
  const headers: Record<string, string> = {};
  if (spec.etag !== undefined) headers["ETag"] = `"${spec.etag(given)}"`;
  if (spec.location !== undefined) headers["Location"] = spec.location(given);
  if (spec.answer === null) return { status: 204, headers, body: "" };
  headers["Content-Type"] = "application/json";
  const { otherStatus, status = 200 } = spec;
  return {
    status: otherStatus?.when(given) === true ? otherStatus.status : status,
    headers,
    body: JSON.stringify(strip(value)),
  };
}

/** The version that an If-Match names. */
function requireVersion(c: ApiContext): number {
  const header = c.req.header("if-match")?.trim() ?? "";
  if (header === "") {
    throw new AppError(
      "IF_MATCH_MISSING",
      'Send the ETag that GET /api/agents/{id} gave as If-Match, for instance If-Match: "3"',
    );
  }
  const match = /^"(\d{1,12})"$/.exec(header);
  if (match === null) {
    throw new AppError(
      "REQUEST_MALFORMED",
      `If-Match must be one ETag in double quotes such as "3", not ${
        header.slice(0, 40)
      }`,
    );
  }
  return Number(match[1]);
}
