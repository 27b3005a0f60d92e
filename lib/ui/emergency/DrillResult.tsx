import type { DrillAgent, DrillResponse } from "../../contracts/emergency.ts";
import { Card, Fact } from "../Card.tsx";
import {
  formatCount,
  formatLatency,
  formatMoney,
  formatPrice,
  formatQuantity,
  quoteOf,
} from "../format.ts";
import { scopeName } from "./words.ts";

/** What a stop would do now. */
export function DrillResult(
  { drill, nameOf }: {
    drill: DrillResponse;
    nameOf: (agentId: string) => string;
  },
) {
  const { totals, expectedMs } = drill;
  // Amounts of several quote currencies have no sum.
  const unit = quoteOf(drill.agents[0]?.symbol ?? "");
  return (
    <Card title="What would happen now">
      <p class="page-lead">
        {scopeName(drill, nameOf)}. Nothing has been done. Prices move: figures
        are of this moment, and slippage on paper is by the costs of the agent.
      </p>
      <dl class="facts" data-testid="drill-totals">
        <Fact name="Agents blocked">{formatCount(totals.agents)}</Fact>
        <Fact name="Agents stopped">{formatCount(totals.agentsStopped)}</Fact>
        <Fact name="Orders withdrawn">{formatCount(totals.orders)}</Fact>
        <Fact name="Positions closed">{formatCount(totals.positions)}</Fact>
        <Fact name="Their value">{formatMoney(totals.notional, unit)}</Fact>
        <Fact name="Slippage expected">
          {formatMoney(totals.slippage, unit)}
        </Fact>
        <Fact name="Time expected">{formatLatency(expectedMs)}</Fact>
      </dl>
      {drill.agents.length > 0 && <AgentTable agents={drill.agents} />}
    </Card>
  );
}

function AgentTable({ agents }: { agents: readonly DrillAgent[] }) {
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="What would happen to each agent, scrollable"
    >
      <table class="table" data-testid="drill">
        <caption class="sr-only">What would happen to each agent</caption>
        <thead>
          <tr>
            <th scope="col">Agent</th>
            <th scope="col">Symbol</th>
            <th scope="col" class="num">Orders withdrawn</th>
            <th scope="col" class="num">Position closed</th>
            <th scope="col" class="num">Last price</th>
            <th scope="col" class="num">Slippage</th>
            <th scope="col">Remark</th>
          </tr>
        </thead>
        <tbody>
          {agents.map((agent) => <AgentLine key={agent.agentId} {...agent} />)}
        </tbody>
      </table>
    </div>
  );
}

function AgentLine(
  { name, symbol, orders, position, losesProtection, note }: DrillAgent,
) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{symbol}</td>
      <td class="num">{formatCount(orders?.length ?? null)}</td>
      <td class="num">
        {orders === null
          ? formatQuantity(null)
          : position === null
          ? "none"
          : formatQuantity(position.size)}
      </td>
      <td class="num">
        {position === null ? "" : formatPrice(position.markPrice)}
      </td>
      <td class="num">
        {position === null
          ? ""
          : formatMoney(position.slippage, quoteOf(symbol))}
      </td>
      <td>
        {losesProtection ? "Its position is left without a stop" : note ?? ""}
      </td>
    </tr>
  );
}
