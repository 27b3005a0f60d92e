import type { RiskLosses } from "../../contracts/fleet_risk.ts";
import type { GuardLossView } from "../../contracts/guard.ts";
import { Known, Unknown } from "../Amount.tsx";
import { ModeBadge } from "../Badge.tsx";
import {
  formatAge,
  formatDateTime,
  formatMoney,
  formatPercent,
  plural,
  zoneName,
} from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { TRADING_WORDS } from "../words.ts";
import { RiskCard, RiskTable } from "./RiskCard.tsx";
import { METHOD_WORDS } from "./risk_words.ts";

/** Value at risk and expected shortfall of each risk manager. */
export function LossCard(
  { losses, at }: { losses: readonly RiskLosses[]; at: number },
) {
  return (
    <RiskCard
      title="Value at risk"
      testId="risk-losses"
      note="What the past would have meant for the positions of now, for one candle. An estimate, and no promise."
    >
      {losses.length === 0
        ? (
          <p>
            <Unknown reason="No risk manager runs" />{" "}
            No risk manager runs, so nobody estimates losses.{" "}
            <a href="/">Spawn one from the fleet</a>.
          </p>
        )
        : losses.map((one) => <Guard key={one.agentId} losses={one} at={at} />)}
    </RiskCard>
  );
}

function Guard({ losses, at }: { losses: RiskLosses; at: number }) {
  const { agentId, name, state, modes, guarded, toldAt, isUp } = losses;
  const inForce = losses.losses.filter(({ method }) =>
    method === losses.method
  );
  const { glyph, word, tone } = TRADING_WORDS[state];
  return (
    <section class="risk-guard" aria-label={name}>
      <h3>
        <a href={`/agents/${agentId}?tab=risk`}>{name}</a>{" "}
        <span class={`state tone-${tone}`}>
          <Glyph name={glyph} /> {word}
        </span>{" "}
        {modes.map((mode) => <ModeBadge key={mode} mode={mode} />)}
      </h3>
      <p class="risk-note">
        {METHOD_WORDS[losses.method]}, {losses.observations} of {losses.window}
        {" "}
        returns of {losses.timeframe}, over {plural(guarded.length, "agent")} ·
        {" "}
        {toldAt === null
          ? "never told"
          : (
            <span title={`${formatDateTime(toldAt)} ${zoneName()}`}>
              told {formatAge(toldAt, at)}
            </span>
          )}
        {!isUp && (
          <span class="tone-warn">
            , and is not up now: figures are those it knew last
          </span>
        )}
      </p>
      {isIdle(inForce) && (
        <p class="risk-note">They hold nothing now, so nothing is at risk.</p>
      )}
      {losses.reason !== null && inForce.length === 0
        ? <p class="tone-warn">{losses.reason}.</p>
        : (
          <RiskTable
            caption={`Losses that ${name} estimates`}
            testId="risk-losses-table"
            heads={["Level", "#Value at risk", "#Expected shortfall"]}
          >
            {inForce.map((loss) => (
              <tr key={loss.levelPct}>
                <th scope="row">{loss.levelPct}%</th>
                <td class="cell-num">
                  <LossFigure
                    loss={loss}
                    part="valueAtRisk"
                    currency={losses.currency}
                  />
                </td>
                <td class="cell-num">
                  <LossFigure
                    loss={loss}
                    part="expectedShortfall"
                    currency={losses.currency}
                  />
                </td>
              </tr>
            ))}
          </RiskTable>
        )}
    </section>
  );
}

function isIdle(losses: readonly GuardLossView[]): boolean {
  return losses.length > 0 &&
    losses.every(({ observations, valueAtRiskPct }) =>
      observations === 0 && valueAtRiskPct === 0
    );
}

function LossFigure(
  { loss, part, currency }: {
    loss: GuardLossView;
    part: "valueAtRisk" | "expectedShortfall";
    currency: string | null;
  },
) {
  const percent = loss[`${part}Pct`];
  const amount = loss[part];
  return (
    <>
      <Known
        text={formatPercent(percent, { digits: 2 })}
        reason={loss.reason ?? "Too few returns are known"}
      />
      {percent !== null && amount !== null && currency !== null && (
        <small class="unit">&nbsp;{formatMoney(amount, currency)}</small>
      )}
    </>
  );
}
