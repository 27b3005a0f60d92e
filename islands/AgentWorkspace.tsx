import { computed } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { hasAccount } from "../lib/contracts/agent_types.ts";
import type { ConfigVersion } from "../lib/contracts/config_history.ts";
import type { DecisionsResponse } from "../lib/contracts/decisions.ts";
import type { DeskRecord } from "../lib/contracts/desk_record.ts";
import type { LogEntry } from "../lib/contracts/log.ts";
import type { ApiPage } from "../lib/ui/client/api_client.ts";
import { AgentHeader } from "../lib/ui/agent/AgentHeader.tsx";
import { AgentProblems } from "../lib/ui/agent/AgentProblems.tsx";
import { priceSourceOf } from "../lib/ui/feed_words.ts";
import { type AgentStart, AgentStore } from "../lib/ui/agent/agent_store.ts";
import type { ChartChoice } from "../lib/ui/agent/chart_choice.ts";
import { ConfigTab } from "../lib/ui/agent/ConfigTab.tsx";
import { DecisionsTab } from "../lib/ui/agent/DecisionsTab.tsx";
import type { AgentKin } from "../lib/ui/agent/Kin.tsx";
import { OrdersTab } from "../lib/ui/agent/OrdersTab.tsx";
import { OverviewTab } from "../lib/ui/agent/OverviewTab.tsx";
import { RemovedNote } from "../lib/ui/agent/RemovedNote.tsx";
import { ResourcesCard } from "../lib/ui/agent/ResourcesCard.tsx";
import { RiskTab } from "../lib/ui/agent/RiskTab.tsx";
import { SupervisionTab } from "../lib/ui/agent/SupervisionTab.tsx";
import { TradesTab } from "../lib/ui/agent/TradesTab.tsx";
import { Card } from "../lib/ui/Card.tsx";
import { CommandDialogs } from "../lib/ui/fleet/CommandDialogs.tsx";
import { Commands } from "../lib/ui/fleet/commands.ts";
import type { PanelUser } from "../lib/ui/roles.ts";
import { api, connection, isStale, joinLive } from "../lib/ui/client/live.ts";
import { NO_FILTER } from "../lib/ui/logs/log_filter.ts";
import { StaleBanner } from "../lib/ui/StaleBanner.tsx";
import { type TabItem, Tabs } from "../lib/ui/Tabs.tsx";
import { ToastHost } from "../lib/ui/ToastHost.tsx";
import AgentChart from "./AgentChart.tsx";
import RealTimeAgentLogs from "./RealTimeAgentLogs.tsx";

/** What the server knows when it paints an agent's page. */
export interface AgentWorkspaceProps extends AgentStart {
  /** Newest lines of the agent, newest first; null where they could not be read. */
  logs: readonly LogEntry[] | null;
  logsCursor: string | null;
  headSeq: number;
  /** What the address says of the chart. */
  choice: ChartChoice;
  /** Agents that this one has to do with. */
  kin: AgentKin;
  user: PanelUser;
  /** Tab to begin with, for pages without script. */
  tab: string;
  /** Of the tab to begin with; null where it is another one, or did not answer. */
  configHistory: ApiPage<ConfigVersion> | null;
  decisions: DecisionsResponse | null;
  orders: ApiPage<DeskRecord> | null;
}

