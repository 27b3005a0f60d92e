import type { AgentView } from "../../contracts/agent.ts";
import { teamFilter } from "../fleet/team_rows.ts";

/** An agent that another one has to do with. */
export interface KinAgent {
  id: string;
  name: string;
}

/** Whom an agent belongs to and listens to; as of when the page was made. */
export interface AgentKin {
  /** The other agents of its team. */
  mates: readonly KinAgent[];
  /** Agents whose signals it trades or weighs. */
  sources: readonly KinAgent[];
  /** Agents that trade or weigh its signals. */
  listeners: readonly KinAgent[];
}

/** Links to an agent's team, its sources and those that listen to it; nothing for an agent of its own. */
export function Kin(
  { agent, kin }: { agent: Pick<AgentView, "team">; kin: AgentKin },
) {
  const { team } = agent;
  if (
    team === undefined && kin.sources.length === 0 && kin.listeners.length === 0
  ) return null;
  return (
    <div class="kin" data-testid="agent-kin">
      {team !== undefined && (
        <span>
          {team.role} of the team{" "}
          <a href={`/?q=${encodeURIComponent(teamFilter(team.name))}`}>
            {team.name}
          </a>
        </span>
      )}
      <KinList label="With" agents={kin.mates} />
      <KinList label="Listens to" agents={kin.sources} />
      <KinList label="Heard by" agents={kin.listeners} />
    </div>
  );
}

function KinList(
  { label, agents }: { label: string; agents: readonly KinAgent[] },
) {
  if (agents.length === 0) return null;
  return (
    <span>
      {label} {agents.map(({ id, name }, place) => (
        <span key={id}>
          {place > 0 && ", "}
          <a href={`/agents/${id}`}>{name}</a>
        </span>
      ))}
    </span>
  );
}
