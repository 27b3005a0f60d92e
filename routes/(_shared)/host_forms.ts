import type { Context } from "fresh";
import { assertConfirmed } from "../../lib/contracts/host.ts";
import type { PageState } from "../../lib/api/page_state.ts";
import type { User } from "../../lib/contracts/auth.ts";
import type { HostFormProps } from "../../lib/ui/settings/HostForm.tsx";
import {
  clientOf,
  type Fields,
  type FormRefusal,
  mayPage,
  readForm,
  toRefusal,
} from "./guard.ts";
import { renewLogin } from "./renewed_login.ts";

/** A form of a host that was refused. */
export interface RefusedHostForm
  extends Pick<HostFormProps, "action" | "id">, FormRefusal {}

/** Drains or forgets a host as a form says; null where it was done. */
export async function runHostForm(
  ctx: Context<PageState>,
  user: User,
): Promise<RefusedHostForm | null> {
  const field = await readForm(ctx.req);
  const action = field("action") === "forget" ? "forget" : "drain";
  const id = field("host");
  const refused = (refusal: FormRefusal) =>
    ({ action, id, ...refusal }) as const;
  if (ctx.state.isFormStale) {
    const text =
      "Your login has changed since this page was loaded; nothing was done yet, so press the button once more";
    return refused({ errors: { "": text }, status: 403 });
  }
  await mayPage(ctx, "hosts.manage", { provesItself: true });
  try {
    await run(ctx, { action, id, field, user });
    return null;
  } catch (error) {
    return refused(toRefusal(error, fieldOf));
  }
}

async function run(
  ctx: Context<PageState>,
  { action, id, field, user }: {
    action: HostFormProps["action"];
    id: string;
    field: Fields;
    user: User;
  },
): Promise<void> {
  const { services: { auth, fleet }, identity } = ctx.state;
  if (action === "forget") assertConfirmed(id, field("confirm").trim());
  const proof = { password: field("password"), code: field("code") };
  const { address } = clientOf(ctx);
  const client = { address, via: "panel" };
  if (await auth.proveFresh(identity!, proof, client)) await renewLogin(ctx);
  const caller = { userId: user.id, email: user.email, via: "panel" } as const;
  await (action === "forget"
    ? fleet.forgetHost(id, caller)
    : fleet.drainHost(id, caller));
}

function fieldOf(code: string): string {
  if (code === "FACTOR_INVALID") return "code";
  return code === "PROOF_INVALID" ? "password" : "";
}
