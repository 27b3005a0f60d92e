import type {
  AgentDetail,
  AgentView,
  PerformanceResponse,
} from "../../contracts/agent.ts";
import type { ObservedState } from "../../contracts/lifecycle.ts";
import { type Command, textOption } from "../command.ts";
import { EXIT } from "../errors.ts";
import { agentViewCommand } from "./agent_view.ts";
import {
  type Color,
  type Column,
  formatTime,
  writeFields,
  writeJson,
  writeTable,
} from "../output.ts";

const STATE_COLORS: Readonly<Partial<Record<ObservedState, Color>>> = {
  running: "green",
  degraded: "yellow",
  backing_off: "yellow",
  quarantined: "red",
  killed: "red",
  stopped: "dim",
};

const AGENT_COLUMNS: readonly Column<AgentView>[] = [
  {
    title: "STATE",
    value: stateOf,
    color: (agent) => STATE_COLORS[agent.observed] ?? null,
  },
  { title: "NAME", value: (agent) => agent.name },
  { title: "ID", value: (agent) => agent.id },
  { title: "TYPE", value: (agent) => agent.type },
  { title: "MARKET", value: (agent) => `${agent.symbol} ${agent.timeframe}` },
  {
    title: "MODE",
    value: (agent) => agent.mode,
    color: (agent) => agent.mode === "live" ? "yellow" : null,
  },
  {
    title: "DAY P&L",
    value: (agent) => agent.account?.dayPnl,
    isNumber: true,
  },
  {
    title: "DRAWDOWN %",
    value: (agent) => fixed(agent.account?.drawdownPct),
    isNumber: true,
  },
  { title: "WIN %", value: (agent) => fixed(agent.winRatePct), isNumber: true },
  { title: "TRADES", value: (agent) => agent.account?.trades, isNumber: true },
  { title: "EQUITY", value: (agent) => agent.account?.equity, isNumber: true },
];

/** `list`: the fleet. */
export const listCommand: Command = {
  name: "list",
  usage: "[--state S,…] [--mode paper|live] [--symbol S] [--query TEXT]",
  summary: "List the agents",
  details: [
    "--state S,…     only these observed states: running,paused,stopped,…",
    "--mode M        only paper or only live agents",
    "--symbol S      only this market, for instance BTC/USDT",
    "--query TEXT    only agents whose name, id, market or type has this text",
  ],
  options: {
    state: { type: "string" },
    mode: { type: "string" },
    symbol: { type: "string" },
    query: { type: "string" },
  },
  operands: { min: 0, max: 0, what: "" },
  run: async (context) => {
    const { io, values } = context;
    const agents = await (await context.client()).listAgents({
      state: textOption(values, "state") ?? "",
      mode: textOption(values, "mode") ?? "",
      symbol: textOption(values, "symbol") ?? "",
      q: textOption(values, "query") ?? "",
    });
    if (context.isJson) {
      writeJson(io, agents);
    } else if (agents.length > 0) {
      writeTable(io, agents, AGENT_COLUMNS);
    } else {
      const isFiltered = ["state", "mode", "symbol", "query"]
        .some((name) => values[name] !== undefined);
      io.stderr(
        isFiltered
          ? "No agent matches; leave the filters away to see all\n"
          : "There are no agents yet. Spawn one: deno task agent spawn --template NAME --name N\n",
      );
    }
    return EXIT.ok;
  },
};

/** `show`: one agent. */
export const showCommand: Command = agentViewCommand({
  name: "show",
  summary: "Show one agent",
  read: (client, id) => client.agent(id),
  write: (io, agent) => writeFields(io, detailFields(agent)),
});

/** `performance`: how one agent does. */
export const performanceCommand: Command = agentViewCommand({
  name: "performance",
  summary: "Show how an agent performs",
  read: (client, id) => client.performance(id),
  write: (io, performance) => writeFields(io, performanceFields(performance)),
});

type Fields =
  readonly (readonly [string, string | number | null | undefined])[];

