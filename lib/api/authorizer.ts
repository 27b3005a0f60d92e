/**
 * The policy table at work: what decides every request and every form, and
 * puts each refusal on record.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import type { AuthService, Identity } from "../auth/port.ts";
import { type Caller, callerActor } from "../contracts/audit.ts";
import {
  type Action,
  isAllowed,
  mayAct,
  needsFreshProof,
  permissionOf,
  roleNeeded,
} from "../contracts/policy.ts";
import { AppError } from "../core/errors.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiOptions,
  callerOf,
  loginOf,
} from "./context.ts";
import { declare } from "./declarations.ts";

/** What an action is done to. */
export interface Subject {
  /** Null where it belongs to nobody: then only the right to anybody's counts. */
  ownerId: string | null;
  /** What refusals call the owner; left out or null where it is not known. */
  ownerEmail?: string | null;
  /** It trades with money, or guards what does. */
  isLive: boolean;
  /** For the audit trail; the path of the request where it is left out. */
  id?: string;
  /** What those are told who may not know that it exists. */
  hiddenAs?: AppError;
}

/** Finds what a request is about; throws where there is no such thing. */
export type OwnerOf = (c: ApiContext) => Subject | Promise<Subject>;

/** Who asks for something, and how. */
export interface Asker {
  identity: Identity;
  caller: Caller;
  path: string;
  requestId: string | null;
}

/** Decides by the policy table, for requests and for forms. */
export interface Judge {
  /**
   * What speaks against an action, or null where nothing does. Without a
   * subject it is one's own or nobody's in particular.
   *
   * @returns ROLE_MISSING, SCOPE_MISSING, NOT_OWNER, FRESH_PROOF_NEEDED, or what hides it.
   */
  verdict(
    identity: Identity,
    action: Action,
    subject?: Subject,
  ): Promise<AppError | null>;
  /** Puts a refusal on record, whatever becomes of the record. */
  record(
    asker: Asker,
    refused: { action: Action; subject?: Subject; refusal: AppError },
  ): Promise<void>;
}

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
    subject?: Subject,
  ): Promise<AppError | null>;
}

/** What a judge works with. */
export type JudgeOptions = Pick<
  ApiOptions,
  "auth" | "audit" | "now" | "logError"
>;

/** Makes the judge of the policy table. */
export function createJudge(options: JudgeOptions): Judge {
  const { auth } = options;
  return {
    verdict: async (identity, action, subject = ownOf(identity)) =>
      againstPerson(identity, action) ??
        againstSubject(identity, action, subject) ??
        (needsFreshProof(action, subject)
          ? await staleProof(auth, identity)
          : null),
    record: (asker, refused) => recordRefusal(options, asker, refused),
  };
}

/** Makes the guard of the routes. */
export function createAuthorizer(options: ApiOptions): Authorizer {
  const judge = createJudge(options);
  const check = async (
    c: ApiContext,
    action: Action,
    about: { subject?: Subject | OwnerOf; refuse: typeof judge.verdict },
  ): Promise<AppError | null> => {
    const { identity } = loginOf(c);
    let refusal = againstPerson(identity, action);
    let subject: Subject | undefined;
    if (refusal === null) {
      // Who may do it to nothing at all does not learn what there is.
      subject = typeof about.subject === "function"
        ? await about.subject(c)
        : about.subject;
      refusal = await about.refuse(identity, action, subject);
    }
    if (refusal !== null) {
      const refused = subject === undefined ? {} : { subject };
      await judge.record(askerOf(c), { action, refusal, ...refused });
    }
    return refusal;
  };
  const refuse = judge.verdict;
  const demand = async (...args: Parameters<typeof check>) => {
    const refusal = await check(...args);
    if (refusal !== null) throw refusal;
  };
  const withoutProof: typeof refuse = (identity, action, subject) =>
    Promise.resolve(
      againstSubject(identity, action, subject ?? ownOf(identity)),
    );
  return {
    verdict: judge.verdict,
    authorize: (c, action, subject) =>
      demand(c, action, { ...given(subject), refuse }),
    judge: (c, action, subject) =>
      check(c, action, { ...given(subject), refuse }),
    allow: (action, ownerOf) =>
      declare(async (c, next) => {
        await demand(c, action, { ...given(ownerOf), refuse });
        await next();
      }, { actions: [action], isOwned: ownerOf !== undefined }),
    allowProving: (action) =>
      declare(async (c, next) => {
        await demand(c, action, { refuse: withoutProof });
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
    requestId: c.env.requestId,
  };
}

function given(subject: Subject | OwnerOf | undefined) {
  return subject === undefined ? {} : { subject };
}

function ownOf({ user }: Identity): Subject {
  return { ownerId: user.id, isLive: false };
}

/** What speaks against it whatever it is done to. */
function againstPerson(
  { user, scopes }: Identity,
  action: Action,
): AppError | null {
  if (!isAllowed(user.role, action)) {
    return new AppError(
      "ROLE_MISSING",
      `"${action}" needs the role ${
        roleNeeded(action)
      }; yours is ${user.role}. Ask an admin for it`,
      { status: 403 },
    );
  }
  if (scopes === null || scopes.includes(action)) return null;
  return new AppError(
    "SCOPE_MISSING",
    `This API token was made without the scope "${action}"; make one that has it, or log in`,
    { status: 403 },
  );
}

function againstSubject(
  { user }: Identity,
  action: Action,
  subject: Subject,
): AppError | null {
  const { ownerId, ownerEmail, hiddenAs } = subject;
  if (mayAct(user, action, ownerId)) return null;
  if (hiddenAs !== undefined) return hiddenAs;
  const { any } = permissionOf(action);
  if (ownerId === null && any !== null) {
    return new AppError(
      "ROLE_MISSING",
      `"${action}" needs the role ${any} here, because this belongs to nobody; yours is ${user.role}. Ask somebody who has it`,
      { status: 403 },
    );
  }
  const owner = ownerEmail ?? "another person";
  return new AppError(
    "NOT_OWNER",
    `This belongs to ${owner}: "${action}" is for the owner${
      any === null ? " alone" : `, or for somebody with the role ${any}`
    }`,
    { status: 403 },
  );
}

async function staleProof(
  { factor }: AuthService,
  { sessionId }: Identity,
): Promise<AppError | null> {
  try {
    await factor.requireFresh(sessionId);
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

async function recordRefusal(
  { audit, now, logError }: JudgeOptions,
  { identity, caller, path, requestId }: Asker,
  { action, subject, refusal }: {
    action: Action;
    subject?: Subject;
    refusal: AppError;
  },
): Promise<void> {
  const isHidden = refusal === subject?.hiddenAs;
  try {
    await audit?.({
      at: now(),
      actor: callerActor({
        ...caller,
        isToken: identity.kind === "api_token",
      }),
      via: caller.via,
      action,
      target: subject?.id ?? path,
      outcome: "refused",
      // What hides a thing from the asker does not hide it from the auditor.
      reason: isHidden ? "it belongs to another person" : refusal.message,
      detail: {
        code: isHidden ? "NOT_OWNER" : refusal.code,
        path,
        ...(requestId === null ? {} : { requestId }),
      },
    });
  } catch (error) {
    // A refusal stands although the store cannot remember it.
    logError({
      requestId: requestId ?? "",
      method: "",
      path,
      error: `A refusal was not recorded: ${
        error instanceof Error ? error.message : String(error)
      }`,
    });
  }
}
