import { page } from "fresh";
import { Head } from "fresh/runtime";
import BacktestReplay from "../../../islands/BacktestReplay.tsx";
import type { ReplayView } from "../../../lib/contracts/replay.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { SimulatedBadge } from "../../../lib/ui/Badge.tsx";
import { EmptyState } from "../../../lib/ui/Feedback.tsx";
import { define } from "../../(_shared)/define.ts";
import { orErrorPage, requireUser } from "../../(_shared)/guard.ts";

/** Candle that a replay begins with: some are there to be seen. */
const FIRST_SEQ = 100;

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { backtests } = ctx.state.services;
    const id = ctx.params["id"] ?? "";
    const run = await orErrorPage(() => backtests.view(id));
    const wanted = Number(ctx.url.searchParams.get("seq") ?? FIRST_SEQ);
    const seq = Number.isSafeInteger(wanted) && wanted >= 0
      ? wanted
      : FIRST_SEQ;
    let first: ReplayView | null = null;
    let refusal: string | null = null;
    try {
      first = await backtests.replay(id, { seq, afterSeq: -1 });
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error;
      refusal = error.message;
    }
    return page({ run, first, refusal });
  },
});

/** A backtest, candle by candle. */
export default define.page<typeof handler>(function ReplayPage({ data }) {
  const { run, first, refusal } = data;
  return (
    <>
      <Head>
        <title>Replay of {run.label} · SMC Fleet</title>
      </Head>
      <div class="agent-title replay-title">
        <a class="crumbs" href="/backtests">Backtests</a>
        <span class="crumbs" aria-hidden="true">/</span>
        <a class="crumbs" href={`/backtests/${run.id}`}>{run.label}</a>
        <span class="crumbs" aria-hidden="true">/</span>
        <h1>Replay</h1>
        <SimulatedBadge
          source={run.request.data.kind === "file" ? "replay" : "simulated"}
        />
        <span class="agent-sub">
          ← → step · Shift+← → events · Space plays · what the agent knew at
          each candle, never later
        </span>
      </div>
      {first === null
        ? (
          <EmptyState title={refusal ?? "This run cannot be replayed"}>
            <a class="btn btn-default" href={`/backtests/${run.id}`}>
              Back to the result
            </a>
          </EmptyState>
        )
        : <BacktestReplay run={run} first={first} />}
    </>
  );
});
