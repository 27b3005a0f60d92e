import { HttpError, page } from "fresh";
import { Head } from "fresh/runtime";
import BacktestResult from "../../../islands/BacktestResult.tsx";
import type { BacktestReport } from "../../../lib/contracts/backtest_report.ts";
import { RUN_WORDS } from "../../../lib/ui/backtest/backtest_words.ts";
import { toPanelUser } from "../../../lib/ui/roles.ts";
import { define } from "../../(_shared)/define.ts";
import {
  callerOf,
  mayPage,
  orErrorPage,
  readForm,
  requireUser,
} from "../../(_shared)/guard.ts";

/** Trades that the page comes with; the rest is fetched when it is wanted. */
const FIRST_TRADES = 50;

const ACTIONS = {
  cancel: "backtests.cancel",
  remove: "backtests.delete",
} as const;

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { fleet, backtests, headSeq } = ctx.state.services;
    const seq = headSeq();
    const id = ctx.params["id"] ?? "";
    const run = await orErrorPage(() => backtests.view(id));
    // A report that cannot be read is shown as such; the run itself stands.
    const [detail] = await Promise.allSettled([backtests.get(id)]);
    const report = detail.status === "fulfilled" ? detail.value.report : null;
    const wantsAll = ctx.url.searchParams.get("trades") === "all";
    return page({
      run,
      token: ctx.state.formField ?? null,
      report: report === null
        ? null
        : withNewestTrades(report, wantsAll ? Infinity : FIRST_TRADES),
      showsAllTrades: wantsAll,
      tradesTotal: report?.trades.length ?? 0,
      failure: detail.status === "rejected"
        ? "The store did not give the report of this run; try again in a moment"
        : null,
      templates: fleet.templates(),
      names: fleet.list().map(({ name }) => name),
      headSeq: seq,
      user: toPanelUser(login.user),
      isLiveArmed: ctx.state.services.isLiveArmed,
    });
  },
  /** The commands to a run without script. */
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const id = ctx.params["id"] ?? "";
    const field = await readForm(ctx.req);
    const action = field("action");
    if (action !== "cancel" && action !== "remove") {
      throw new HttpError(400, "Choose what to do: cancel or remove");
    }
    const { backtests } = ctx.state.services;
    const caller = callerOf(ctx, login.user);
    await mayPage(ctx, ACTIONS[action], { backtestId: id });
    await orErrorPage<unknown>(() => backtests[action](id, caller));
    return ctx.redirect("/backtests", 303);
  },
});

function withNewestTrades(
  report: BacktestReport,
  count: number,
): BacktestReport {
  return { ...report, trades: report.trades.slice(-count).reverse() };
}

/** One backtest. */
export default define.page<typeof handler>(function BacktestPage({ data }) {
  return (
    <>
      <Head>
        <title>
          {`${data.run.label} — ${RUN_WORDS[data.run.state].word}`} · SMC Fleet
        </title>
      </Head>
      <BacktestResult {...data} />
    </>
  );
});
