import { type Signal, signal } from "@preact/signals";
import type {
  AgentView,
  ControlAction,
  ControlRequest,
} from "../../contracts/agent.ts";
import type { StepUpRequest } from "../../contracts/second_factor.ts";
import type { TeamAction, TeamControlRequest } from "../../contracts/team.ts";
import {
  type ApiClient,
  explain,
  isProofNeeded,
} from "../client/api_client.ts";
import { plural } from "../format.ts";
import { showToast } from "../client/toasts.ts";
import type { PanelUser } from "../roles.ts";
import { ACTION_WORDS, whyNot } from "./actions.ts";

/** A command that waits for confirmation. */
export interface PendingCommand {
  action: ControlAction;
  agents: readonly AgentView[];
  /** The team that the agents are, where the command is to all of it. */
  team?: { id: string; name: string };
}

/** What became of a command for one agent. */
export interface CommandResult {
  id: string;
  name: string;
  /** Null = accepted. */
  refusal: string | null;
  /** It waits for a fresh proof of who gives it. */
  needsProof?: true;
}

/** A command that waits for a fresh proof of who gives it. */
export interface UnprovenCommand {
  /** What is done next, as a button says it. */
  goOn: string;
  run: () => Promise<unknown>;
}

/** How the commands reach the agents. */
export interface CommandsOptions {
  api: Pick<ApiClient, "control" | "controlTeam" | "stepUp">;
  user: PanelUser;
  /** The answer shows the agent with its new wish. */
  onView: (agent: AgentView) => void;
}

/** Sends commands to one or many agents and tells what became of each. */
export class Commands {
  readonly user: PanelUser;
  /** Agents with a command under way. */
  readonly busy: Signal<ReadonlySet<string>> = signal(new Set<string>());
  readonly pending: Signal<PendingCommand | null> = signal(null);
  readonly unproven: Signal<UnprovenCommand | null> = signal(null);
  readonly #api: CommandsOptions["api"];
  readonly #onView: CommandsOptions["onView"];

  constructor({ api, user, onView }: CommandsOptions) {
    this.#api = api;
    this.user = user;
    this.#onView = onView;
  }

  /** Runs a command, after a question where it needs one. */
  ask(action: ControlAction, agents: readonly AgentView[]): void {
    if (ACTION_WORDS[action].confirms) this.pending.value = { action, agents };
    else void this.run({ action, reason: "", positions: "close" }, agents);
  }

  /** The same for a whole team. */
  askTeam(
    action: TeamAction,
    { id, name, agents }: {
      id: string;
      name: string;
      agents: readonly AgentView[];
    },
  ): void {
    const request = { action, reason: "", positions: "close" } as const;
    if (ACTION_WORDS[action].confirms) {
      this.pending.value = { action, agents, team: { id, name } };
    } else void this.runTeam(request, { id, name });
  }

  /** Sends a command to a team, as one; what was left says why. */
  async runTeam(
    request: TeamControlRequest,
    { id, name }: { id: string; name: string },
  ): Promise<void> {
    const { done, label } = ACTION_WORDS[request.action];
    this.busy.value = new Set([...this.busy.value, id]);
    try {
      const { results } = await this.#api.controlTeam(id, request);
      const left = results.filter(({ outcome }) => outcome === "left");
      showToast(
        "ok",
        `The team ${name} is ${done}`,
        left.map(({ role, detail }) => `${role} was left: ${detail}`)
          .join(" · "),
      );
    } catch (error) {
      if (isProofNeeded(error)) {
        return this.#askProof(label, () => this.runTeam(request, { id, name }));
      }
      const refusal = `${label} of ${name} was refused`;
      showToast("danger", refusal, explain(error));
    } finally {
      this.busy.value = new Set(
        [...this.busy.value].filter((known) => known !== id),
      );
    }
  }

  /** Sends a command to each agent that can take it; the rest is told apart. */
  async run(
    request: ControlRequest,
    agents: readonly AgentView[],
  ): Promise<CommandResult[]> {
    const results = await Promise.all(
      agents.map((agent) => this.#send(request, agent)),
    );
    const waiting = agents.filter((_, place) => results[place]!.needsProof);
    if (waiting.length > 0) {
      this.#askProof(
        ACTION_WORDS[request.action].label,
        () => this.run(request, waiting),
      );
    }
    const settled = results.filter(({ needsProof }) => needsProof !== true);
    if (settled.length > 0) report(request.action, settled);
    return results;
  }

  /** Proves who gives the command that waits, and gives it once more. */
  async prove(proof: StepUpRequest): Promise<void> {
    await this.#api.stepUp(proof);
    const waiting = this.unproven.value;
    this.unproven.value = null;
    await waiting?.run();
  }

  #askProof(label: string, run: UnprovenCommand["run"]): void {
    this.unproven.value = { goOn: `Prove and ${label.toLowerCase()}`, run };
  }

  async #send(
    request: ControlRequest,
    agent: AgentView,
  ): Promise<CommandResult> {
    const result = { id: agent.id, name: agent.name };
    const refusal = whyNot(agent, request.action, this.user);
    if (refusal !== null) return { ...result, refusal };
    this.busy.value = new Set([...this.busy.value, agent.id]);
    try {
      this.#onView(await this.#api.control(agent.id, request));
      return { ...result, refusal: null };
    } catch (error) {
      const refusal = explain(error);
      return isProofNeeded(error)
        ? { ...result, refusal, needsProof: true }
        : { ...result, refusal };
    } finally {
      this.busy.value = new Set(
        [...this.busy.value].filter((id) => id !== agent.id),
      );
    }
  }
}

function report(
  action: ControlAction,
  results: readonly CommandResult[],
): void {
  const refused = results.filter(({ refusal }) => refusal !== null);
  const accepted = results.length - refused.length;
  const { done } = ACTION_WORDS[action];
  const detail = refused.map(({ name, refusal }) => `${name}: ${refusal}`).join(
    " · ",
  );
  const first = results[0];
  if (refused.length === 0 && first !== undefined) {
    showToast(
      "ok",
      results.length === 1
        ? `${first.name} is ${done}`
        : `${plural(accepted, "agent")} ${done}`,
    );
  } else {
    showToast(
      "danger",
      `${accepted} ${done}, ${refused.length} refused`,
      detail,
    );
  }
}

/** Says which agents of a selection a command would skip, and why. */
export function skipNote(
  action: ControlAction,
  agents: readonly AgentView[],
  user: PanelUser,
): string | null {
  const reasons = new Map<string, number>();
  for (const agent of agents) {
    const reason = whyNot(agent, action, user);
    if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  if (reasons.size === 0) return null;
  return [...reasons].map(([reason, count]) =>
    `skips ${count}: ${reason.toLowerCase()}`
  ).join("; ");
}
