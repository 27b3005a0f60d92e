/**
 * Problems as the document tells them.
 *
 * @module
 */
import { permissionOf } from "../../contracts/policy.ts";
import { type ProblemCode, PROBLEMS } from "../../contracts/problem.ts";
import { QUOTAS } from "../../contracts/quota.ts";
import { COMMON_HEADERS, headerRefs } from "./headers.ts";
import type { RouteSpec } from "./spec.ts";

const fieldErrors = {
  type: "array",
  items: {
    type: "object",
    properties: {
      pointer: {
        type: "string",
        description: "JSON pointer into what was sent",
      },
      code: { type: "string" },
      detail: { type: "string" },
    },
    required: ["pointer", "code", "detail"],
  },
} as const;

/** Schema of a problem (RFC 9457), with every code. */
export const PROBLEM_SCHEMA = {
  type: "object",
  description: "What went wrong, for people and for programs",
  properties: {
    type: { type: "string", description: "Where the code is explained" },
    title: { type: "string" },
    status: { type: "integer", minimum: 400, maximum: 599 },
    detail: {
      type: "string",
      description: "What, where, and how to mend it",
    },
    instance: { type: "string", description: "Id of the request" },
    code: { type: "string", enum: Object.keys(PROBLEMS) },
    errors: fieldErrors,
    warnings: {
      ...fieldErrors,
      description: "What must be acknowledged, of WARNINGS_UNREAD",
    },
    quota: {
      type: "string",
      enum: Object.keys(QUOTAS),
      description: "Which one, of QUOTA_EXCEEDED",
    },
    used: {
      type: "integer",
      description: "How much there is, of QUOTA_EXCEEDED",
    },
    limit: {
      type: "integer",
      description: "How much there may be, of QUOTA_EXCEEDED",
    },
  },
  required: ["type", "title", "status", "detail", "instance", "code"],
} as const;

/** How the policy may refuse. What the body names may be anything of it. */
function refusalsOf({ action, guards }: RouteSpec): ProblemCode[] {
  if (action === "open") return [];
  const isNamed = action === "by body";
  const { own, stepUp } = isNamed
    ? { own: "viewer", stepUp: "always" }
    : permissionOf(action);
  return [
    "ROLE_MISSING",
    "SCOPE_MISSING",
    ...(own === undefined || guards === undefined
      ? []
      : ["NOT_OWNER"] as const),
    ...(stepUp === undefined && guards === undefined
      ? []
      : ["FACTOR_STATE_CONFLICT", "FRESH_PROOF_NEEDED"] as const),
  ];
}

/** Codes that an endpoint may answer with. */
export function codesOfRoute(spec: RouteSpec): readonly ProblemCode[] {
  const changes = spec.method !== "get";
  const codes: ProblemCode[] = [
    "INTERNAL",
    "RATE_LIMITED",
    "DEADLINE_PASSED",
    ...(spec.action === "open" ? [] : ["AUTH_REQUIRED"] as const),
    ...(changes ? ["ORIGIN_FOREIGN"] as const : []),
    ...refusalsOf(spec),
    ...(changes ? ["DRAINING"] as const : []),
    ...(spec.query === undefined ? [] : ["REQUEST_INVALID"] as const),
    ...(spec.body === undefined ? [] : [
      "BODY_TOO_LARGE",
      "BODY_TOO_SLOW",
      "REQUEST_INVALID",
      "REQUEST_MALFORMED",
    ] as const),
    ...(spec.sent === undefined ? [] : [
      "BODY_TOO_LARGE",
      "BODY_TOO_SLOW",
      "REQUEST_MALFORMED",
    ] as const),
    ...idempotencyCodes(spec.idempotency),
    ...(spec.needsVersion === true
      ? ["IF_MATCH_MISSING", "REQUEST_MALFORMED"] as const
      : []),
    ...(spec.addsRisk === undefined ? [] : ["STORE_UNAVAILABLE"] as const),
    ...(spec.problems ?? []),
  ];
  return [...new Set(codes)].sort();
}

function idempotencyCodes(
  kind: RouteSpec["idempotency"],
): readonly ProblemCode[] {
  if (kind === undefined) return [];
  return [
    "IDEMPOTENCY_KEY_REUSED",
    "REQUEST_MALFORMED",
    ...(kind === "optional" ? [] : ["IDEMPOTENCY_KEY_MISSING"] as const),
    ...(kind === "by handler" ? [] : [
      "IDEMPOTENCY_IN_FLIGHT",
      "IDEMPOTENCY_OUTCOME_UNKNOWN",
    ] as const),
  ];
}

/** The responses of some codes by status, as references to {@link problemComponents}. */
export function problemResponses(
  codes: readonly ProblemCode[],
): Record<string, { $ref: string }> {
  return Object.fromEntries(
    byStatus(codes).map(([status, all]) => [
      String(status),
      { $ref: `#/components/responses/${nameOf(status, all)}` },
    ]),
  );
}

/** What endpoints refer to, as `components/responses`: each combination of codes once. */
export function problemComponents(
  specs: readonly RouteSpec[],
): Record<string, ProblemResponse> {
  return Object.fromEntries(
    specs.flatMap((spec) =>
      byStatus(codesOfRoute(spec)).map(([status, all]) => [
        nameOf(status, all),
        {
          description: all.map((code) => `${code}: ${PROBLEMS[code].title}`)
            .join(". "),
          headers: headerRefs([...COMMON_HEADERS, ...headersOf(status)]),
          content: {
            "application/problem+json": {
              schema: { $ref: "#/components/schemas/Problem" },
            },
          },
          "x-codes": all,
        },
      ])
    ),
  );
}

/** A response with problems of one status. */
export interface ProblemResponse {
  description: string;
  headers: Readonly<Record<string, unknown>>;
  content: Readonly<Record<string, unknown>>;
  "x-codes": readonly ProblemCode[];
}

function byStatus(
  codes: readonly ProblemCode[],
): [number, readonly ProblemCode[]][] {
  return [...Map.groupBy(codes, (code) => PROBLEMS[code].status as number)]
    .sort(([a], [b]) => a - b);
}

function nameOf(status: number, codes: readonly ProblemCode[]): string {
  return [status, ...codes].join(".");
}

function headersOf(status: number): readonly string[] {
  if (status === 401) return ["WWW-Authenticate"];
  return status === 429 || status === 503 ? ["Retry-After"] : [];
}
