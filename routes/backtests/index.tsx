import { page } from "fresh";
import { Head } from "fresh/runtime";
import BacktestDesk from "../../islands/BacktestDesk.tsx";
import type { BacktestDetail } from "../../lib/contracts/backtest.ts";
import { CompareTable } from "../../lib/ui/backtest/CompareTable.tsx";
import { COMPARED_MAX } from "../../lib/ui/backtest/runs_store.ts";
import { toPanelUser } from "../../lib/ui/roles.ts";
import { define } from "../(_shared)/define.ts";
import { orErrorPage, requireUser } from "../(_shared)/guard.ts";

const LISTED = 200;
const ID = /^bt_[0-9A-Z]{26}$/;

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { fleet, backtests, headSeq } = ctx.state.services;
    const seq = headSeq();
    const wanted = (ctx.url.searchParams.get("compare") ?? "").split(",")
      .filter((id) => ID.test(id)).slice(0, COMPARED_MAX);
    const compared: BacktestDetail[] = await orErrorPage(() =>
      Promise.all(wanted.map((id) => backtests.get(id)))
    );
    const files = await fleet.candleFiles().catch(() => null);
    return page({
      compared: compared.map(({ report, ...view }) => ({
        ...view,
        // A comparison shows figures and curves, not every trade.
        report: report === null ? null : { ...report, trades: [] },
      })),
      desk: {
        runs: backtests.list().slice(0, LISTED),
        templates: fleet.templates(),
        agents: fleet.list().filter(({ desired }) => desired !== "retired")
          .map(({ id, name }) => ({ id, name })),
        files,
        headSeq: seq,
        user: toPanelUser(login.user),
      },
    });
  },
});

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
        <h1 class="page-title">
          {isComparison ? "Compare backtests" : "Backtests"}
        </h1>
        {isComparison && <a href="/backtests">All backtests</a>}
      </div>
      {isComparison
        ? <CompareTable runs={data.compared} />
        : <BacktestDesk {...data.desk} />}
    </>
  );
});
