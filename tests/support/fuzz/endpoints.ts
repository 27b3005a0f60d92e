/** Requests to endpoints, made from what they say of themselves. */
import { TEAM_TEMPLATES } from "../../../agents/mod.ts";
import type { OpenApiDocument } from "../../../lib/api/openapi/document.ts";
import type { Operation } from "../../../lib/api/openapi/operation.ts";
import type { JsonSchema } from "../../../lib/api/openapi/schemas.ts";
import { agentConfig } from "../config.ts";
import { type Components, valueFor } from "./from_schema.ts";
import { broken, mutated, oddText } from "./mutate.ts";
import type { Draw } from "./random.ts";

/** An operation of the document. */
export interface Endpoint {
  method: string;
  /** With its braces. */
  path: string;
  operation: Operation;
}

/** A request as it goes out. */
export interface FuzzRequest {
  endpoint: Endpoint;
  url: string;
  headers: Record<string, string>;
  body: string | null;
}

/** What there is now, for paths. */
export interface Known {
  agents: readonly string[];
  teams: readonly string[];
  backtests: readonly string[];
  templates: readonly string[];
}

/** Every endpoint, streams and what ends the session left out. */
export function endpointsOf(document: OpenApiDocument): Endpoint[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    }))
  ).filter(({ method, path, operation }) =>
    operation["x-without-schemas"] !== true ||
    method === "GET" && !/\/(stream|socket|export)$/.test(path)
  );
}

/** Draws a request: half of them as they should be, the others with something wrong. */
export function requestFor(
  endpoint: Endpoint,
  { draw, document, known }: {
    draw: Draw;
    document: OpenApiDocument;
    known: Known;
  },
): FuzzRequest {
  const components = document.components["schemas"] as Components;
  const isOdd = draw.chance(0.5);
  const path = endpoint.path.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) =>
      encodeURIComponent(
        isOdd && draw.chance(0.2)
          ? oddText(draw) || "x"
          : pathValue(name, { path: endpoint.path, draw, known }),
      ),
  );
  const headers: Record<string, string> = {};
  const query = new URLSearchParams();
  for (const given of endpoint.operation.parameters) {
    const parameter = resolved(document, given);
    const name = String(parameter["name"]);
    const isNeeded = parameter["required"] === true;
    const schema = parameter["schema"] as JsonSchema;
    const isSpoilt = isOdd && draw.chance(0.3);
    if (parameter["in"] === "query" && (isNeeded || draw.chance(0.4))) {
      query.append(
        name,
        isSpoilt
          ? oddText(draw)
          : String(valueFor(schema, { draw, components })),
      );
    }
    if (
      parameter["in"] === "header" && (isNeeded ? !isSpoilt : draw.chance(0.2))
    ) {
      headers[name] = headerValue(name, draw);
    }
  }
  if (isOdd && draw.chance(0.1)) query.append("unknown", "1");
  const body = bodyFor(endpoint, { draw, components, isOdd });
  if (body !== null && !(isOdd && draw.chance(0.03))) {
    headers["content-type"] = "application/json";
  }
  const search = query.size === 0 ? "" : `?${query}`;
  return { endpoint, url: `${path}${search}`, headers, body };
}

function resolved(document: OpenApiDocument, node: JsonSchema): JsonSchema {
  const ref = node["$ref"];
  return typeof ref !== "string"
    ? node
    : document.components["parameters"]![ref.split("/").at(-1)!] as JsonSchema;
}

function pathValue(
  name: string,
  { path, draw, known }: { path: string; draw: Draw; known: Known },
): string {
  if (name !== "id") return draw.pick([...known.templates, "unknown"]);
  const [ids, prefix] = path.startsWith("/api/backtests")
    ? [known.backtests, "bt"] as const
    : path.startsWith("/api/teams")
    ? [known.teams, "team"] as const
    : [known.agents, "agt"] as const;
  return ids.length === 0 || draw.chance(0.15)
    ? `${prefix}_${"0".repeat(26)}`
    : draw.pick(ids);
}

function headerValue(name: string, draw: Draw): string {
  if (name === "If-Match") return `"${1 + draw.below(3)}"`;
  return `fuzz-${draw.below(1e9)}-${draw.below(1e9)}`;
}

function bodyFor(
  { path, operation }: Endpoint,
  { draw, components, isOdd }: {
    draw: Draw;
    components: Components;
    isOdd: boolean;
  },
): string | null {
  const content = operation.requestBody?.["content"] as
    | Record<string, { schema: JsonSchema }>
    | undefined;
  if (content === undefined) return null;
  const good = draw.chance(0.6) ? goodBody(path, draw) : undefined;
  let value = good ??
    valueFor(content["application/json"]!.schema, { draw, components });
  if (isOdd) {
    const times = 1 + draw.below(3);
    for (let n = 0; n < times; n++) value = mutated(value, draw);
  }
  const text = JSON.stringify(bounded(value)) ?? "null";
  if (isOdd && draw.chance(0.1)) return broken(text, draw);
  return isOdd && draw.chance(0.01) ? `"${"x".repeat(70_000)}"` : text;
}

/** Bodies that pass every check, which drawing alone would hardly ever make. */
function goodBody(path: string, draw: Draw): unknown {
  const config = agentConfig({ name: `fuzz ${draw.below(1_000)}` });
  switch (path) {
    case "/api/agents/spawn":
    case "/api/agents/validate":
      return { config, acknowledgeWarnings: true };
    case "/api/agents/{id}/config":
      return { config };
    case "/api/backtests":
      return {
        config,
        data: { kind: "simulated", candles: 100, seed: draw.below(100) },
        monteCarloRuns: 0,
        randomEntryRuns: 0,
        lookAheadCheck: false,
      };
    case "/api/teams/spawn":
    case "/api/teams/validate":
      return {
        name: `t${draw.below(100)}`,
        template: draw.pick(TEAM_TEMPLATES).name,
        ...(path.endsWith("spawn") ? { acknowledgeWarnings: true } : {}),
      };
    default:
      return undefined;
  }
}

/** A backtest that was drawn must not keep the machine busy for minutes. */
function bounded(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const data = (value as Record<string, unknown>)["data"];
  if (typeof data !== "object" || data === null || !("candles" in data)) {
    return value;
  }
  return {
    ...value,
    data: {
      ...data,
      candles: typeof data.candles === "number"
        ? Math.min(data.candles, 200)
        : data.candles,
    },
    study: { kind: "single" },
  };
}
