import { type Context, HttpError, page } from "fresh";
import { Head } from "fresh/runtime";
import type { PageState } from "../../../lib/api/page_state.ts";
import {
  CONTROL_ACTIONS,
  type ControlAction,
  controlRequestSchema,
  reducesRisk,
} from "../../../lib/contracts/agent.ts";
import { controlAction } from "../../../lib/contracts/policy.ts";
import { AppError } from "../../../lib/core/errors.ts";
import {
  backTo,
  CommandForm,
  type CommandFormProps,
} from "../../../lib/ui/agent/CommandForm.tsx";
import { ACTION_WORDS, whyNot } from "../../../lib/ui/fleet/actions.ts";
import { toPanelUser } from "../../../lib/ui/roles.ts";
import { define } from "../../(_shared)/define.ts";
import {
  callerOf,
  type Fields,
  orErrorPage,
  readForm,
  requireUser,
  toRefusal,
} from "../../(_shared)/guard.ts";

/** A command to one agent as a page that asks and a form that does: it works without script. */
export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { searchParams } = ctx.url;
    const asked = (name: string) => searchParams.get(name) ?? "";
    return page(await dataOf(ctx, asked, null));
  },
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const field = await readForm(ctx.req);
    const id = ctx.params["id"] ?? "";
    const action = actionIn(field);
    const { fleet } = ctx.state.services;
    try {
      await mayCommand(ctx, action, id);
      if (!reducesRisk(action)) refuseHeld(fleet.heldReason());
      const request = controlRequestSchema.parse({
        action,
        reason: field("reason").slice(0, 200),
        positions: field("positions") === "keep" ? "keep" : "close",
      });
      await fleet.control(id, request, callerOf(ctx, login.user));
      return ctx.redirect(backTo(id, fromIn(field)), 303);
    } catch (error) {
      const { errors, status } = toRefusal(error, () => "");
      const [text = "The command was refused"] = Object.values(errors);
      return page(await dataOf(ctx, field, text), { status });
    }
  },
});

/** The policy's word; what it hides stays hidden. */
async function mayCommand(
  ctx: Context<PageState>,
  action: ControlAction,
  agentId: string,
): Promise<void> {
  const { services, identity } = ctx.state;
  if (identity === null) throw new HttpError(403, "Log in first");
  await services.authorize({
    identity,
    action: controlAction(action),
    path: ctx.url.pathname,
    requestId: services.requestIdOf(ctx.req),
    agentId,
  });
}

function refuseHeld(held: string | null): void {
  if (held !== null) {
    throw new AppError("STORE_UNAVAILABLE", held, { status: 503 });
  }
}

async function dataOf(
  ctx: Context<PageState>,
  field: Fields,
  error: string | null,
): Promise<CommandFormProps> {
  const { services: { fleet }, user } = ctx.state;
  const action = actionIn(field);
  const agent = await orErrorPage(() => fleet.get(ctx.params["id"] ?? ""));
  return {
    agent,
    action,
    reason: field("reason"),
    positions: field("positions") === "keep" ? "keep" : "close",
    from: fromIn(field),
    refusal: user === null
      ? "Log in first"
      : whyNot(agent, action, toPanelUser(user)),
    error,
  };
}

function fromIn(field: Fields): CommandFormProps["from"] {
  return field("from") === "fleet" ? "fleet" : "agent";
}

function actionIn(field: Fields): ControlAction {
  const given = field("action");
  const action = CONTROL_ACTIONS.find((known) => known === given);
  if (action === undefined) {
    throw new HttpError(
      400,
      `Choose a command: ${CONTROL_ACTIONS.join(", ")}`,
    );
  }
  return action;
}

/** Asks before one command. */
export default define.page<typeof handler>(function CommandPage({ data }) {
  return (
    <>
      <Head>
        <title>
          {ACTION_WORDS[data.action].label} {data.agent.name} · SMC Fleet
        </title>
      </Head>
      <CommandForm {...data} />
    </>
  );
});
