import type { LifecycleChanged } from "../../contracts/lifecycle.ts";
import { Gain, Known, Unknown } from "../Amount.tsx";
import { SimulatedBadge } from "../Badge.tsx";
import { Fact } from "../Card.tsx";
import {
  formatCount,
  formatDateTime,
  formatLatency,
  formatMiB,
  formatPrice,
  formatQuantity,
  formatTime,
  quoteOf,
} from "../format.ts";
import { feedWord, priceSourceOf } from "../feed_words.ts";
import { Glyph } from "../Glyph.tsx";
import { OrderPhase, Protection } from "../VenueState.tsx";
import { STATE_WORDS } from "../words.ts";
import type { FleetAgent } from "./fleet_agent.ts";

const EVENTS_SHOWN = 5;

/** Details of one agent, opened in its place in the table. */
export function AgentCard(
  { agent, history }: {
    agent: FleetAgent;
    /** Null while it is on its way. */
    history: readonly LifecycleChanged[] | "unread" | null;
  },
) {
  const known = history === "unread" ? null : history;
  return (
    <div class="agent-card" data-testid="agent-card">
      <DecisionFacts agent={agent} />
      <PositionFacts agent={agent} />
      <WorkerFacts agent={agent} />
      <div class="agent-card-events">
        <h3>Last events</h3>
        {history === null && <p class="muted">Loading…</p>}
        {history === "unread" && (
          <p class="tone-danger" role="alert">
            The events could not be read; close this card and open it again.
          </p>
        )}
        {known?.length === 0 && <p class="muted">Nothing happened yet.</p>}
        <ol class="event-list">
          {known?.slice(-EVENTS_SHOWN).reverse().map((change) => (
            <li key={`${change.at}-${change.to}`}>
              <time>{formatTime(change.at)}</time>
              <span class={`state tone-${STATE_WORDS[change.to].tone}`}>
                <Glyph name={STATE_WORDS[change.to].glyph} />{" "}
                {STATE_WORDS[change.to].word}
              </span>
              <span class="muted event-cause" title={change.cause}>
                {change.cause}
              </span>
            </li>
          ))}
        </ol>
        <p class="agent-card-links">
          <a href={`/agents/${agent.id}`}>Chart and decisions</a>
          <a href={`/agents/${agent.id}#config`}>Configuration</a>
          <a href={`/logs?agentId=${agent.id}`}>Logs</a>
        </p>
      </div>
    </div>
  );
}

function DecisionFacts({ agent }: { agent: FleetAgent }) {
  return (
    <dl class="facts">
      <Fact name="Last pattern">
        {agent.lastPattern ?? <Unknown reason="No pattern seen yet" />}
      </Fact>
      <Fact name="Last decision">
        {agent.lastDecision ?? <Unknown reason="No decision made yet" />}
      </Fact>
      <Fact name="Data">
        <SimulatedBadge source={priceSourceOf(agent)} />
        {agent.feed.kind !== "simulated" && (
          <span class="muted">{feedWord(agent.feed)}</span>
        )}
      </Fact>
      {agent.hostProblem && (
        <Fact name="No host">
          <span class="tone-danger error-text">{agent.hostProblem}</span>
        </Fact>
      )}
      {agent.feedProblem !== null && (
        <Fact name="Market data">
          <span class="tone-warn error-text">{agent.feedProblem}</span>
        </Fact>
      )}
      {typeof agent.waitsFor === "string" && (
        <Fact name="Waits">
          <span class="tone-warn error-text">{agent.waitsFor}</span>
        </Fact>
      )}
      {agent.venueProblem !== null && (
        <Fact name="Venue">
          <span class="tone-danger error-text">{agent.venueProblem}</span>
        </Fact>
      )}
      {agent.modelProblem && (
        <Fact name="Models">
          <span class="tone-warn error-text">{agent.modelProblem}</span>
        </Fact>
      )}
      {agent.account !== null && agent.account.tradingStateReason !== null && (
        <Fact name="No new entries">
          <span class="tone-warn error-text">
            {agent.account.tradingStateReason}
          </span>
        </Fact>
      )}
      {agent.lastError !== null && (
        <Fact name="Last error">
          <span class="tone-danger error-text">{agent.lastError}</span>
        </Fact>
      )}
    </dl>
  );
}

