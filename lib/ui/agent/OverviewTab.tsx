import type {
  AgentDetail,
  PerformanceResponse,
} from "../../contracts/agent.ts";
import { Gain, Known, Money, Unknown } from "../Amount.tsx";
import { Fact } from "../Card.tsx";
import type { Failure } from "../client/failure.ts";
import { DrawdownBar } from "../DrawdownBar.tsx";
import {
  dayPercent,
  formatCount,
  formatDateTime,
  formatDecimal,
  formatPercent,
  formatPrice,
  formatQuantity,
  quoteOf,
  UNKNOWN,
} from "../format.ts";
import type { PanelUser } from "../roles.ts";
import { strategyShort } from "../strategy_words.ts";
import { Protection } from "../VenueState.tsx";
import { OpenOrders } from "./OpenOrders.tsx";
import { PanelFailure } from "./PageState.tsx";

const NO_ACCOUNT = "The agent's account is not known yet";
const NO_TRADE = "No closed trade yet";
const NOT_READ = "The results could not be read";

/** Results, position and orders of an agent. */
export function OverviewTab(
  { agent, user, performance, failure, busy, onRetry }: {
    agent: AgentDetail;
    user: PanelUser;
    /** Null where it could not be read. */
    performance: PerformanceResponse | null;
    /** Why it could not be read last, or null. */
    failure: Failure | null;
    /** It is being read. */
    busy: boolean;
    /** Reads it anew. */
    onRetry: () => Promise<void>;
  },
) {
  return (
    <>
      {(performance === null || failure !== null) && (
        <PanelFailure
          what={performance === null ? "the results" : "newer results"}
          failure={failure}
          busy={busy}
          onRetry={() => void onRetry()}
        />
      )}
      <Results agent={agent} performance={performance} />
      <Position agent={agent} />
      <OpenOrders agent={agent} user={user} />
      <h3>Last decision</h3>
      <p>{agent.lastDecision ?? <Unknown reason="No decision made yet" />}</p>
      <h3>Last pattern</h3>
      <p>{agent.lastPattern ?? <Unknown reason="No pattern seen yet" />}</p>
    </>
  );
}

function Results(
  { agent, performance }: {
    agent: AgentDetail;
    performance: PerformanceResponse | null;
  },
) {
  const unit = quoteOf(agent.symbol);
  const { account } = agent;
  const noTrade = performance === null ? NOT_READ : NO_TRADE;
  return (
    <dl class="facts">
      <Fact name="Equity">
        <span data-testid="agent-equity">
          <Money
            value={account?.equity ?? null}
            unit={unit}
            reason={NO_ACCOUNT}
          />
        </span>
      </Fact>
      <Fact name="Day P&L">
        <Gain
          value={account?.dayPnl ?? null}
          unit={unit}
          percent={dayPercent(account?.dayPnl ?? null, account?.equity ?? null)}
          reason={NO_ACCOUNT}
        />
      </Fact>
      <Fact name="Net of all trades">
        <Gain
          value={performance?.netPnl ?? null}
          unit={unit}
          percent={performance?.returnPct ?? null}
          reason={noTrade}
        />
      </Fact>
      <Fact name="Drawdown now">
        <DrawdownBar
          drawdownPct={account?.drawdownPct ?? null}
          limitPct={agent.config.risk.maxDrawdownPct}
        />
      </Fact>
      <Fact name="Deepest drawdown">
        <Known
          text={formatPercent(performance?.maxDrawdownPct ?? null)}
          reason={performance === null ? NOT_READ : NO_ACCOUNT}
        />
      </Fact>
      <Fact name="Trades">
        <span data-testid="agent-trades">
          <Known
            text={formatCount(account?.trades ?? null)}
            reason={NO_ACCOUNT}
          />
        </span>
      </Fact>
      <Fact name="Win rate">
        <Known text={formatPercent(agent.winRatePct)} reason={NO_TRADE} />
      </Fact>
      <Fact name="Profit factor">
        <Known
          text={formatDecimal(performance?.profitFactor ?? null)}
          reason={performance === null
            ? NOT_READ
            : "Needs at least one losing trade"}
        />
      </Fact>
      <Fact name="Fees paid">
        <Money
          value={account?.feesPaid ?? null}
          unit={unit}
          reason={NO_ACCOUNT}
        />
      </Fact>
      <Fact name="Candles decided">
        <Known
          text={formatCount(performance?.candles ?? null)}
          reason={NOT_READ}
        />
        {agent.progress.totalCandles !== null &&
          ` of ${formatCount(agent.progress.totalCandles)}`}
        {agent.progress.ended && " · replay ended"}
      </Fact>
      <Fact name="Market time">
        <Known
          text={formatDateTime(account?.marketAt ?? null)}
          reason="No candle processed yet"
        />
      </Fact>
      <Fact name="Trades hash">
        {performance?.tradesHash && performance.trades > 0
          ? (
            <code
              title={`${performance.tradesHash}. Equal runs have equal hashes`}
            >
              {performance.tradesHash.slice(0, 12)}
            </code>
          )
          : <Known text={UNKNOWN} reason={noTrade} />}
      </Fact>
    </dl>
  );
}

function Position({ agent }: { agent: AgentDetail }) {
  const position = agent.account?.position ?? null;
  if (position === null) {
    return (
      <>
        <h3>Position</h3>
        <p class="muted">
          {agent.account === null
            ? <Unknown reason={NO_ACCOUNT} />
            : "No open position"}
        </p>
      </>
    );
  }
  return (
    <>
      <h3>Position</h3>
      <dl class="facts">
        <Fact name={position.direction === "long" ? "▲ Long" : "▼ Short"}>
          {formatQuantity(position.quantity)} at{" "}
          {formatPrice(position.entryPrice)}
        </Fact>
        <Fact name="Since">{formatDateTime(position.entryAt)}</Fact>
        <Fact name="Mark">
          <Known
            text={formatPrice(position.markPrice)}
            reason="No candle seen yet"
          />
        </Fact>
        <Fact name="Unrealized">
          <Gain
            value={position.unrealizedPnl}
            unit={quoteOf(agent.symbol)}
            reason="No candle seen yet"
          />
        </Fact>
        <Fact name="Stop / target">
          {formatPrice(position.stopPrice)} / {position.targetPrice === null
            ? "none"
            : formatPrice(position.targetPrice)}
        </Fact>
        {position.isProtected !== undefined && (
          <Fact name="Stop at the exchange">
            <Protection position={position} />
          </Fact>
        )}
        <Fact name="Strategy">{strategyShort(position.strategy)}</Fact>
      </dl>
    </>
  );
}
