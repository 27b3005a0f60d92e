import { page } from "fresh";
import { Head } from "fresh/runtime";
import AgentWorkspace from "../../islands/AgentWorkspace.tsx";
import { STATE_WORDS } from "../../lib/ui/words.ts";
import { define } from "../(_shared)/define.ts";
import { orErrorPage, requireUser } from "../(_shared)/guard.ts";

const FIRST_CANDLES = 400;
const FIRST_TRADES = 50;
const FIRST_LINES = 100;

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { fleet, headSeq, logs } = ctx.state.services;
    const id = ctx.params["id"] ?? "";
    const seq = headSeq();
    const agent = await orErrorPage(() => fleet.get(id));
    // A part that fails is shown as failed; the others stand.
    const [chart, performance, trades, lines] = await Promise.allSettled([
      fleet.chart(id, { afterSeq: -1, limit: FIRST_CANDLES }),
      fleet.performance(id),
      fleet.trades(id, { limit: FIRST_TRADES, cursor: null }),
      logs({
        agentId: id,
        level: undefined,
        category: undefined,
        limit: FIRST_LINES,
      }),
    ]);
    return page({
      agent,
      chart: valueOf(chart),
      chartFailure: chart.status === "rejected" ? reasonOf(chart.reason) : null,
      performance: valueOf(performance),
      trades: valueOf(trades),
      resources: fleet.resources(id),
      logs: valueOf(lines)?.items ?? [],
      logsCursor: valueOf(lines)?.nextCursor ?? null,
      headSeq: seq,
      role: login.user.role,
      tab: ctx.url.searchParams.get("tab") ?? "overview",
    });
  },
});

function valueOf<T>(result: PromiseSettledResult<T>): T | null {
  return result.status === "fulfilled" ? result.value : null;
}

function reasonOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : "The agent did not answer";
}

/** One agent. */
export default define.page<typeof handler>(function AgentPage({ data }) {
  return (
    <>
      <Head>
        <title>
          {data.agent.name} — {STATE_WORDS[data.agent.observed].word}{" "}
          · SMC Fleet
        </title>
      </Head>
      <AgentWorkspace {...data} />
    </>
  );
});
