/**
 * Guards routes by the policy table.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import type { Action } from "../contracts/policy.ts";
import type { AppError } from "../core/errors.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiOptions,
  callerOf,
  loginOf,
} from "./context.ts";
import { declare } from "./declarations.ts";
import {
  type Ask,
  type Asker,
  createJudge,
  type Judge,
  type Subject,
} from "./judge.ts";

/** Finds what a request is about; throws where there is no such thing. */
export type OwnerOf = (c: ApiContext) => Subject | Promise<Subject>;

/** Guards routes by the policy table. */
export interface Authorizer extends Pick<Judge, "verdict"> {
  /**
   * Middleware for a route that is one action.
   *
   * @param ownerOf What it is done to; left out where it is one's own or nobody's in particular.
   */
  allow(action: Action, ownerOf?: OwnerOf): MiddlewareHandler<ApiEnv>;
  /** The same where the body of the request carries the proof of who asks. */
  allowProving(action: Action): MiddlewareHandler<ApiEnv>;
  /** Says which actions the body may name; the handler then calls `authorize` or `judge`. */
  byBody(actions: readonly Action[]): MiddlewareHandler<ApiEnv>;
  /** For an action that the body names. @throws {AppError} what {@link Judge.verdict} answers. */
  authorize(
    c: ApiContext,
    action: Action,
    subject?: Subject | OwnerOf,
  ): Promise<void>;
  /** The same as an answer, for one of several things that a request names. Refusals are on record. */
  judge(
    c: ApiContext,
    action: Action,
    subject: Subject,
  ): Promise<AppError | null>;
}

/** Makes the guard of the routes. */
export function createAuthorizer(options: ApiOptions): Authorizer {
  const { decide, verdict } = createJudge(options);
  const demand = async (c: ApiContext, ask: Ask) => {
    c.set("action", ask.action);
    const refusal = await decide(askerOf(c), ask);
    if (refusal !== null) throw refusal;
  };
  const findIn = (c: ApiContext, subject: Subject | OwnerOf | undefined) =>
    subject === undefined
      ? undefined
      : () => typeof subject === "function" ? subject(c) : subject;
  return {
    verdict,
    authorize: (c, action, subject) =>
      demand(c, { action, find: findIn(c, subject) }),
    judge: (c, action, subject) =>
      decide(askerOf(c), { action, find: () => subject }),
    allow: (action, ownerOf) =>
      declare(async (c, next) => {
        await demand(c, { action, find: findIn(c, ownerOf) });
        await next();
      }, { actions: [action], isOwned: ownerOf !== undefined }),
    allowProving: (action) =>
      declare(async (c, next) => {
        await demand(c, { action, provesItself: true });
        await next();
      }, { actions: [action], provesItself: true }),
    byBody: (actions) =>
      declare(async (_c, next) => {
        await next();
      }, { actions: [], named: actions }),
  };
}

/** Who asks, of a request behind the gate. */
function askerOf(c: ApiContext): Asker {
  return {
    identity: loginOf(c).identity,
    caller: callerOf(c),
    path: c.req.path,
  };
}
