import { type Signal, signal } from "@preact/signals";
import type {
  AgentView,
  ControlAction,
  ControlRequest,
} from "../../contracts/agent.ts";
import { BATCH_AGENTS_MAX } from "../../contracts/batch_size.ts";
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
import {
  type BatchReport,
  type CommandResult,
  headline,
} from "./batch_report.ts";
import type { FleetAgent } from "./fleet_agent.ts";

/** A command that waits for confirmation. */
export interface PendingCommand {
  action: ControlAction;
  agents: readonly FleetAgent[];
  /** The team that the agents are, where the command is to all of it. */
  team?: { id: string; name: string };
}

/** A command that waits for a fresh proof of who gives it. */
export interface UnprovenCommand {
  /** What is done next, as a button says it. */
  goOn: string;
  run: () => Promise<unknown>;
}

/** How the commands reach the agents. */
export interface CommandsOptions {
  api: Pick<
    ApiClient,
    "control" | "controlBatch" | "controlTeam" | "stepUp"
  >;
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
  /** What is shown of the last command to several agents. */
  readonly report: Signal<BatchReport | null> = signal(null);
  /** How far a command to many agents is. */
  readonly progress: Signal<{ sent: number; total: number } | null> = signal(
    null,
  );
  /** Why no command can be given any more, or null. */
  readonly barred: Signal<string | null> = signal(null);
  readonly #api: CommandsOptions["api"];
  readonly #onView: CommandsOptions["onView"];

  constructor({ api, user, onView }: CommandsOptions) {
    this.#api = api;
    this.user = user;
    this.#onView = onView;
  }

  /** Runs a command, after a question where it needs one or would skip some of the agents. */
  ask(action: ControlAction, agents: readonly FleetAgent[]): void {
    const skips = agents.length > 1 &&
      agents.some((agent) => whyNot(agent, action, this.user) !== null);
    const asks = ACTION_WORDS[action].confirms || skips;
    if (asks) this.pending.value = { action, agents };
    else void this.run({ action, reason: "", positions: "close" }, agents);
  }

  /** The same for a whole team. */
  askTeam(
    action: TeamAction,
    { id, name, agents }: {
      id: string;
      name: string;
      agents: readonly FleetAgent[];
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
    agents: readonly FleetAgent[],
  ): Promise<CommandResult[]> {
    const able = agents.filter((agent) =>
      whyNot(agent, request.action, this.user) === null
    );
    const sent = agents.length === 1
      ? await this.#sendOne(request, able)
      : await this.#sendMany(request, able);
    const results = agents.map((agent) =>
      sent.get(agent.id) ?? {
        id: agent.id,
        name: agent.name,
        refusal: whyNot(agent, request.action, this.user) ?? "Not sent",
      }
    );
    const waiting = agents.filter((_, place) => results[place]!.needsProof);
    if (waiting.length > 0) {
      this.#askProof(
        ACTION_WORDS[request.action].label,
        () => this.run(request, waiting),
      );
    }
    const settled = results.filter(({ needsProof }) => needsProof !== true);
    if (settled.length > 0) this.#tell(request.action, settled);
    return results;
  }

  /** Proves who gives the command that waits, and gives it once more. */
  async prove(proof: StepUpRequest): Promise<void> {
    await this.#api.stepUp(proof);
    const waiting = this.unproven.value;
    this.unproven.value = null;
    await waiting?.run();
  }

  /** The report as a message, where its table cannot be shown. */
  tellReport(): void {
    const report = this.report.value;
    this.report.value = null;
    if (report === null) return;
    const refused = report.results.filter(({ refusal }) => refusal !== null)
      .map(({ name, refusal }) => `${name}: ${refusal}`);
    showToast("danger", headline(report), refused.join(" · "));
  }

  #askProof(label: string, run: UnprovenCommand["run"]): void {
    this.unproven.value = { goOn: `Prove and ${label.toLowerCase()}`, run };
  }

  async #sendOne(
    request: ControlRequest,
    [agent]: readonly FleetAgent[],
  ): Promise<Map<string, CommandResult>> {
    if (agent === undefined) return new Map();
    const { id, name } = agent;
    return await this.#whileBusy([agent], async () => {
      try {
        this.#onView(await this.#api.control(id, request));
        return new Map([[id, { id, name, refusal: null }]]);
      } catch (error) {
        return refusedAll([agent], error);
      }
    });
  }

  /** In as many requests as the server's bound for one asks for, one after the other. */
  async #sendMany(
    request: ControlRequest,
    agents: readonly FleetAgent[],
  ): Promise<Map<string, CommandResult>> {
    const results = new Map<string, CommandResult>();
    for (let from = 0; from < agents.length; from += BATCH_AGENTS_MAX) {
      const part = agents.slice(from, from + BATCH_AGENTS_MAX);
      this.progress.value = { sent: from, total: agents.length };
      // deno-lint-ignore no-await-in-loop -- one request at a time: each is long enough
      const told = await this.#whileBusy(
        part,
        () => this.#sendPart(request, part),
      );
      for (const [id, result] of told) results.set(id, result);
    }
    this.progress.value = null;
    return results;
  }

  async #sendPart(
    request: ControlRequest,
    part: readonly FleetAgent[],
  ): Promise<Map<string, CommandResult>> {
    try {
      const ids = part.map(({ id }) => id);
      const answer = await this.#api.controlBatch(ids, request);
      return new Map(
        answer.results.map(({ id, name, agent, code, detail }) => {
          if (agent !== null) this.#onView(agent);
          const result = {
            id,
            name: name ?? id,
            refusal: agent === null ? detail ?? "Refused" : null,
          };
          return [
            id,
            code === "FRESH_PROOF_NEEDED"
              ? { ...result, needsProof: true as const }
              : result,
          ];
        }),
      );
    } catch (error) {
      return refusedAll(part, error);
    }
  }

  async #whileBusy<T>(
    agents: readonly FleetAgent[],
    run: () => Promise<T>,
  ): Promise<T> {
    const ids = new Set(agents.map(({ id }) => id));
    this.busy.value = new Set([...this.busy.peek(), ...ids]);
    try {
      return await run();
    } finally {
      this.busy.value = new Set(
        [...this.busy.peek()].filter((id) => !ids.has(id)),
      );
    }
  }

  /** One agent, or all of them as wanted, in a message; anything else agent by agent. */
  #tell(action: ControlAction, results: readonly CommandResult[]): void {
    const { done } = ACTION_WORDS[action];
    const refused = results.filter(({ refusal }) => refusal !== null);
    const first = results[0];
    if (refused.length > 0 && results.length > 1) {
      this.report.value = { done, results };
    } else if (refused.length === 0 && first !== undefined) {
      const many = `${plural(results.length, "agent")} ${done}`;
      const one = `${first.name} is ${done}`;
      showToast("ok", results.length === 1 ? one : many);
    } else if (first !== undefined) {
      const { label } = ACTION_WORDS[action];
      const refusal = `${label} of ${first.name} was refused`;
      showToast("danger", refusal, first.refusal);
    }
  }
}

function refusedAll(
  agents: readonly FleetAgent[],
  error: unknown,
): Map<string, CommandResult> {
  const refusal = explain(error);
  const proof = isProofNeeded(error) ? { needsProof: true as const } : {};
  return new Map(
    agents.map(({ id, name }) => [id, { id, name, refusal, ...proof }]),
  );
}
