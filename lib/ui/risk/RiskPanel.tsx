import type { FleetRisk, RiskProblem } from "../../contracts/fleet_risk.ts";
import { EmptyState } from "../Feedback.tsx";
import { Button } from "../Button.tsx";
import { actionRefusal, type PanelUser } from "../roles.ts";
import { BreakerCard } from "./BreakerCard.tsx";
import { DeniedCard } from "./DeniedCard.tsx";
import { DrawdownCard } from "./DrawdownCard.tsx";
import { ExposureCard } from "./ExposureCard.tsx";
import { LimitsCard } from "./LimitsCard.tsx";
import { LossCard } from "./LossCard.tsx";
import { MoneyCard } from "./MoneyCard.tsx";
import { TradingCard } from "./TradingCard.tsx";

/** Everything that is known of the risk of the fleet; the same with and without script. */
export function RiskPanel(
  { risk, user, names }: {
    risk: FleetRisk;
    user: PanelUser;
    /** Names of agents by id, for scopes of stops. */
    names: Readonly<Record<string, string>>;
  },
) {
  const problem = (part: RiskProblem["part"]) => {
    const found = risk.problems.filter((one) => one.part === part);
    return found.length === 0
      ? null
      : found.map(({ detail }) => detail).join(". ");
  };
  const trading = (
    <TradingCard
      trading={risk.trading}
      user={user}
      nameOf={(id) => names[id] ?? id}
    />
  );
  if (risk.agents === 0) {
    return (
      <div class="risk-grid" data-testid="risk-panel">
        {trading}
        <div class="risk-wide" data-testid="risk-empty">
          <EmptyState title="There is no agent, so nothing is at risk">
            <FirstAgent refusal={actionRefusal(user.role, "agents.spawn")} />
          </EmptyState>
        </div>
      </div>
    );
  }
  return (
    <div class="risk-grid" data-testid="risk-panel" data-at={risk.at}>
      {trading}
      <LimitsCard
        limits={risk.limits}
        leftOut={risk.limitsLeftOut}
        rules={risk.marketRules}
        rulesLeftOut={risk.marketRulesLeftOut}
        user={user}
      />
      <div class="risk-column">
        <MoneyCard money={risk.money} />
        <DrawdownCard drawdowns={risk.drawdowns} />
      </div>
      <div class="risk-column">
        <LossCard losses={risk.losses} at={risk.at} />
        <ExposureCard exposure={risk.exposure} />
        <BreakerCard
          breakers={risk.breakers}
          leftOut={risk.breakersLeftOut}
          problem={problem("breakers")}
          at={risk.at}
        />
      </div>
      <DeniedCard
        denials={risk.denials}
        problem={problem("denials")}
        at={risk.at}
      />
    </div>
  );
}

function FirstAgent({ refusal }: { refusal: string | null }) {
  if (refusal === null) {
    return <a class="btn btn-primary" href="/">Spawn your first paper agent</a>;
  }
  return (
    <Button disabledReason={refusal}>
      Spawn a paper agent <small aria-hidden="true">{refusal}</small>
    </Button>
  );
}
