import { type Context, page } from "fresh";
import { Head } from "fresh/runtime";
import BacktestDesk, {
  type BacktestDeskProps,
} from "../../islands/BacktestDesk.tsx";
import type { PageState } from "../../lib/api/page_state.ts";
import type { User } from "../../lib/contracts/auth.ts";
import {
  type BacktestDetail,
  backtestRequestSchema,
} from "../../lib/contracts/backtest.ts";
import { whyUntestable } from "../../lib/contracts/testable.ts";
import { AppError } from "../../lib/core/errors.ts";
import { SimulatedBadge } from "../../lib/ui/Badge.tsx";
import { CompareTable } from "../../lib/ui/backtest/CompareTable.tsx";
import { refusedFields, toRunInput } from "../../lib/ui/backtest/run_form.ts";
import {
  emptyStart,
  type RunStart,
  sentStart,
  startOf,
  startOfRun,
  startOfTemplate,
} from "../../lib/ui/backtest/run_start.ts";
import { COMPARED_MAX } from "../../lib/ui/backtest/runs_store.ts";
import { Banner } from "../../lib/ui/Feedback.tsx";
import { toPanelUser } from "../../lib/ui/roles.ts";
import { define } from "../(_shared)/define.ts";
import {
  callerOf,
  mayPage,
  orErrorPage,
  readSentForm,
  requireUser,
} from "../(_shared)/guard.ts";

const LISTED = 200;
const ID = /^bt_[0-9A-Z]{26}$/;

interface BacktestsData {
  compared: readonly BacktestDetail[];
  /** Runs that were marked beyond those that are compared. */
  leftOut: number;
  desk: BacktestDeskProps;
}

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { backtests } = ctx.state.services;
    const marked = ctx.url.searchParams.getAll("compare")
      .flatMap((ids) => ids.split(",")).filter((id) => ID.test(id));
    const wanted = [...new Set(marked)];
    const compared = await orErrorPage(() =>
      Promise.all(
        wanted.slice(0, COMPARED_MAX).map((id) => backtests.get(id)),
      )
    );
    const source = ctx.url.searchParams.get("source") ?? "";
    const start = await orErrorPage(() => startFrom(ctx, source));
    return page<BacktestsData>({
      compared: compared.map(({ report, ...view }) => ({
        ...view,
        // A comparison shows figures and curves, not every trade.
        report: report === null ? null : { ...report, trades: [] },
      })),
      leftOut: Math.max(0, wanted.length - COMPARED_MAX),
      desk: await deskOf(ctx, login.user, start),
    });
  },
  /** The form without script: another source, another look at the fields, or a run. */
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    await mayPage(ctx, "backtests.run");
    const sent = await readSentForm(ctx.req);
    const start = await orErrorPage(() => startFrom(ctx, sent("source") ?? ""));
    if (sent("action") === "source") {
      return page<BacktestsData>(await shown(ctx, login.user, start));
    }
    const form = sentStart(start, sent);
    if (sent("action") === "check") {
      const { errors } = inputOf(form);
      const checked = { ...form, refused: errors };
      return page<BacktestsData>(await shown(ctx, login.user, checked));
    }
    const outcome = await submit(ctx, login.user, form);
    if ("id" in outcome) return ctx.redirect(`/backtests/${outcome.id}`, 303);
    const { status, ...wrong } = outcome;
    const data = await shown(ctx, login.user, { ...form, ...wrong });
    return page<BacktestsData>(data, { status });
  },
});

type PageContext = Context<PageState>;

async function shown(
  ctx: PageContext,
  user: User,
  start: RunStart,
): Promise<BacktestsData> {
  return { compared: [], leftOut: 0, desk: await deskOf(ctx, user, start) };
}

/** The form of a source; where there is none, or it is unknown, that of the first template. */
async function startFrom(
  { state: { services: { fleet, backtests } } }: PageContext,
  source: string,
): Promise<RunStart> {
  const [kind, name = ""] = source.split(/:(.*)/s);
  if (kind === "agent") {
    const agent = await fleet.get(name);
    return startOf(source, agent.config);
  }
  if (kind === "run") return startOfRun(name, backtests.view(name).request);
  const templates = fleet.templates().filter(({ config }) =>
    whyUntestable(config.type) === null
  );
  const template =
    templates.find((each) => each.name === name && kind === "template") ??
      templates[0];
  return template === undefined ? emptyStart() : startOfTemplate(template);
}

function inputOf({ source, config, run }: RunStart) {
  const template = source.startsWith("template:")
    ? source.slice("template:".length)
    : null;
  return toRunInput({ template, config, run });
}

/** Submits as the API does: its schema, its checks, its refusals. */
async function submit(
  ctx: PageContext,
  user: User,
  form: RunStart,
): Promise<
  { id: string } | Pick<RunStart, "refused" | "problem"> & { status: number }
> {
  const { fleet, backtests } = ctx.state.services;
  const { request, errors } = inputOf(form);
  const wrong = Object.keys(errors).length;
  if (wrong > 0) {
    const problem = wrong === 1
      ? "One field needs correction"
      : `${wrong} fields need correction`;
    return { refused: errors, problem, status: 422 };
  }
  const held = fleet.heldReason();
  if (held !== null) return { refused: {}, problem: held, status: 503 };
  try {
    return await backtests.submit(
      backtestRequestSchema.parse(request),
      callerOf(ctx, user),
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      refused: refusedFields(error.errors),
      problem: error.message,
      status: error.status,
    };
  }
}

async function deskOf(
  { state: { formField, services } }: PageContext,
  user: User,
  start: RunStart,
): Promise<BacktestDeskProps> {
  const { fleet, backtests, headSeq } = services;
  const seq = headSeq();
  const files = await fleet.candleFiles().catch(() => null);
  return {
    start,
    token: formField ?? null,
    runs: backtests.list().slice(0, LISTED),
    templates: fleet.templates(),
    agents: fleet.list().filter(({ desired }) => desired !== "retired")
      .map(({ id, name, type, team }) => ({
        id,
        name,
        type,
        team: team?.name ?? null,
      })),
    files,
    headSeq: seq,
    user: toPanelUser(user),
  };
}

/** Backtests: start one, see all, or some side by side. */
export default define.page<typeof handler>(function BacktestsPage({ data }) {
  const running = data.desk.runs.filter(({ state }) => state === "running");
  const isComparison = data.compared.length > 0;
  return (
    <>
      <Head>
        <title>
          {isComparison
            ? "Compare backtests"
            : `Backtests — ${running.length} running`} · SMC Fleet
        </title>
      </Head>
      <div class="page-head">
        <div class="compare-title">
          <h1 class="page-title">
            {isComparison ? "Compare backtests" : "Backtests"}
          </h1>
          {isComparison && <SimulatedBadge />}
        </div>
        {isComparison && <a href="/backtests">All backtests</a>}
      </div>
      {data.leftOut > 0 && (
        <Banner tone="warn">
          {COMPARED_MAX} runs are compared at a time; {data.leftOut}{" "}
          more were marked and are left out.
        </Banner>
      )}
      {isComparison
        ? <CompareTable runs={data.compared} />
        : <BacktestDesk {...data.desk} />}
    </>
  );
});
