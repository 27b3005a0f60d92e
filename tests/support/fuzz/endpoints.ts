/** Requests to endpoints, made from what they say of themselves. */
import type { OpenApiDocument } from "../../../lib/api/openapi/document.ts";
import type { Operation } from "../../../lib/api/openapi/operation.ts";
import type { JsonSchema } from "../../../lib/api/openapi/schemas.ts";
import { type Components, valueFor } from "./from_schema.ts";
import { bounded, goodBody } from "./bodies.ts";
import type { Cast } from "./cast.ts";
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
  /** Without the one that asks. */
  sessions: readonly string[];
  tokens: readonly string[];
  stops: readonly string[];
  refreshTokens: readonly string[];
  recoveryCodes: readonly string[];
  /** Ids of people; of the one that asks, too, whom everything is refused that changes an account. */
  users: readonly string[];
  invites: readonly string[];
  exchangeKeys: readonly string[];
  /** Of the second account. */
  passkeys: readonly string[];
  cast: Cast;
}

/** Every endpoint. */
export function endpointsOf(document: OpenApiDocument): Endpoint[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    }))
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
    // Whose the others are that end: one's own would be gone at once.
    const isKept = endpoint.path === "/api/sessions/revoke-others" &&
      name === "user" && draw.chance(0.95);
    if (isKept) query.append(name, "usr_somebody");
    else if (name === "owner" && !isSpoilt) {
      query.append(name, draw.pick([...known.users, "all"]));
    } else if (parameter["in"] === "query" && (isNeeded || draw.chance(0.4))) {
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
      const value = headerValue(name, draw);
      if (value !== null) headers[name] = value;
    }
  }
  if (isOdd && draw.chance(0.1)) query.append("unknown", "1");
  const body = bodyFor(endpoint, { draw, components, isOdd, known });
  if (body !== null && !(isOdd && draw.chance(0.03))) {
    headers["content-type"] = draw.pick(Object.keys(contentOf(endpoint)));
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
  if (name === "session") return draw.pick([...known.sessions, "unknown"]);
  if (name === "token") return draw.pick([...known.tokens, "unknown"]);
  const listed = {
    invite: known.invites,
    key: known.exchangeKeys,
    passkey: known.passkeys,
    user: known.users,
  }[name];
  if (listed !== undefined) return draw.pick([...listed, "unknown"]);
  if (name !== "id") return draw.pick([...known.templates, "unknown"]);
  if (path.startsWith("/api/emergency")) {
    return draw.pick([...known.stops, "stop_unknown00"]);
  }
  const [ids, prefix] = path.startsWith("/api/backtests")
    ? [known.backtests, "bt"] as const
    : path.startsWith("/api/teams")
    ? [known.teams, "team"] as const
    : [known.agents, "agt"] as const;
  return ids.length === 0 || draw.chance(0.15)
    ? `${prefix}_${"0".repeat(26)}`
    : draw.pick(ids);
}

/** Null for what fetch does not send: every socket is then asked for without its upgrade. */
function headerValue(name: string, draw: Draw): string | null {
  if (name === "Upgrade") return null;
  if (name === "Last-Event-ID") return String(draw.below(100));
  if (name === "If-Match") return `"${1 + draw.below(3)}"`;
  return `fuzz-${draw.below(1e9)}-${draw.below(1e9)}`;
}

/** Bodies by media type. */
function contentOf(
  { operation }: Endpoint,
): Readonly<Record<string, { schema: JsonSchema }>> {
  return (operation.requestBody?.["content"] ?? {}) as Record<
    string,
    { schema: JsonSchema }
  >;
}

function bodyFor(
  endpoint: Endpoint,
  { draw, components, isOdd, known }: {
    draw: Draw;
    components: Components;
    isOdd: boolean;
    known: Known;
  },
): string | null {
  const [content] = Object.values(contentOf(endpoint));
  if (content === undefined) return null;
  const good = draw.chance(0.6)
    ? goodBody(endpoint, { draw, known })
    : undefined;
  let value = good ?? valueFor(content.schema, { draw, components });
  if (isOdd) {
    const times = 1 + draw.below(3);
    for (let n = 0; n < times; n++) value = mutated(value, draw);
  }
  const drawn = JSON.stringify(bounded(value)) ?? "null";
  // A second person who may release a stop would have to be asked for it.
  const text = endpoint.path.startsWith("/api/users")
    ? drawn.replaceAll(/"(risk|admin)"/g, '"trader"')
    : drawn;
  if (isOdd && draw.chance(0.1)) return broken(text, draw);
  return isOdd && draw.chance(0.01) ? `"${"x".repeat(70_000)}"` : text;
}
