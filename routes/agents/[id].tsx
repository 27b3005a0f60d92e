import { page } from "fresh";
import { Head } from "fresh/runtime";
import type { AgentDetail, AgentView } from "../../lib/contracts/agent.ts";
import { cursors } from "../../lib/contracts/cursor.ts";
import type { Services } from "../../lib/api/page_state.ts";
import AgentWorkspace, {
  type AgentWorkspaceProps,
} from "../../islands/AgentWorkspace.tsx";
import { readChoice } from "../../lib/ui/agent/chart_choice.ts";
import type { AgentKin } from "../../lib/ui/agent/Kin.tsx";
import { STATE_WORDS } from "../../lib/ui/words.ts";
import { toPanelUser } from "../../lib/ui/roles.ts";
import { AppError } from "../../lib/core/errors.ts";
import type { Failure } from "../../lib/ui/client/failure.ts";
import { define } from "../(_shared)/define.ts";
import { findAgent } from "../(_shared)/gone.ts";
import { orErrorPage, requireUser } from "../(_shared)/guard.ts";

const FIRST_CANDLES = 400;
const FIRST_TRADES = 50;
const FIRST_LINES = 100;
const FIRST_RECORDS = 50;
const FIRST_VERSIONS = 20;

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { fleet, headSeq, logs } = ctx.state.services;
    const id = ctx.params["id"] ?? "";
    const seq = headSeq();
    const agent = await orErrorPage(() => findAgent(ctx.state.services, id));
    // A part that fails is shown as failed; the others stand.
    const { searchParams } = ctx.url;
    const tab = searchParams.get("tab") ?? "overview";
    // Older entries of the tab, for browsers without script.
    const older = (list: "trades" | "deskRecords") =>
      cursors[list].schema.safeParse(searchParams.get("cursor")).data ?? null;
    const [chart, performance, resources, trades, lines] = await Promise
      .allSettled([
        fleet.chart(id, { afterSeq: -1, limit: FIRST_CANDLES }),
        fleet.performance(id),
        fleet.resources(id),
        fleet.trades(id, {
          limit: FIRST_TRADES,
          cursor: tab === "trades" ? older("trades") : null,
        }),
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
      chartFailure: chart.status === "rejected"
        ? failureOf(chart.reason)
        : null,
      performance: valueOf(performance),
      trades: trades.status === "fulfilled"
        ? cursors.trades.page(trades.value)
        : null,
      resources: valueOf(resources),
      logs: valueOf(lines)?.items ?? null,
      logsCursor: lines.status === "fulfilled"
        ? cursors.logs.page(lines.value).nextCursor
        : null,
      headSeq: seq,
      choice: readChoice(searchParams, agent.timeframe),
      kin: kinOf(agent, fleet),
      user: toPanelUser(login.user),
      tab,
      ...await tabOf(ctx.state.services, { id, tab, older }),
    });
  },
});

/** What the tab in view needs besides; with script the tabs ask for it themselves. */
async function tabOf(
  { fleet, deskRecords }: Services,
  { id, tab, older }: {
    id: string;
    tab: string;
    older: (list: "deskRecords") => string | null;
  },
): Promise<
  Pick<AgentWorkspaceProps, "configHistory" | "decisions" | "orders">
> {
  const [configHistory, decisions, orders] = await Promise.allSettled([
    tab === "config"
      ? fleet.configHistory(id, { limit: FIRST_VERSIONS, cursor: null })
        .then((versions) => cursors.configs.page(versions))
      : null,
    tab === "decisions" ? fleet.decisions(id) : null,
    tab === "orders"
      ? deskRecords({
        agentId: id,
        limit: FIRST_RECORDS,
        cursor: older("deskRecords"),
      }).then((records) => cursors.deskRecords.page(records))
      : null,
  ]);
  return {
    configHistory: valueOf(configHistory),
    decisions: valueOf(decisions),
    orders: valueOf(orders),
  };
}

/** Team-mates, sources and listeners of an agent. */
function kinOf(
  { id, team, config }: AgentDetail,
  fleet: Pick<Services["fleet"], "list" | "get">,
): AgentKin {
  const others = fleet.list().filter((other) =>
    other.id !== id && other.desired !== "retired"
  );
  const named = (agents: readonly AgentView[]) =>
    agents.map(({ id, name }) => ({ id, name }));
  return {
    mates: team === undefined
      ? []
      : named(others.filter((other) => other.team?.id === team.id)),
    sources: named(others.filter((other) => config.sources.includes(other.id))),
    listeners: named(
      others.filter((other) => fleet.get(other.id).config.sources.includes(id)),
    ),
  };
}

function valueOf<T>(result: PromiseSettledResult<T>): T | null {
  return result.status === "fulfilled" ? result.value : null;
}

function failureOf(reason: unknown): Failure {
  const code = reason instanceof AppError ? reason.code : null;
  const detail = reason instanceof Error
    ? reason.message
    : "The agent did not answer";
  return { detail, code, requestId: null };
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
