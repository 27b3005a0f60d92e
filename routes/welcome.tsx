import { type Context, page } from "fresh";
import { Head } from "fresh/runtime";
import type { PageState } from "../lib/api/page_state.ts";
import { AGENT_TYPE_WORDS } from "../lib/contracts/agent_types.ts";
import type { AgentConfig } from "../lib/contracts/agent_config.ts";
import type { User } from "../lib/contracts/auth.ts";
import type { AgentTemplate } from "../lib/contracts/template.ts";
import { AppError } from "../lib/core/errors.ts";
import { actionRefusal } from "../lib/ui/roles.ts";
import {
  FirstAgent,
  type FirstChoice,
} from "../lib/ui/spawn/plain/FirstAgent.tsx";
import { FirstSteps } from "../lib/ui/spawn/plain/FirstSteps.tsx";
import { define } from "./(_shared)/define.ts";
import { callerOf, mayPage, readForm, requireUser } from "./(_shared)/guard.ts";

const CHOICES_SHOWN = 3;

interface WelcomeData {
  step: 2 | 3;
  isFactorLater: boolean;
  choices: readonly FirstChoice[];
  error: string | null;
  refusal: string | null;
}

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { auth, fleet } = ctx.state.services;
    // Who has agents is past the first start.
    if (fleet.list().length > 0) return ctx.redirect("/", 303);
    const isLater = ctx.url.searchParams.has("later");
    const { isEnrolled } = await auth.factor.view(ctx.state.identity!);
    const step = isLater || isEnrolled ? 3 : 2;
    const isFactorLater = !isEnrolled;
    return page(dataOf(ctx, { user: login.user, step, isFactorLater }));
  },
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    await mayPage(ctx, "agents.spawn");
    const { user } = login;
    const field = await readForm(ctx.req);
    const { fleet } = ctx.state.services;
    // Sent twice: the first has done it.
    if (fleet.list().length > 0) return ctx.redirect("/", 303);
    try {
      const held = fleet.heldReason();
      if (held !== null) throw new AppError("STORE_UNAVAILABLE", held);
      const name = field("template");
      const template = fleet.templates().find((one) => one.name === name);
      if (template === undefined) {
        throw new AppError("TEMPLATE_NOT_FOUND", "Choose one of these agents", {
          status: 422,
        });
      }
      const { id } = await fleet.spawn({
        template: name,
        config: paperConfig(template),
        acknowledgeWarnings: false,
      }, callerOf(ctx, user));
      return ctx.redirect(`/agents/${id}`, 303);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { isEnrolled } = await ctx.state.services.auth.factor
        .view(ctx.state.identity!);
      const data = dataOf(ctx, {
        user,
        step: 3,
        isFactorLater: !isEnrolled,
        error: error.message,
      });
      return page(data, { status: error.status });
    }
  },
});

/** The template's agent on demo data, named as the template. */
function paperConfig({ name, config }: AgentTemplate): AgentConfig {
  return { ...config, name, mode: "paper", feed: { kind: "simulated" } };
}

function dataOf(
  ctx: Context<PageState>,
  { user, step, isFactorLater, error = null }: {
    user: User;
    step: 2 | 3;
    isFactorLater: boolean;
    error?: string | null;
  },
): WelcomeData {
  const { fleet } = ctx.state.services;
  const checked = step === 2 ? [] : fleet.templates()
    .filter(({ type }) => AGENT_TYPE_WORDS[type].unavailable === null)
    .map((template) => ({
      template,
      ...fleet.validate(paperConfig(template), callerOf(ctx, user)),
    }))
    .filter(({ valid }) => valid);
  // Those that need no reading come first.
  checked.sort((one, two) => one.warnings.length - two.warnings.length);
  return {
    step,
    isFactorLater,
    choices: checked.slice(0, CHOICES_SHOWN)
      .map(({ template, warnings }) => ({ template, warnings })),
    error,
    refusal: actionRefusal(user.role, "agents.spawn"),
  };
}

/** Second and third step of the first start: plain forms and links. */
export default define.page<typeof handler>(function WelcomePage({ data }) {
  const { step } = data;
  return (
    <div class="welcome">
      <Head>
        <title>First start · SMC Fleet</title>
      </Head>
      <FirstSteps
        current={step}
        isFactorLater={step === 3 && data.isFactorLater}
      />
      <h1 class="page-title">
        {step === 2 ? "Protect your account" : "Start your first agent"}
      </h1>
      {step === 2
        ? (
          <>
            <p class="gate-note">
              A second factor keeps out who has learned your password. Without
              one no exchange key can be added and nothing trades real money;
              paper trading needs none. It can be set up later under Settings.
            </p>
            <p class="welcome-actions">
              <a
                class="btn btn-primary"
                href="/settings/second-factor?next=/welcome"
                data-testid="welcome-factor"
              >
                Set it up now
              </a>
              <a
                class="btn btn-default"
                href="/welcome?later"
                data-testid="welcome-later"
              >
                Later
              </a>
            </p>
          </>
        )
        : <FirstAgent {...data} />}
    </div>
  );
});
