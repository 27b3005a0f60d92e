/**
 * Which actions of the policy table a route is: noted at the middleware that
 * checks them, so that no second list has to be kept.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { assert } from "../core/assert.ts";
import type { Action } from "../contracts/policy.ts";
import type { ApiEnv } from "./context.ts";

/** What a route says of itself. */
export interface Declaration {
  /** What it is, whatever the body says. */
  actions: readonly Action[];
  /** What the body may make of it. */
  named?: readonly Action[];
  /** It looks up whose the thing is. */
  isOwned?: boolean;
  /** The body carries the proof of who asks. */
  provesItself?: boolean;
}

/** A route with what it says of itself; null where it says nothing. */
export interface DeclaredRoute {
  method: string;
  path: string;
  declared: Declaration | null;
}

/** A route as the router lists it: once for each of its handlers. */
interface ListedHandler {
  method: string;
  path: string;
  handler: unknown;
}

const DECLARED = new WeakMap<object, Declaration>();

/** Notes what a middleware checks. */
export function declare(
  handler: MiddlewareHandler<ApiEnv>,
  declaration: Declaration,
): MiddlewareHandler<ApiEnv> {
  DECLARED.set(handler, declaration);
  return handler;
}

/** Every route with what its middlewares check, all of them together. */
export function declaredRoutes(
  listed: readonly ListedHandler[],
): readonly DeclaredRoute[] {
  const routes = new Map<string, DeclaredRoute>();
  for (const { method, path, handler } of listed) {
    // A middleware for every method is no route.
    if (method === "ALL") continue;
    const name = `${method} ${path}`;
    const known = routes.get(name)?.declared ?? null;
    const found = DECLARED.get(handler as object) ?? null;
    routes.set(name, { method, path, declared: join(known, found) });
  }
  return [...routes.values()];
}

/** Asserts that nothing is reachable that the policy table does not know. */
export function assertDeclared(
  listed: readonly ListedHandler[],
  openPaths: readonly string[],
): void {
  for (const { method, path, declared } of declaredRoutes(listed)) {
    assert(
      declared !== null || openPaths.includes(path),
      `${method} ${path} names no action of the policy table; guard it by allow() or byBody()`,
    );
  }
}

function join(
  one: Declaration | null,
  other: Declaration | null,
): Declaration | null {
  if (one === null || other === null) return one ?? other;
  return {
    ...one,
    ...other,
    actions: [...new Set([...one.actions, ...other.actions])],
  };
}
