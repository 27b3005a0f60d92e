import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import {
  isMixed,
  MIXED_LOSSES,
  type RiskResponse,
  type RiskView,
} from "../../contracts/guard.ts";
import { Known, Unknown } from "../Amount.tsx";
import { Fact } from "../Card.tsx";
import { EmptyState } from "../Feedback.tsx";
import { type Failure, failureOf, isAgentGone } from "../client/failure.ts";
import { api } from "../client/live.ts";
import { formatDateTime, formatDecimal, formatPercent } from "../format.ts";
import { TRADING_WORDS } from "../words.ts";
import { PanelFailure, Skeleton } from "./PageState.tsx";
import {
  ExposureTable,
  LadderTable,
  LossTable,
  RuleTable,
  StressTable,
} from "./RiskTables.tsx";

/** How often the figures are asked for while they are looked at. */
const LOOK_EVERY_MS = 2_000;
const NOT_TOLD = "The risk manager has told nothing yet";

/** What a risk manager knows of the agents it guards; asks again while it is shown. */
export function RiskTab({ agentId }: { agentId: string }) {
  const answer = useSignal<RiskResponse | null>(null);
  const failure = useSignal<Failure | null>(null);
  const isBusy = useSignal(false);
  const again = useRef(() => {});
  useEffect(() => {
    let isOver = false;
    let isGone = false;
    const look = async () => {
      if (document.visibilityState !== "visible" || isGone) return;
      isBusy.value = true;
      try {
        const newest = await api.risk(agentId);
        if (isOver) return;
        answer.value = newest;
        failure.value = null;
      } catch (error) {
        isGone = isAgentGone(error);
        failure.value = failureOf(error);
      } finally {
        isBusy.value = false;
      }
    };
    again.current = () => void look();
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [agentId]);
  const known = answer.value;
  const problem = failure.value === null ? null : (
    <PanelFailure
      what={known === null ? "the figures" : "newer figures"}
      failure={failure.value}
      busy={isBusy.value}
      onRetry={() => again.current()}
    />
  );
  if (known === null) return problem ?? <Skeleton what="the figures" />;
  if (known.risk === null) {
    return (
      <>
        {problem}
        <EmptyState title={NOT_TOLD} />
      </>
    );
  }
  return (
    <div data-testid="risk-panel">
      {problem}
      <RiskOf answer={known} risk={known.risk} />
    </div>
  );
}

/**
 * What it knows. Figures over live and paper accounts together are left out, as on
 * the risk page; the rules stay, because by them it acts.
 */
export function RiskOf(
  { answer, risk }: { answer: RiskResponse; risk: RiskView },
) {
  return (
    <>
      <Standing answer={answer} risk={risk} />
      <RuleTable rules={risk.rules} />
      {isMixed(answer.guarded)
        ? (
          <>
            <p class="tone-warn" data-testid="risk-mixed">{MIXED_LOSSES}.</p>
            <LadderTable ladder={risk.ladder} />
          </>
        )
        : (
          <>
            <Figures risk={risk} />
            <ExposureTable exposure={risk.exposure} />
            <LossTable risk={risk} />
            <LadderTable ladder={risk.ladder} />
            <StressTable stress={risk.stress} />
          </>
        )}
      <Missing risk={risk} />
    </>
  );
}

function Standing({ answer, risk }: { answer: RiskResponse; risk: RiskView }) {
  const { word, tone } = TRADING_WORDS[risk.state];
  const names = answer.guarded.map(({ name }) => name);
  return (
    <>
      <p>
        <span class={`state tone-${tone}`}>{word}</span>{" "}
        {risk.reason ?? "All rules are kept"}
      </p>
      {risk.latched.length > 0 && (
        <p class="tone-danger">
          A person must release it: re-arm this risk manager, or one guarded
          agent alone.
        </p>
      )}
      <p class="muted">
        Guards {names.length === 0 ? "nobody" : names.join(", ")} · as of{" "}
        {answer.toldAt === null
          ? <Unknown reason={NOT_TOLD} />
          : formatDateTime(answer.toldAt)}
      </p>
    </>
  );
}

function Figures({ risk }: { risk: RiskView }) {
  const { concentration, correlation, exposure } = risk;
  const reason = risk.unknown[0] ?? "Not known yet";
  return (
    <dl class="facts">
      <Fact name="Equity of all">
        <Known text={formatDecimal(risk.equity)} reason={reason} />
      </Fact>
      <Fact name="Drawdown now / deepest">
        <Known text={formatPercent(risk.drawdownPct)} reason={reason} /> /{" "}
        <Known text={formatPercent(risk.maxDrawdownPct)} reason={reason} />
      </Fact>
      <Fact name="Loss of the day">
        <Known text={formatDecimal(risk.dailyLoss)} reason={reason} />
      </Fact>
      <Fact name="Gross / net exposure">
        <Known
          text={formatPercent(exposure?.grossPct ?? null)}
          reason={reason}
        />{" "}
        /{" "}
        <Known text={formatPercent(exposure?.netPct ?? null)} reason={reason} />
      </Fact>
      <Fact name="With working entries">
        <Known
          text={formatPercent(exposure?.committedPct ?? null)}
          reason={reason}
        />
      </Fact>
      <Fact name="Largest market">
        {concentration?.largest ?? "none"}{" "}
        <Known
          text={formatPercent(concentration?.largestSharePct ?? null)}
          reason={reason}
        />
      </Fact>
      <Fact name="Correlation of positions">
        <Known
          text={formatDecimal(correlation?.weightedAverage ?? null)}
          reason="Needs two markets and enough returns"
        />
      </Fact>
      <Fact name="Returns known">{risk.observations} of {risk.window}</Fact>
    </dl>
  );
}

function Missing({ risk }: { risk: RiskView }) {
  if (risk.unknown.length === 0) return null;
  return (
    <>
      <h3>Unknown</h3>
      <ul>
        {risk.unknown.map((sentence) => (
          <li key={sentence} class="tone-warn">{sentence}</li>
        ))}
      </ul>
    </>
  );
}
