import type { MarketKind } from "../../contracts/venue.ts";
import { MARKET_WORDS } from "../feed_words.ts";
import type { ConfigWarning } from "../../contracts/agent.ts";
import { Fact } from "../Card.tsx";
import { formatMoney, quoteOf } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import {
  configPointer,
  type Step,
  STEP_TITLES,
  stepOf,
} from "../spawn_form.ts";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import { SIZING_WORDS, STRATEGY_WORDS } from "../strategy_words.ts";
import { RISK_WORDS } from "../words.ts";
import { type FormBinding, TextInput } from "./inputs.tsx";
import { CONFIRM_POINTER, isLiveForm } from "./live_rules.ts";
import { ModeBadge } from "../Badge.tsx";
import type { AgentType, RiskLevel } from "../../contracts/agent_config.ts";
import type { SizingMethod } from "../../contracts/strategies.ts";

/** Last step: everything at a glance, warnings to acknowledge. */
export function ReviewStep(
  { form, warnings, acknowledged, onGo }: {
    form: FormBinding;
    warnings: readonly ConfigWarning[];
    acknowledged: boolean;
    onGo: (step: Step) => void;
  },
) {
  const text = (pointer: string) => String(form.values[pointer] ?? "");
  const isLive = isLiveForm(form.values);
  const unit = quoteOf(text("/symbol"));
  const isByModels = form.values["/type"] === "decision_engine";
  const strategies = STRATEGY_WORDS.filter(({ key }) =>
    form.values[`/strategies/${key}/enabled`] === true
  ).map(({ short }) => short).join(", ");
  const traded = (isByModels ? text("/decision/models") : strategies) || "none";
  const money = (pointer: string) =>
    /^\d+(\.\d+)?$/.test(text(pointer))
      ? formatMoney(text(pointer), unit)
      : text(pointer);
  return (
    <>
      <dl class="facts review-facts">
        <Fact name="Name">{text("/name") || "not named yet"}</Fact>
        <Fact name="Type">
          {AGENT_TYPE_WORDS[text("/type") as AgentType]?.title ?? text("/type")}
        </Fact>
        <Fact name="Market">{text("/symbol")} {text("/timeframe")}</Fact>
        <Fact name="Mode">
          {isLive ? "LIVE, real money" : "Paper"} · {marketWord(text)}
        </Fact>
        <Fact name="Capital">
          {money("/risk/initialCapital")} at most {text("/risk/leverage")}×
        </Fact>
        <Fact name="Limits">
          {text("/risk/maxDrawdownPct")}% drawdown,{" "}
          {money("/risk/dailyLossLimit")} a day,{" "}
          {text("/risk/riskPerTradePct")}% a trade
        </Fact>
        <Fact name="Risk level">
          {RISK_WORDS[text("/risk/riskLevel") as RiskLevel] ?? ""}
        </Fact>
        <Fact name={isByModels ? "Models" : "Strategies"}>
          {form.values["/signalsOnly"] === true ? "signals only" : traded}
        </Fact>
        <Fact name="Position sizing">
          {SIZING_WORDS[text("/sizing/method") as SizingMethod] ?? ""}
        </Fact>
        <Fact name="Breaker">
          {text("/safety/breakerConsecutiveLosses")} losses in a row,{" "}
          {text("/safety/maxOrdersPerMinute")} orders a minute
        </Fact>
      </dl>
      {warnings.length > 0 && (
        <section
          class="warnings"
          data-testid="spawn-warnings"
          aria-label="Warnings"
        >
          <h3 class="tone-warn">
            <Glyph name="warn" /> Read before you spawn
          </h3>
          <ul class="plain-list">
            {warnings.map(({ pointer, code, detail }) => {
              const step = stepOf(configPointer(pointer));
              return (
                <li key={`${pointer}-${code}`}>
                  {detail}{" "}
                  <button
                    type="button"
                    class="link"
                    onClick={() => onGo(step)}
                  >
                    Go to {STEP_TITLES[step]}
                  </button>
                </li>
              );
            })}
          </ul>
          <label class="tick">
            <input
              type="checkbox"
              checked={acknowledged}
              data-testid="spawn-acknowledge"
              onChange={(event) =>
                form.dispatch({
                  type: "acknowledge",
                  value: event.currentTarget.checked,
                })}
            />
            <span>I understand</span>
          </label>
        </section>
      )}
      {warnings.length === 0 && (
        <p class="tone-ok review-ok">
          <Glyph name="check" /> No warnings
        </p>
      )}
      {isLive && <ConfirmName form={form} />}
    </>
  );
}

/** Real money: the name is typed once more, so that no slip of the hand spawns a live agent. */
function ConfirmName({ form }: { form: FormBinding }) {
  return (
    <section class="confirm-live" aria-label="Confirm live trading">
      <p>
        <ModeBadge mode="live" />{" "}
        This agent sends orders to the exchange and trades real money. Its
        limits bound losses; a fast market can go through them.
      </p>
      <TextInput
        form={form}
        pointer={CONFIRM_POINTER}
        label="Type the agent's name to confirm"
        hint={String(form.values["/name"] ?? "")}
      />
    </section>
  );
}

function marketWord(text: (pointer: string) => string): string {
  switch (text("/feed/kind")) {
    case "replay":
      return `replay of ${text("/feed/file")}`;
    case "exchange":
      return `live prices of ${text("/feed/exchange")}, ${
        MARKET_WORDS[text("/feed/market") as MarketKind] ?? ""
      }`;
    default:
      return "simulated market";
  }
}
