import { page } from "fresh";
import { Head } from "fresh/runtime";
import type { AnalyticsResponse } from "../lib/contracts/analytics.ts";
import { AppError } from "../lib/core/errors.ts";
import {
  AnalyticsFilter,
  type Choosable,
} from "../lib/ui/analytics/AnalyticsFilter.tsx";
import { AnalyticsView } from "../lib/ui/analytics/AnalyticsView.tsx";
import {
  type AnalyticsForm,
  exportHref,
  readAnalyticsForm,
} from "../lib/ui/analytics/analytics_form.ts";
import { ErrorState } from "../lib/ui/Feedback.tsx";
import { define } from "./(_shared)/define.ts";
import { requireUser } from "./(_shared)/guard.ts";

interface AnalyticsData {
  form: AnalyticsForm;
  agents: readonly Choosable[];
  teams: readonly Choosable[];
  exportHref: string;
  /** The figures, or why there are none. */
  answer: AnalyticsResponse | AppError;
}

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { fleet } = ctx.state.services;
    const { form, query } = readAnalyticsForm(
      ctx.url.searchParams,
      ctx.state.zone,
    );
    const agents = fleet.list();
    const teams = agents.flatMap(({ team }) => team === undefined ? [] : team);
    const answer = await fleet.analytics(query).catch((error) => {
      if (error instanceof AppError) return error;
      throw error;
    });
    return page<AnalyticsData>({
      form,
      agents: agents.map(({ id, name }) => ({ id, name })),
      teams: [...new Map(teams.map((team) => [team.id, team])).values()],
      exportHref: exportHref(query),
      answer,
    }, answer instanceof AppError ? { status: answer.status } : {});
  },
});

/** What closed trades came to, by what they have in common. */
export default define.page<typeof handler>(function AnalyticsPage({ data }) {
  const { form, agents, teams, answer } = data;
  const isRead = !(answer instanceof AppError);
  return (
    <>
      <Head>
        <title>
          {isRead
            ? `Analytics — ${answer.total.trades} trades · SMC Fleet`
            : "Analytics · SMC Fleet"}
        </title>
      </Head>
      <div class="page-head">
        <h1 class="page-title">Analytics</h1>
        {isRead && (
          <a
            class="btn btn-default"
            href={data.exportHref}
            download
            data-testid="analytics-export"
          >
            Export as CSV
          </a>
        )}
      </div>
      <div class="risk-page">
        <AnalyticsFilter
          form={form}
          agents={agents}
          teams={teams}
          currencies={isRead
            ? answer.currencies.map(({ currency }) => currency)
            : []}
        />
        {isRead ? <AnalyticsView answer={answer} /> : (
          <ErrorState
            title="The trades could not be read"
            detail={answer.message}
            code={answer.code}
          >
            <a class="btn btn-default" href="/analytics">Show all trades</a>
          </ErrorState>
        )}
      </div>
    </>
  );
});
