import { AppError } from "../core/errors.ts";
import {
  AGENT_ID_PATTERN,
  agentNotFound,
  BACKTEST_ID_PATTERN,
  backtestNotFound,
  TEAM_ID_PATTERN,
  teamNotFound,
} from "./input.ts";

/** Paths below which `:id` is the id of a backtest; elsewhere it is an agent's. */
const BACKTESTS = "/api/backtests/";

/** Below these it is a team's. */
const TEAMS = "/api/teams/";

/** A method and a path pattern such as `/api/agents/:id`. */
export interface RouteEntry {
  method: string;
  path: string;
}

/** Knows which paths exist, so that a wrong method and a wrong path get different answers. */
export interface RouteTable {
  routes: readonly RouteEntry[];
  /**
   * Answers with the path as it was declared.
   *
   * @throws {AppError} NOT_FOUND, METHOD_NOT_ALLOWED, AGENT_NOT_FOUND,
   * TEAM_NOT_FOUND or BACKTEST_NOT_FOUND.
   */
  check(method: string, path: string): string;
}

/** Makes the table of the routes that were registered. */
export function createRouteTable(all: readonly RouteEntry[]): RouteTable {
  // Middlewares are registered for every method and are no routes. A route
  // with its own middleware is listed once for each.
  const unique = new Map<string, RouteEntry>();
  for (const { method, path } of all) {
    if (method !== "ALL") unique.set(`${method} ${path}`, { method, path });
  }
  const routes = [...unique.values()];
  const matching = createMatcher(routes);
  return {
    routes,
    check(method, path) {
      const found = matching(path);
      if (found.length === 0) {
        throw new AppError(
          "NOT_FOUND",
          `There is nothing at "${
            path.slice(0, 100)
          }"; docs/api.md lists the paths`,
        );
      }
      const methods = allowedMethods(found);
      if (!methods.includes(method)) {
        throw new AppError(
          "METHOD_NOT_ALLOWED",
          `"${path}" offers ${methods.join(", ")}, not ${method.slice(0, 20)}`,
          { cause: { allow: methods.join(", ") } },
        );
      }
      const id = idIn(found[0]!.path, path);
      if (id !== null) checkId(found[0]!.path, id);
      return found[0]!.path;
    },
  };
}

function checkId(pattern: string, id: string): void {
  // Not a list that grows: the service says that there is no such stop.
  if (pattern.startsWith("/api/emergency/")) return;
  if (pattern.startsWith(BACKTESTS)) {
    if (!BACKTEST_ID_PATTERN.test(id)) throw backtestNotFound(id);
  } else if (pattern.startsWith(TEAMS)) {
    if (!TEAM_ID_PATTERN.test(id)) throw teamNotFound(id);
  } else if (!AGENT_ID_PATTERN.test(id)) throw agentNotFound(id);
}

/** Finds the routes of a path; literal segments win over `:id`. Patterns are taken apart once. */
function createMatcher(
  routes: readonly RouteEntry[],
): (path: string) => readonly RouteEntry[] {
  const literal = Map.groupBy(routes, ({ path }) => path);
  const byLength = Map.groupBy(
    routes.map((route) => ({ route, parts: route.path.split("/") })),
    ({ parts }) => parts.length,
  );
  return (path) => {
    const found = literal.get(path);
    if (found !== undefined) return found;
    const segments = path.split("/");
    return (byLength.get(segments.length) ?? []).filter(({ parts }) =>
      parts.every((part, index) =>
        part.startsWith(":") ? segments[index] !== "" : part === segments[index]
      )
    ).map(({ route }) => route);
  };
}

function allowedMethods(routes: readonly RouteEntry[]): string[] {
  const methods = routes.map((route) => route.method);
  return methods.includes("GET") ? [...methods, "HEAD"] : methods;
}

function idIn(pattern: string, path: string): string | null {
  const index = pattern.split("/").indexOf(":id");
  return index === -1 ? null : path.split("/")[index] ?? null;
}