function detailFields(agent: AgentDetail): Fields {
  const { account, vitals, progress } = agent;
  return [
    ["name", agent.name],
    ["id", agent.id],
    ["state", stateOf(agent)],
    ["wanted", agent.desired],
    ["since (UTC)", formatTime(agent.observedSince)],
    ["type", agent.type],
    ...teamFields(agent),
    ["market", `${agent.symbol} ${agent.timeframe}`],
    ["mode", modeOf(agent)],
    ["feed", feedOf(agent.feed)],
    ...keyFields(agent),
    ["host", agent.host],
    ["no host", agent.hostProblem],
    ["market data", agent.feedProblem],
    ["venue", agent.venueProblem],
    ["models", agent.modelProblem],
    ["candle", candleOf(progress)],
    ["trading", account?.tradingState],
    ["trading reason", account?.tradingStateReason],
    ["equity", account?.equity],
    ["day P&L", account?.dayPnl],
    ["drawdown %", fixed(account?.drawdownPct)],
    ["trades", account?.trades],
    ["win %", fixed(agent.winRatePct)],
    ["position", positionOf(agent)],
    ["open orders", account?.openOrders.length],
    ...orderFields(agent),
    ["last decision", agent.lastDecision],
    ["last error", agent.lastError],
    ["heap MiB", fixed(vitals.heapMiB)],
    ["candle ms p99", fixed(vitals.candleMsP99, 3)],
    ["config version", agent.configVersion],
  ];
}

/** The team that an agent belongs to. */
function teamFields({ team }: AgentDetail): Fields {
  return team === undefined
    ? []
    : [["team", `${team.name} (${team.role}, ${team.id})`]];
}

/** The exchange key of a live agent. */
function keyFields({ config }: AgentDetail): Fields {
  return config.exchangeKeyId === undefined
    ? []
    : [["exchange key", config.exchangeKeyId]];
}

function performanceFields(performance: PerformanceResponse): Fields {
  return [
    ["agent", performance.agentId],
    ["simulated", performance.simulated ? "yes" : "no"],
    ["candles", performance.candles],
    ["trades", performance.trades],
    ["win %", fixed(performance.winRatePct)],
    ["profit factor", fixed(performance.profitFactor)],
    ["net P&L", performance.netPnl],
    ["return %", fixed(performance.returnPct)],
    ["max drawdown %", fixed(performance.maxDrawdownPct)],
    ["fees paid", performance.feesPaid],
    ["trades hash", performance.tradesHash],
  ];
}

function stateOf(agent: AgentView): string {
  return agent.observed === "backing_off"
    ? `backing_off ${agent.restarts}/${agent.restartBudget}`
    : agent.observed;
}

function candleOf({ seq, totalCandles, ended }: AgentView["progress"]): string {
  const place = totalCandles === null
    ? `${seq + 1}`
    : `${seq + 1} of ${totalCandles}`;
  return ended ? `${place}, ended` : place;
}

function positionOf({ account }: AgentView): string | null {
  if (account === null) return null;
  const { position } = account;
  if (position === null) return "none";
  const { direction, quantity, entryPrice, isProtected } = position;
  const stop = isProtected === undefined
    ? ""
    : isProtected
    ? ", its stop rests at the exchange"
    : ", NO stop at the exchange";
  return `${direction} ${quantity} at ${entryPrice}${stop}`;
}

/** Orders at an exchange, with where each stands. */
function orderFields({ account }: AgentDetail): Fields {
  const orders = account?.openOrders ?? [];
  return orders.filter(({ phase }) => phase !== undefined).map((order) => {
    const { role, side, quantity, price, phase, filled, cancelReason } = order;
    const parts = [
      `${role} ${side} ${quantity} at ${price ?? "market"}: ${phase}`,
      phase === "unknown"
        ? `outcome not known; it counts as exposure and is looked for; its id is ${order.orderId}`
        : "",
      filled === undefined || Number(filled) === 0 ? "" : `${filled} filled`,
      cancelReason ? `being withdrawn: ${cancelReason}` : "",
    ];
    return ["order", parts.filter((part) => part !== "").join(", ")] as const;
  });
}

function fixed(value: number | null | undefined, places = 2): string | null {
  return value === null || value === undefined ? null : value.toFixed(places);
}

/** What is simulated of it: fills alone on live prices, else prices too. */
function modeOf({ livePrices, mode, simulated }: AgentDetail): string {
  if (!simulated) {
    return livePrices
      ? `${mode.toUpperCase()}, real money`
      : `${mode.toUpperCase()}, on a test venue`;
  }
  return livePrices
    ? `${mode}, fills simulated on live prices`
    : `${mode}, simulated`;
}

function feedOf(feed: AgentDetail["feed"]): string {
  switch (feed.kind) {
    case "replay":
      return `replay of ${feed.file} at speed ${feed.speed}`;
    case "exchange":
      return `live prices of ${feed.exchange} (${feed.market})`;
    case "simulated":
      return feed.kind;
  }
}
