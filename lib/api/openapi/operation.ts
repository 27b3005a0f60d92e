/**
 * One endpoint as the document tells it.
 *
 * @module
 */
import * as z from "zod";
import { permissionOf } from "../../contracts/policy.ts";
import { COMMON_HEADERS, headerRefs } from "./headers.ts";
import { parametersOf } from "./path.ts";
import { codesOfRoute, problemResponses } from "./problems.ts";
import { isFile } from "./router.ts";
import type { JsonSchema, WrittenSchemas } from "./schemas.ts";
import type { FileAnswer, RouteSpec } from "./spec.ts";

/** An endpoint with its whole path, such as `/api/agents/{id}`. */
export interface Described {
  path: string;
  spec: RouteSpec;
}

/** One operation of the document. */
export interface Operation {
  tags: readonly string[];
  summary: string;
  description?: string;
  operationId: string;
  parameters: readonly JsonSchema[];
  requestBody?: JsonSchema;
  responses: Readonly<Record<string, unknown>>;
  security: readonly unknown[];
  /** Action of the policy table; null where there is none or the body names it. */
  "x-action": string | null;
}

/** Schemas of both directions. */
export interface Written {
  requests: WrittenSchemas;
  answers: WrittenSchemas;
}

/** The operation of a described endpoint. */
export function operationOf(
  { path, spec }: Described,
  written: Written,
): Operation {
  const { action } = spec;
  return {
    tags: [spec.tag],
    summary: spec.summary,
    ...descriptionOf(spec),
    operationId: operationId(spec.method, path),
    parameters: [
      ...pathParameters(path),
      ...queryParameters(spec, written.requests),
      ...headerParameters(spec),
    ],
    ...requestBodyOf(spec, written.requests),
    responses: {
      ...successOf(spec, written),
      ...problemResponses(codesOfRoute(spec)),
    },
    security: action === "open" ? [] : [{ bearer: [] }, { session: [] }],
    "x-action": action === "open" || action === "by body" ? null : action,
  };
}

function requestBodyOf(
  { body, sent }: RouteSpec,
  requests: WrittenSchemas,
): { requestBody?: JsonSchema } {
  const { media, schema } = sent ??
    { media: ["application/json"], schema: body };
  if (schema === undefined) return {};
  const content = contentOf(media, requests.of(schema));
  return { requestBody: { required: true, content } };
}

function contentOf(
  media: readonly string[],
  schema: JsonSchema | undefined,
): Record<string, JsonSchema> {
  const one = schema === undefined ? {} : { schema };
  return Object.fromEntries(media.map((type) => [type, one]));
}

function descriptionOf({ details, action }: RouteSpec): {
  description?: string;
} {
  const sentences = [
    ...(details === undefined ? [] : [details]),
    ...(action === "open" ? ["Needs no login."] : []),
    ...(action === "by body"
      ? ["What is asked for decides on the right."]
      : []),
    ...rightOf(action),
  ];
  return sentences.length === 0 ? {} : { description: sentences.join(" ") };
}

function rightOf(action: RouteSpec["action"]): string[] {
  if (action === "open" || action === "by body") return [];
  const { own, any } = permissionOf(action);
  return own === undefined
    ? [`For the role ${any} and above.`]
    : any === null || any === own
    ? [`For the role ${own} and above.`]
    : [`For the role ${own} and above; where it is another's, ${any}.`];
}

function successOf(
  spec: RouteSpec,
  written: Written,
): Record<string, unknown> {
  const { answer } = spec;
  const headers = headerRefs([
    ...COMMON_HEADERS,
    ...(spec.marksSeq === true ? ["X-Stream-Seq"] : []),
    ...(spec.etag === undefined ? [] : ["ETag"]),
    ...(spec.location === undefined ? [] : ["Location"]),
    ...(spec.setsCookie === true ? ["Set-Cookie", "X-Form-Token"] : []),
    ...(spec.idempotency === undefined || spec.idempotency === "by handler"
      ? []
      : ["Idempotency-Replayed"]),
    ...(isFile(answer) && answer.isDownload === true
      ? ["Content-Disposition"]
      : []),
  ]);
  if (answer === null) {
    return { "204": { description: "Done", headers } };
  }
  const response = {
    description: spec.summary,
    headers,
    ...(isFile(answer) ? fileOf(answer, written) : {
      content: contentOf(
        ["application/json"],
        written.answers.of(answer as z.ZodType),
      ),
    }),
  };
  const { otherStatus } = spec;
  return {
    [String(spec.status ?? 200)]: response,
    ...(otherStatus === undefined ? {} : {
      [String(otherStatus.status)]: response,
    }),
  };
}

/** A file by its media types, with the shape of one line or event; a socket by its messages. */
function fileOf(
  { media, unit, accepts }: FileAnswer,
  { answers, requests }: Written,
): Record<string, unknown> {
  const schema = unit === undefined ? undefined : answers.of(unit);
  if (media.length > 0) return { content: contentOf(media, schema) };
  return {
    "x-messages": {
      server: schema,
      ...(accepts === undefined ? {} : { client: requests.of(accepts) }),
    },
  };
}

function pathParameters(path: string): JsonSchema[] {
  return parametersOf(path).map((name) => ({
    name,
    in: "path",
    required: true,
    schema: name === "id"
      ? { type: "string", pattern: idPattern(path) }
      : Object.hasOwn(ID_PREFIXES, name)
      ? { type: "string", pattern: `^${ID_PREFIXES[name]}_[0-9A-Z]{26}$` }
      : { type: "string", minLength: 1 },
  }));
}

/** How ids begin, by the name of their parameter. */
const ID_PREFIXES: Readonly<Record<string, string>> = {
  invite: "inv",
  key: "key",
  passkey: "psk",
  user: "usr",
};

function idPattern(path: string): string {
  const kind = path.split("/")[2] ?? "";
  if (kind === "emergency") return "^stop_[0-9A-Za-z]{8,64}$";
  const prefix = { backtests: "bt", teams: "team", agents: "agt" }[kind];
  return prefix === undefined ? "^.+$" : `^${prefix}_[0-9A-Z]{26}$`;
}

function queryParameters(
  { query }: RouteSpec,
  requests: WrittenSchemas,
): JsonSchema[] {
  return Object.entries(fieldsOf(query)).map(([name, field]) => {
    const { description, ...schema } = requests.of(field);
    return {
      name,
      in: "query",
      required: !z.safeParse(field, undefined).success,
      ...(description === undefined ? {} : { description }),
      schema,
    };
  });
}

/** Schemas of the parameters of a query. */
export function fieldsOf(
  query: z.ZodType | undefined,
): Record<string, z.ZodType> {
  return query instanceof z.ZodObject
    ? query.shape as Record<string, z.ZodType>
    : {};
}

function headerParameters(spec: RouteSpec): JsonSchema[] {
  const names = [
    ...(spec.idempotency === "required" || spec.idempotency === "by handler"
      ? ["IdempotencyKey"]
      : []),
    ...(spec.idempotency === "optional" ? ["OptionalIdempotencyKey"] : []),
    ...(spec.headers ?? []),
    ...(spec.needsVersion === true ? ["IfMatch"] : []),
    "RequestId",
  ];
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

/** `getAgentsIdConfig` for `GET /api/agents/{id}/config`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) =>
    word !== "" && word !== "api"
  );
  return method +
    words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
}
