import type { AgentDetail } from "../../contracts/agent.ts";
import { AgentModeBadge } from "../Badge.tsx";
import { ActionButton } from "../fleet/ActionButtons.tsx";
import { ACTION_WORDS, ACTIONS, mainAction, whyNot } from "../fleet/actions.ts";
import type { Commands } from "../fleet/commands.ts";
import { ownerLabel } from "../roles.ts";
import { StateChip, TradingChip } from "../StateChip.tsx";
import { AGENT_TYPE_WORDS, hasAccount } from "../../contracts/agent_types.ts";
import { type AgentKin, Kin } from "./Kin.tsx";
import { StateTimeline } from "./StateTimeline.tsx";

/** The commands as links to a page that asks, for browsers without script. */
function PlainCommands(
  { agent, commands }: { agent: AgentDetail; commands: Commands },
) {
  const possible = ACTIONS.filter((action) =>
    whyNot(agent, action, commands.user) === null
  );
  return (
    <nav
      class="agent-controls needs-no-script"
      aria-label="Commands"
      data-testid="plain-commands"
    >
      {possible.map((action) => (
        <a
          key={action}
          class="btn"
          href={`/agents/${agent.id}/command?action=${action}`}
        >
          {ACTION_WORDS[action].label}…
        </a>
      ))}
    </nav>
  );
}

/** Name, state, mode and commands of an agent. */
export function AgentHeader(
  { agent, kin, commands }: {
    agent: AgentDetail;
    kin: AgentKin;
    commands: Commands;
  },
) {
  const isRestricted = !hasAccount(agent.type) ||
    agent.account !== null && agent.account.tradingState !== "active";
  return (
    <header class="agent-head">
      <div class="agent-title">
        <p class="crumbs">
          <a href="/">Fleet</a> <span aria-hidden="true">/</span>
        </p>
        <h1>{agent.name}</h1>
        <AgentModeBadge agent={agent} />
        <StateChip agent={agent} />
        <TradingChip account={agent.account} />
        <span class="agent-sub">
          {AGENT_TYPE_WORDS[agent.type].title} · {agent.symbol}{" "}
          {agent.timeframe}
        </span>
        <span class="agent-sub" data-testid="agent-owner">
          Owner: {ownerLabel(commands.user, agent)}
          {agent.host !== undefined && <>, on the host {agent.host}</>}
        </span>
        <Kin agent={agent} kin={kin} />
      </div>
      <div
        class="agent-controls needs-script"
        role="group"
        aria-label="Commands"
      >
        <ActionButton
          agent={agent}
          action={mainAction(agent)}
          commands={commands}
          withLabel
        />
        <ActionButton
          agent={agent}
          action="stop"
          commands={commands}
          withLabel
        />
        <ActionButton
          agent={agent}
          action="restart"
          commands={commands}
          withLabel
        />
        {isRestricted && (
          <ActionButton
            agent={agent}
            action="rearm"
            commands={commands}
            withLabel
          />
        )}
        <ActionButton
          agent={agent}
          action="kill"
          commands={commands}
          withLabel
        />
      </div>
      <PlainCommands agent={agent} commands={commands} />
      <StateTimeline agent={agent} />
    </header>
  );
}
