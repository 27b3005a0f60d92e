import { type Context, HttpError, page } from "fresh";
import { Head } from "fresh/runtime";
import type { PageState } from "../lib/api/page_state.ts";
import {
  type AgentView,
  controlRequestSchema,
  reducesRisk,
} from "../lib/contracts/agent.ts";
import { controlAction } from "../lib/contracts/policy.ts";
import { AppError } from "../lib/core/errors.ts";
import { whyNot } from "../lib/ui/fleet/actions.ts";
import {
  ControlQuestion,
  isPageAction,
  type PageAction,
} from "../lib/ui/fleet/ControlQuestion.tsx";
import { toPanelUser } from "../lib/ui/roles.ts";
import { define } from "./(_shared)/define.ts";
import {
  mayPage,
  orErrorPage,
  readForm,
  requireUser,
} from "./(_shared)/guard.ts";

interface ControlData {
  agent: AgentView;
  action: PageAction;
  reason: string;
  /** Why it cannot be done now, or was not done. */
  refusal: string | null;
}

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { searchParams } = ctx.url;
    const { agent, action } = await asked(
      ctx,
      (name) => searchParams.get(name) ?? "",
    );
    const refusal = whyNot(agent, action, toPanelUser(login.user));
    return page<ControlData>({ agent, action, reason: "", refusal });
  },
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const field = await readForm(ctx.req);
    const { agent, action } = await asked(ctx, field);
    await mayPage(ctx, controlAction(action), { agentId: agent.id });
    const { id, email } = login.user;
    const { fleet } = ctx.state.services;
    try {
      const held = reducesRisk(action) ? null : fleet.heldReason();
      if (held !== null) throw new AppError("STORE_UNAVAILABLE", held);
      const request = controlRequestSchema.parse({
        action,
        reason: field("reason").slice(0, 200),
        positions: field("positions") === "keep" ? "keep" : "close",
      });
      await fleet.control(agent.id, request, {
        userId: id,
        email,
        via: "panel",
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const reason = field("reason");
      return page<ControlData>(
        { agent, action, reason, refusal: error.message },
        { status: error.status },
      );
    }
    return ctx.redirect("/", 303);
  },
});

/** The agent and the command that a request names. */
async function asked(
  ctx: Context<PageState>,
  field: (name: string) => string,
): Promise<{ agent: AgentView; action: PageAction }> {
  const action = field("action");
  if (!isPageAction(action)) {
    throw new HttpError(400, "Choose what to do: start, pause, resume or stop");
  }
  const agent = await orErrorPage(() =>
    ctx.state.services.fleet.get(field("agent"))
  );
  return { agent, action };
}

/** Asks before a command to one agent. Plain forms: this is what the buttons of the fleet lead to without script. */
export default define.page<typeof handler>(function AgentControl({ data }) {
  return (
    <>
      <Head>
        <title>{`Command ${data.agent.name}`} · SMC Fleet</title>
      </Head>
      <ControlQuestion {...data} />
    </>
  );
});