/** An agent's page: header with commands, chart, tabs; all of it kept up to date. */
export default function AgentWorkspace(props: AgentWorkspaceProps) {
  const { headSeq, user, tab } = props;
  const { store, commands, chartNow } = useMemo(() => {
    const store = new AgentStore(props, api);
    const commands = new Commands({
      api,
      user,
      onView: (view) => store.putView(view),
    });
    store.removedAt.subscribe((at) => {
      if (at !== null) commands.barred.value = "The agent was removed";
    });
    return { store, commands, chartNow: computed(() => store.chartNow) };
  }, []);
  const agent = store.agent.value;
  const topics = topicsOf(agent.id);
  useEffect(() => {
    const leave = joinLive({
      headSeq,
      topics,
      onEvent: (event) => store.apply(event),
      refresh: () => store.refreshAll(),
    });
    // The page may have been painted without a chart: the agent is asked again at once.
    if (store.chart.peek() === null) store.refreshChartSoon();
    return () => {
      leave();
      store.stop();
    };
  }, []);
  const isOld = isStale(connection.value) || store.removedAt.value !== null;
  return (
    <div class={isOld ? "agent-page stale" : "agent-page"}>
      <AgentHeader agent={agent} kin={props.kin} commands={commands} />
      <StaleBanner />
      <AgentProblems agent={agent} />
      <RemovedNote agentId={agent.id} at={store.removedAt.value} />
      <div class="agent-columns">
        {hasAccount(agent.type) && (
          <Card flush>
            <AgentChart
              chart={chartNow}
              failure={store.chartFailure}
              market={agent.symbol}
              timeframe={agent.timeframe}
              choice={props.choice}
              older={store.older}
              source={priceSourceOf(agent)}
              shown={store.shownCandle}
              onRetry={() => void store.refreshChart()}
            />
          </Card>
        )}
        <Card flush>
          <Tabs
            label="Details of the agent"
            items={tabsOf(store, props, { topics, commands })}
            initial={hasAccount(agent.type) || tab !== "overview"
              ? tab
              : "risk"}
          />
        </Card>
      </div>
      <ResourcesCard resources={store.resources.value} />
      <CommandDialogs commands={commands} />
      <ToastHost />
    </div>
  );
}

/** Topics of an agent's page. */
const topicsOf = (id: string): readonly string[] => [
  "agent:update",
  "market:update",
  `trades:${id}`,
  `logs:${id}`,
];

function tabsOf(
  store: AgentStore,
  props: AgentWorkspaceProps,
  { topics, commands }: { topics: readonly string[]; commands: Commands },
): TabItem[] {
  const { logs, logsCursor, headSeq, user } = props;
  const agent = store.agent.value;
  return [
    ...(hasAccount(agent.type) ? tradingTabs(store, props) : [{
      id: "risk",
      label: "Risk",
      panel: () => <RiskTab agentId={agent.id} />,
    }]),
    {
      id: "config",
      label: "Config",
      panel: () => (
        <ConfigTab
          agent={agent}
          user={user}
          history={props.configHistory}
          barred={commands.barred.value}
          onSaved={() => void store.refreshDetail()}
        />
      ),
    },
    {
      id: "supervision",
      label: "Supervision",
      panel: () => (
        <SupervisionTab agent={agent} trace={store.trace} commands={commands} />
      ),
    },
    {
      id: "logs",
      label: "Logs",
      panel: () => (
        <RealTimeAgentLogs
          entries={logs ?? []}
          isUnread={logs === null}
          nextCursor={logsCursor}
          filter={{ ...NO_FILTER, agentId: agent.id }}
          agents={null}
          headSeq={headSeq}
          topics={topics}
          isLate
        />
      ),
    },
  ];
}

/** Tabs of an agent that trades. */
function tradingTabs(
  store: AgentStore,
  { decisions, orders, user }: AgentWorkspaceProps,
): TabItem[] {
  const agent = store.agent.value;
  return [
    {
      id: "overview",
      label: "Overview",
      panel: () => (
        <OverviewTab
          agent={agent}
          user={user}
          performance={store.performance.value}
          failure={store.recordsFailure.value}
          busy={store.isReadingRecords.value}
          onRetry={() => store.refreshTrades()}
        />
      ),
    },
    {
      id: "orders",
      label: "Orders",
      count: agent.account?.openOrders.length ?? null,
      panel: () => <OrdersTab agent={agent} user={user} start={orders} />,
    },
    {
      id: "trades",
      label: "Trades",
      count: agent.account?.trades ?? null,
      panel: () => (
        <TradesTab
          page={store.trades.value}
          failure={store.recordsFailure.value}
          busy={store.isReadingRecords.value}
          onOlder={() => store.loadOlderTrades()}
          onRetry={() => store.refreshTrades()}
        />
      ),
    },
    {
      id: "decisions",
      label: "Decisions",
      panel: () => (
        <DecisionsTab
          agentId={agent.id}
          decided={agent.progress.seq}
          start={decisions}
          onCandle={(seq) => void store.showCandle(seq)}
        />
      ),
    },
  ];
}
