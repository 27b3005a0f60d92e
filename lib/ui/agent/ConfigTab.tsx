import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { AgentDetail } from "../../contracts/agent.ts";
import type { ConfigVersion } from "../../contracts/config_history.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import { Button } from "../Button.tsx";
import { Fact } from "../Card.tsx";
import { feedWord } from "../feed_words.ts";
import { formatMoney, quoteOf } from "../format.ts";
import { type PanelUser, refusalOf } from "../roles.ts";
import type { ApiPage } from "../client/api_client.ts";
import { offlineReason } from "../client/live.ts";
import { showToast } from "../client/toasts.ts";
import { SIZING_WORDS, STRATEGY_WORDS } from "../strategy_words.ts";
import { RISK_WORDS } from "../words.ts";
import { ExecutionFacts, ListensTo } from "./ExecutionFacts.tsx";
import { SafetyFacts } from "./SafetyFacts.tsx";
import { RemoveAgent } from "./RemoveAgent.tsx";
import type { ConfigEditorProps } from "./ConfigEditor.tsx";
import { ConfigHistory } from "./ConfigHistory.tsx";

/** What the tab needs. */
export interface ConfigTabProps {
  agent: AgentDetail;
  user: PanelUser;
  /** Versions that the server painted; null to ask for them. */
  history: ApiPage<ConfigVersion> | null;
  /** Why no command can be given any more, or null. */
  barred: string | null;
  onSaved: () => void;
}

/** The configuration, the way to change it, and how it was. */
export function ConfigTab(
  { agent, user, history, barred, onSaved }: ConfigTabProps,
) {
  const Editor = useSignal<
    { component: ComponentType<ConfigEditorProps> } | null
  >(null);
  const restored = useSignal<ConfigVersion | null>(null);
  const open = async (version: ConfigVersion | null) => {
    try {
      const { ConfigEditor } = await import("./ConfigEditor.tsx");
      restored.value = version;
      Editor.value = { component: ConfigEditor };
    } catch {
      showToast(
        "danger",
        "The editor could not be loaded",
        "Check the connection and try again",
      );
    }
  };
  const ConfigEditor = Editor.value?.component;
  if (ConfigEditor !== undefined) {
    return (
      <ConfigEditor
        agent={agent}
        restored={restored.value}
        onClose={() => Editor.value = null}
        onSaved={() => {
          Editor.value = null;
          onSaved();
        }}
      />
    );
  }
  const refusal = offlineReason() ??
    refusalOf(user, "agents.configure", agent) ??
    barred;
  return (
    <>
      <div class="tab-head">
        <p class="muted">
          Version {agent.configVersion} · <a href="#config-history">History</a>
        </p>
        <Button
          disabledReason={refusal}
          data-testid="config-edit"
          onClick={() => void open(null)}
        >
          Edit configuration
        </Button>
      </div>
      {hasAccount(agent.type)
        ? <ConfigFacts agent={agent} />
        : <GuardFacts agent={agent} />}
      <details class="disclosure">
        <summary>Configuration as JSON</summary>
        <pre class="json" tabIndex={0} data-testid="config-json">
          {JSON.stringify(agent.config, null, 2)}
        </pre>
      </details>
      <ConfigHistory
        agent={agent}
        start={history}
        refusal={refusal}
        onRestore={(version) => void open(version)}
      />
      <RemoveAgent agent={agent} user={user} barred={barred} />
    </>
  );
}

function GuardFacts({ agent: { config } }: { agent: AgentDetail }) {
  const { guard, timeframe } = config;
  if (guard === undefined) return null;
  const { scope } = guard;
  return (
    <dl class="facts">
      <Fact name="Guards">
        {scope.kind === "user"
          ? "all agents of its owner"
          : scope.kind === "agents"
          ? `${scope.agentIds.length} agents by name`
          : `agents with the exchange key ${scope.exchangeKeyId}`}
      </Fact>
      <Fact name="Returns">{guard.returns} candles of {timeframe}</Fact>
      <Fact name="Value at risk">
        {guard.lossMethod.replaceAll("_", " ")}, {guard.confidencePct}%
      </Fact>
      <Fact name="Data are missing after">{guard.staleAfterSeconds} s</Fact>
      <Fact name="Halts without data after">{guard.haltAfterSeconds} s</Fact>
    </dl>
  );
}

function ConfigFacts({ agent }: { agent: AgentDetail }) {
  const { risk, safety, strategies, sizing, detector, feed, signalsOnly } =
    agent.config;
  const unit = quoteOf(agent.symbol);
  return (
    <dl class="facts">
      <Fact name="Initial capital">
        {formatMoney(risk.initialCapital, unit)}
      </Fact>
      <Fact name="Leverage">at most {risk.leverage}×</Fact>
      <Fact name="Max drawdown">{risk.maxDrawdownPct}%</Fact>
      <Fact name="Daily loss limit">
        {formatMoney(risk.dailyLossLimit, unit)}
      </Fact>
      <Fact name="Risk per trade">{risk.riskPerTradePct}% of equity</Fact>
      <Fact name="Risk level">{RISK_WORDS[risk.riskLevel]}</Fact>
      <ListensTo agent={agent} />
      <ExecutionFacts agent={agent} />
      {agent.type === "decision_engine" && (
        <Fact name="Models">{agent.config.decision.models.join(", ")}</Fact>
      )}
      {agent.type === "pattern_detector" && STRATEGY_WORDS.map((
        { key, short },
      ) => (
        <Fact key={key} name={short}>
          {strategies[key].enabled ? "on" : "off"}
        </Fact>
      ))}
      {agent.type !== "executor" && (
        <>
          <Fact name="Position sizing">{SIZING_WORDS[sizing.method]}</Fact>
          <Fact name="Signals only">{signalsOnly ? "yes" : "no"}</Fact>
        </>
      )}
      <Fact name="Recorded">{agent.config.record === true ? "yes" : "no"}</Fact>
      <Fact name="Swing length">{detector.swingLength} candles</Fact>
      <SafetyFacts safety={safety} unit={unit} />
      <Fact name="Market data">
        {feedWord(feed)}
      </Fact>
      {agent.config.exchangeKeyId !== undefined && (
        <Fact name="Exchange key">
          <code>{agent.config.exchangeKeyId}</code>{" "}
          <span class="muted">fixed; another key needs another agent</span>
        </Fact>
      )}
      <Fact name="Template">{agent.templateName ?? "none"}</Fact>
    </dl>
  );
}
