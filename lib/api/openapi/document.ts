/**
 * The OpenAPI 3.1 document, made of what the endpoints say of themselves.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { assert } from "../../core/assert.ts";
import type { ApiEnv } from "../context.ts";
import type { RouteEntry } from "../route_table.ts";
import { ANSWER_COMPONENTS, REQUEST_COMPONENTS } from "./components.ts";
import { HEADERS, PARAMETERS } from "./headers.ts";
import {
  type Described,
  fieldsOf,
  type Operation,
  operationOf,
  type Written,
} from "./operation.ts";
import { braced } from "./path.ts";
import { PROBLEM_SCHEMA, problemComponents } from "./problems.ts";
import { isFile, isSchema } from "./router.ts";
import { writeSchemas } from "./schemas.ts";
import { type RouteSpec, type Tag, TAGS } from "./spec.ts";

/** The document. */
export interface OpenApiDocument {
  openapi: "3.1.0";
  info: { title: string; version: string; description: string };
  servers: readonly { url: string; description: string }[];
  tags: readonly { name: Tag; description: string }[];
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What was defined by a router and mounted in an app. */
export function describedRoutes(app: OpenAPIHono<ApiEnv>): Described[] {
  return app.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== "route" || !("spec" in definition.route)) return [];
    const path = `/api${definition.route.path}`.replace(/\/$/, "");
    return [{ path, spec: definition.route.spec as RouteSpec }];
  });
}

/** Asserts that nothing is reachable that the document does not tell of. */
export function assertDescribed(
  described: readonly Described[],
  routes: readonly RouteEntry[],
): void {
  const told = new Set(
    described.map(({ path, spec }) => `${spec.method.toUpperCase()} ${path}`),
  );
  for (const { method, path } of routes) {
    assert(
      told.has(`${method} ${braced(path)}`),
      `${method} ${path} does not describe itself; add it by define() of a router`,
    );
  }
}

/** Goes up with each change that breaks a client. */
export const API_VERSION = "1";

/** Writes the document of all routes. */
export function writeDocument(
  described: readonly Described[],
): OpenApiDocument {
  const written = writeAll(described);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const { path, spec } of described) {
    (paths[path] ??= {})[spec.method] = operationOf({ path, spec }, written);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "SMC Fleet",
      version: API_VERSION,
      description:
        "Everything that the panel and the command line do. Amounts and quantities are decimal texts; unknown is null, never zero.",
    },
    servers: [{ url: "/", description: "This server" }],
    tags: (Object.keys(TAGS) as Tag[]).map((name) => ({
      name,
      description: TAGS[name],
    })),
    paths: Object.fromEntries(
      Object.entries(paths).sort(([a], [b]) => a < b ? -1 : 1),
    ),
    components: {
      schemas: {
        Problem: PROBLEM_SCHEMA,
        ...written.answers.components,
        ...written.requests.components,
      },
      responses: problemComponents(described.map(({ spec }) => spec)),
      parameters: PARAMETERS,
      headers: HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

const SECURITY_SCHEMES = {
  bearer: {
    type: "http",
    scheme: "bearer",
    description:
      "Programs: an access token or a personal API token. Never in a URL",
  },
  session: {
    type: "apiKey",
    in: "cookie",
    name: "session",
    description:
      "Browsers: set by the login as an HttpOnly cookie, named __Host-session under https. Works from this server's own pages only",
  },
} as const;

function writeAll(described: readonly Described[]): Written {
  const specs = described.map(({ spec }) => spec);
  return {
    requests: writeSchemas(
      specs.flatMap(({ query, body, sent, answer }) => [
        ...[
          body,
          sent?.schema,
          isFile(answer) ? answer.accepts : undefined,
        ].filter((schema) => schema !== undefined),
        ...Object.values(fieldsOf(query)),
      ]),
      { io: "input", named: REQUEST_COMPONENTS },
    ),
    answers: writeSchemas(
      specs.flatMap(({ answer }) =>
        isSchema(answer)
          ? [answer]
          : isFile(answer) && answer.unit !== undefined
          ? [answer.unit]
          : []
      ),
      { io: "output", named: ANSWER_COMPONENTS },
    ),
  };
}
