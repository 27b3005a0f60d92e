import { type Context, page } from "fresh";
import { Head } from "fresh/runtime";
import type { PageState } from "../lib/api/page_state.ts";
import { spawnRequestSchema } from "../lib/contracts/agent.ts";
import type { User } from "../lib/contracts/auth.ts";
import type { AgentTemplate } from "../lib/contracts/template.ts";
import { AppError } from "../lib/core/errors.ts";
import { actionRefusal } from "../lib/ui/roles.ts";
import {
  firstTemplate,
  formOfConfig,
  withName,
} from "../lib/ui/spawn/session_rules.ts";
import {
  PlainSpawn,
  type PlainSpawnProps,
} from "../lib/ui/spawn/plain/PlainSpawn.tsx";
import {
  errorsByField,
  plainForm,
  postedForm,
} from "../lib/ui/spawn/plain/posted_form.ts";
import { type SpawnForm, toConfigInput } from "../lib/ui/spawn_form.ts";
import { toLoginWithForm } from "./(_shared)/carried_form.ts";
import { define } from "./(_shared)/define.ts";
import {
  callerOf,
  mayPage,
  orErrorPage,
  readSentForm,
  requireUser,
} from "./(_shared)/guard.ts";

type Errors = PlainSpawnProps["errors"];

/** The form was made for another login than the one that sends it. */
const STALE =
  "This form is older than your login, so nothing was spawned; it is filled in as it was: look at it and send it again";

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const templates = ctx.state.services.fleet.templates();
    const name = ctx.url.searchParams.get("template");
    const template = name === null
      ? firstTemplate({ templates, template: null })
      : templates.find((one) => one.name === name) ?? null;
    const isUnknown = name !== null && name !== "" && template === null;
    const errors: Errors = isUnknown
      ? { "": `There is no template "${name.slice(0, 60)}"; choose another` }
      : {};
    const form = await withTested(ctx, plainForm(template));
    return page(await dataOf(ctx, { user: login.user, form, errors }));
  },
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return toLoginWithForm(ctx);
    const sent = await readSentForm(ctx.req);
    const form = postedForm(sent, templateOf(ctx, sent("template")));
    const shown = { user: login.user, form, isSent: true };
    if (ctx.state.isFormStale) {
      const data = await dataOf(ctx, { ...shown, errors: { "": STALE } });
      return page(data, { status: 403 });
    }
    await mayPage(ctx, "agents.spawn");
    if (sent("action") === "check") return page(await dataOf(ctx, shown));
    const outcome = await spawn(ctx, { user: login.user, form });
    if ("id" in outcome) return ctx.redirect(`/agents/${outcome.id}`, 303);
    const { errors, status } = outcome;
    return page(await dataOf(ctx, { ...shown, errors }), { status });
  },
});

/** The form of a backtest's configuration, where the address names one. */
async function withTested(
  { url, state }: Context<PageState>,
  form: SpawnForm,
): Promise<SpawnForm> {
  const id = url.searchParams.get("backtest");
  if (id === null) return form;
  const run = await orErrorPage(() => state.services.backtests.get(id));
  const config = run.report?.config ?? run.request.config;
  const { values } = formOfConfig(config) ?? form;
  return { ...form, template: null, values: { ...form.values, ...values } };
}

function templateOf(
  { state }: Context<PageState>,
  name: string | null,
): AgentTemplate | null {
  const templates = state.services.fleet.templates();
  return templates.find((one) => one.name === name) ?? null;
}

/** Spawns as the API does: its schema, its rules, its refusals. Sent twice it finds the name taken. */
async function spawn(
  ctx: Context<PageState>,
  { user, form }: { user: User; form: SpawnForm },
): Promise<{ id: string } | { errors: Errors; status: number }> {
  const { fleet } = ctx.state.services;
  const held = fleet.heldReason();
  if (held !== null) return { errors: { "": held }, status: 503 };
  const parsed = spawnRequestSchema.safeParse({
    ...(form.template === null ? {} : { template: form.template }),
    config: toConfigInput(form.values),
    acknowledgeWarnings: form.acknowledged,
  });
  // What is wrong with the configuration is told by the check that every answer carries.
  if (!parsed.success) return { errors: {}, status: 422 };
  try {
    const { id } = await fleet.spawn(parsed.data, callerOf(ctx, user));
    return { id };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "WARNINGS_UNREAD") {
      const text = "Read the warnings below and tick “I understand” first";
      return { errors: { "": text }, status: error.status };
    }
    const errors = errorsByField(error.errors);
    return {
      errors: Object.keys(errors).length > 0 ? errors : { "": error.message },
      status: error.status,
    };
  }
}

async function dataOf(
  ctx: Context<PageState>,
  { user, form, isSent = false, errors = {} }: {
    user: User;
    form: SpawnForm;
    isSent?: boolean;
    errors?: Errors;
  },
): Promise<PlainSpawnProps> {
  const { fleet } = ctx.state.services;
  const input = toConfigInput(form.values);
  // A form that nobody has filled in yet has no name, which is no mistake.
  const checked = isSent ? input : withName(input);
  const validation = fleet.validate(checked, callerOf(ctx, user));
  return {
    templates: fleet.templates(),
    form,
    // The estimate must not wait for a name.
    validation: validation.valid
      ? validation
      : fleet.validate(withName(input), callerOf(ctx, user)),
    candleFiles: await fleet.candleFiles(),
    errors: isSent
      ? { ...errorsByField(validation.errors), ...errors }
      : errors,
    isSent,
    agents: fleet.quotas(user.id).find(({ quota }) => quota === "agents") ??
      null,
    refusal: actionRefusal(user.role, "agents.spawn"),
  };
}

/** Spawns a paper agent without script. */
export default define.page<typeof handler>(function SpawnPage({ data }) {
  return (
    <>
      <Head>
        <title>Spawn agent · SMC Fleet</title>
      </Head>
      <h1 class="page-title">Spawn agent</h1>
      <PlainSpawn {...data} />
    </>
  );
});
