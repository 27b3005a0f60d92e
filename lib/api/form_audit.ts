/**
 * Puts on record which forms of pages were refused because they may have come
 * from another site. A flood of them is counted by the trail instead of being
 * stored one by one (lib/store/audit/refusals.ts).
 *
 * @module
 */
import type { Identity } from "../auth/port.ts";
import { callerActor } from "../contracts/audit.ts";
import { AppError } from "../core/errors.ts";
import { connectionOf } from "./connection.ts";
import type { ApiOptions } from "./context.ts";
import { originDetail } from "./origin.ts";
import { requestIdOf } from "./request_id.ts";

/** Why a form was refused: its browser names another site, or it does not carry the token of its login. */
export type FormRefusal = "access.origin" | "access.form";

const REASONS: Readonly<Record<FormRefusal, string>> = {
  "access.origin": "the form came from another site",
  "access.form": "the form did not carry the token of its login",
};

/** A form, and whose login its browser has sent along; null for nobody's. */
interface RefusedForm {
  request: Request;
  identity: Identity | null;
}

/** Makes what writes refused forms down. An entry that cannot be stored keeps nobody from the answer. */
export function createFormAudit(
  { audit, now, ids }: Pick<ApiOptions, "audit" | "ids" | "now">,
): (refusal: FormRefusal, form: RefusedForm) => Promise<void> {
  return async (refusal, { request, identity }) => {
    await audit?.({
      at: now(),
      actor: identity === null
        ? { kind: "anonymous", id: null, name: "anonymous" }
        : callerActor({
          userId: identity.user.id,
          email: identity.user.email,
          via: "panel",
        }),
      via: "panel",
      requestId: requestIdOf(request, ids),
      action: refusal,
      target: new URL(request.url).pathname,
      outcome: "refused",
      reason: REASONS[refusal],
      detail: {
        address: connectionOf(request)?.address ?? "",
        ...originDetail(request),
      },
    }).catch(() => {});
  };
}

/** A gate of forms that writes down those of other sites. */
export function auditedGate(
  gate: (request: Request, identity: Identity | null) => void,
  record: ReturnType<typeof createFormAudit>,
): (request: Request, identity: Identity | null) => Promise<void> {
  return async (request, identity) => {
    try {
      gate(request, identity);
    } catch (error) {
      const isForeign = error instanceof AppError &&
        error.code === "ORIGIN_FOREIGN";
      if (isForeign) await record("access.origin", { request, identity });
      throw error;
    }
  };
}