function PositionFacts({ agent }: { agent: FleetAgent }) {
  const { account } = agent;
  const unit = quoteOf(agent.symbol);
  const position = account?.position ?? null;
  return (
    <dl class="facts">
      <Fact name="Position">
        {account === null
          ? <Unknown reason="The agent's account is not known yet" />
          : position === null
          ? "none"
          : (
            <>
              {position.direction === "long" ? "▲ Long" : "▼ Short"}{" "}
              {formatQuantity(position.quantity)} at{" "}
              {formatPrice(position.entryPrice)}{" "}
              <Protection position={position} />
            </>
          )}
      </Fact>
      {position !== null && (
        <>
          <Fact name="Unrealized">
            <Gain
              value={position.unrealizedPnl}
              unit={unit}
              reason="No candle seen yet"
            />
          </Fact>
          <Fact name="Stop / target">
            {formatPrice(position.stopPrice)} / {position.targetPrice === null
              ? "none"
              : formatPrice(position.targetPrice)}
          </Fact>
        </>
      )}
      <Fact name="Open orders">
        {account === null
          ? <Unknown reason="The agent's account is not known yet" />
          : typeof account.openOrders === "number"
          ? account.openOrders === 0
            ? "none"
            : `${formatCount(account.openOrders)}, being loaded…`
          : account.openOrders.length === 0
          ? "none"
          : (
            <ul class="plain-list">
              {account.openOrders.map((order) => (
                <li key={order.orderId}>
                  {order.role} {order.side} {formatQuantity(order.quantity)} at
                  {" "}
                  {order.price === null ? "market" : formatPrice(order.price)}
                  {" "}
                  <OrderPhase order={order} />
                </li>
              ))}
            </ul>
          )}
      </Fact>
      <Fact name="Realized">
        <Gain
          value={account?.realizedPnl ?? null}
          unit={unit}
          reason="The agent's account is not known yet"
        />
      </Fact>
    </dl>
  );
}

function WorkerFacts({ agent }: { agent: FleetAgent }) {
  const { vitals, progress } = agent;
  const silent = "The worker has not reported yet";
  return (
    <dl class="facts">
      <Fact name="Memory">
        <Known text={formatMiB(vitals.heapMiB)} reason={silent} />
      </Fact>
      <Fact name="Mailbox">
        {vitals.mailboxDepth === null
          ? <Unknown reason={silent} />
          : `${formatCount(vitals.mailboxDepth)} waiting`}
      </Fact>
      <Fact name="Candle time p50 / p99">
        <Known text={formatLatency(vitals.candleMsP50)} reason={silent} /> /
        {" "}
        <Known text={formatLatency(vitals.candleMsP99)} reason={silent} />
      </Fact>
      <Fact name="Heartbeat">
        <Known text={formatTime(vitals.heartbeatAt)} reason={silent} />
      </Fact>
      <Fact name="Candles">
        {progress.seq < 0 ? <Unknown reason="No candle decided yet" /> : (
          <>
            {formatCount(candlesOf(agent))}
            {progress.totalCandles !== null &&
              ` of ${formatCount(progress.totalCandles)}`}
            {progress.ended && " · replay ended"}
          </>
        )}
      </Fact>
      <Fact name="Market time">
        <Known
          text={formatDateTime(agent.account?.marketAt ?? null)}
          reason="No candle processed yet"
        />
      </Fact>
    </dl>
  );
}

/** Candles of a live market are numbered by their time, so only those since the start say anything. */
function candlesOf({ feed, progress }: FleetAgent): number {
  return feed.kind === "exchange"
    ? progress.seq + 1 - progress.startSeq
    : progress.seq + 1;
}
