/**
 * The policy table at work: what decides every request and every form, and
 * puts each refusal on record.
 *
 * @module
 */
import type { Identity } from "../auth/port.ts";
import { type Caller, callerActor, cameBy } from "../contracts/audit.ts";
import {
  type Action,
  isAllowed,
  mayAct,
  permissionOf,
  proofNeeded,
  roleNeeded,
} from "../contracts/policy.ts";
import { AppError } from "../core/errors.ts";
import type { ApiOptions } from "./context.ts";
import { findStaleProof } from "./fresh_proof.ts";

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

/** Who asks for something, and how. */
export interface Asker {
  identity: Identity;
  caller: Caller;
  path: string;
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
  /** The same, with what is asked for looked up first, and the refusal on record. */
  decide(asker: Asker, ask: Ask): Promise<AppError | null>;
}

/** What somebody asks for. */
export interface Ask {
  action: Action;
  /** Finds what it is done to; asked only once somebody may do it to anything at all. */
  find?: (() => Subject | Promise<Subject>) | undefined;
  /** The proof of who asks comes with it and is checked by who carries it out. */
  provesItself?: boolean;
}

/** What a judge works with. */
export type JudgeOptions = Pick<
  ApiOptions,
  "auth" | "audit" | "now" | "logError"
>;

/** Makes the judge of the policy table. */
export function createJudge(options: JudgeOptions): Judge {
  const verdict: Judge["verdict"] = async (
    identity,
    action,
    subject = ownOf(identity),
  ) =>
    againstPerson(identity, action) ??
      againstSubject(identity, action, subject) ??
      await findStaleProof(options, {
        identity,
        needed: proofNeeded(action, subject),
      });
  return {
    verdict,
    async decide(asker, { action, find, provesItself = false }) {
      const { identity } = asker;
      let refusal = againstPerson(identity, action);
      let subject: Subject | undefined;
      if (refusal === null) {
        subject = await find?.();
        refusal = await verdict(identity, action, subject);
      }
      if (provesItself && refusal?.code === "FRESH_PROOF_NEEDED") return null;
      if (refusal === null) return null;
      await recordRefusal(options, asker, { action, subject, refusal });
      return refusal;
    },
  };
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

async function recordRefusal(
  { audit, now, logError }: JudgeOptions,
  { identity, caller, path }: Asker,
  { action, subject, refusal }: {
    action: Action;
    subject: Subject | undefined;
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
      ...cameBy(caller),
      action,
      target: subject?.id ?? path,
      outcome: "refused",
      // What hides a thing from the asker does not hide it from the auditor.
      reason: isHidden ? "it belongs to another person" : refusal.message,
      detail: {
        code: isHidden ? "NOT_OWNER" : refusal.code,
        path,
      },
    });
  } catch (error) {
    // A refusal stands although the store cannot remember it.
    logError({
      requestId: caller.requestId ?? "",
      method: "",
      path,
      error: `A refusal was not recorded: ${
        error instanceof Error ? error.message : String(error)
      }`,
    });
  }
}
