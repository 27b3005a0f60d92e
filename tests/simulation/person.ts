import type { Caller } from "../../lib/fleet/port.ts";
import { AppError } from "../../lib/core/errors.ts";
import type { AgentPlan } from "./draw_agent.ts";
import type { CommandPlan } from "./scenario.ts";
import type { World } from "./world.ts";

const CALLER: Caller = { userId: "usr_1", email: "a@b.c", via: "api" };

/** Pause before a person repeats what was not answered or refused. */
const REPEAT_MS = 700;

/** One command that was sent, and what the person knows of it. */
export interface SentCommand {
  agentId: string;
  action: string;
  outcome: "unknown" | "done" | "refused";
}

/** The person at the panel: spawns the agents of a scenario and commands them. */
export class Person {
  /** Ids of the agents by their number, as far as the person was told. */
  readonly agents = new Map<number, string>();
  readonly sent: SentCommand[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Asks for an agent until it exists: an answer that got lost is found by the name. */
  spawn(plan: AgentPlan, number: number): void {
    const again = () =>
      void this.#world.clock.after(REPEAT_MS, () => this.spawn(plan, number));
    const { running } = this.#world;
    if (running === null) return again();
    const known = running.fleet.list().find(({ name }) =>
      name === plan.config.name
    );
    if (known !== undefined) {
      this.agents.set(number, known.id);
      return;
    }
    const command = {
      agentId: "",
      action: "spawn",
      outcome: "unknown",
    } as SentCommand;
    let isAnswered = false;
    running.fleet.spawn(
      { config: plan.config, acknowledgeWarnings: true },
      CALLER,
    ).then((view) => {
      isAnswered = true;
      this.agents.set(number, view.id);
      this.sent.push({ ...command, agentId: view.id, outcome: "done" });
    }, () => {
      isAnswered = true;
      again();
    });
    // A process that died answers nothing.
    running.boot.onEnd(() => {
      if (!isAnswered) again();
    });
  }

  /** Sends one command, if the process runs and the agent is known. */
  command(plan: CommandPlan): void {
    const agentId = this.agents.get(plan.agent);
    const { running } = this.#world;
    if (running === null || agentId === undefined) return;
    for (let times = plan.isRepeated ? 2 : 1; times > 0; times--) {
      const command: SentCommand = {
        agentId,
        action: auditNameOf(plan.action),
        outcome: "unknown",
      };
      this.sent.push(command);
      if (plan.action === "start") this.#world.monitor.released(agentId);
      this.#send(plan, agentId).then(() => {
        if (!running.boot.isAlive) return;
        command.outcome = "done";
        if (plan.action === "kill") this.#world.monitor.killed(agentId);
      }, (error) => {
        if (!(error instanceof AppError)) this.#world.uncaught(error);
        if (running.boot.isAlive) command.outcome = "refused";
      });
    }
  }

  async #send(plan: CommandPlan, agentId: string): Promise<void> {
    const { fleet } = this.#world.running!;
    switch (plan.action) {
      case "remove":
        return await fleet.remove(agentId, CALLER);
      case "configure": {
        const { config, configVersion } = fleet.get(agentId);
        await fleet.updateConfig(agentId, {
          ...config,
          risk: { ...config.risk, riskPerTradePct: 0.3 },
        }, { expectedVersion: configVersion, caller: CALLER });
        return;
      }
      default: {
        const { action, positions } = plan;
        await fleet.control(agentId, { action, positions, reason: "" }, CALLER);
      }
    }
  }
}

function auditNameOf(action: CommandPlan["action"]): string {
  if (action === "configure") return "agent.config";
  return action === "remove" ? "agent.delete" : `agent.${action}`;
}
