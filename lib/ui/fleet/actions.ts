/**
 * Which command makes sense for an agent now, and why not where it does not.
 * The server decides again; this spares a person the refusal.
 *
 * @module
 */
import type { AccountView } from "../../contracts/account.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import type { AgentView, ControlAction } from "../../contracts/agent.ts";
import { controlAction } from "../../contracts/policy.ts";
import { isDueToStart, type ObservedState } from "../../contracts/lifecycle.ts";
import { type PanelUser, refusalOf } from "../roles.ts";
import type { GlyphName } from "../words.ts";

/** How a command looks and what it means. */
export interface ActionWord {
  label: string;
  glyph: GlyphName;
  meaning: string;
  /** Past tense, for results: "2 stopped". */
  done: string;
  /** Asks before it is sent. */
  confirms: boolean;
}

/** Every command. */
export const ACTION_WORDS: Readonly<Record<ControlAction, ActionWord>> = {
  start: {
    label: "Start",
    glyph: "play",
    meaning: "Starts the agent with its stored configuration",
    done: "starting",
    confirms: false,
  },
  pause: {
    label: "Pause",
    glyph: "pause",
    meaning: "Manages open positions, opens none",
    done: "pausing",
    confirms: false,
  },
  resume: {
    label: "Resume",
    glyph: "play",
    meaning: "Opens positions again",
    done: "resuming",
    confirms: false,
  },
  stop: {
    label: "Stop",
    glyph: "stop",
    meaning: "Withdraws all orders and ends the agent",
    done: "stopping",
    confirms: true,
  },
  restart: {
    label: "Restart",
    glyph: "restart",
    meaning: "Ends the worker and starts it from its last snapshot",
    done: "restarting",
    confirms: false,
  },
  kill: {
    label: "Kill",
    glyph: "cross",
    meaning:
      "Ends the worker at once; the desk refuses anything it still sends",
    done: "killed",
    confirms: true,
  },
  rearm: {
    label: "Re-arm trading",
    glyph: "check",
    meaning: "Lets the desk accept entries of this agent again",
    done: "re-armed",
    confirms: true,
  },
};

/** All commands, in the order in which they are offered; the contract's own list brings its schemas along. */
export const ACTIONS = Object.keys(ACTION_WORDS) as readonly ControlAction[];

/** What the rules look at. */
export type ActionSource =
  & Pick<AgentView, "desired" | "observed">
  & { account: Pick<AccountView, "tradingState"> | null }
  & Partial<Pick<AgentView, "type" | "owner">>;

const DOWN: readonly ObservedState[] = ["stopped", "killed", "quarantined"];

/** Why `action` cannot be used now, or null where it can. */
export function whyNot(
  agent: ActionSource,
  action: ControlAction,
  user: PanelUser,
): string | null {
  const forbidden = refusalOf(user, controlAction(action), agent);
  if (forbidden !== null) return forbidden;
  if (agent.desired === "retired") return "The agent is being removed";
  const isDown = isAtRest(agent);
  switch (action) {
    case "start":
      if (isDueToStart(agent)) return "Start requested";
      return isDown ? null : "Already started";
    case "pause":
      if (isDown || agent.observed === "stopping") return "Not running";
      return agent.desired === "paused" ? "Already paused" : wishToStop(agent);
    case "resume":
      if (isDown || agent.observed === "stopping") {
        return "Not running: start it instead";
      }
      return agent.desired === "paused" ? null : "Not paused";
    case "stop":
      if (isDown && agent.desired === "stopped") return "Already stopped";
      return wishToStop(agent);
    case "restart":
      return agent.desired === "stopped" ? "Stopped: start it instead" : null;
    case "kill":
      return isDown ? "Not running" : null;
    case "rearm":
      // What a risk manager has latched is at the desks.
      if (agent.type !== undefined && !hasAccount(agent.type)) return null;
      if (agent.account === null) return "The agent's account is not known yet";
      return agent.account.tradingState === "active"
        ? "Trading is active"
        : null;
  }
}

/** Nothing runs, and nothing is about to. */
function isAtRest(agent: ActionSource): boolean {
  return DOWN.includes(agent.observed) && !isDueToStart(agent);
}

function wishToStop(agent: ActionSource): string | null {
  return agent.desired === "stopped" && !isAtRest(agent)
    ? "Stop requested"
    : null;
}

/** The command of a row's first button: what a person most likely wants next. */
export function mainAction(agent: ActionSource): "start" | "pause" | "resume" {
  if (isAtRest(agent) || agent.observed === "stopping") {
    return "start";
  }
  return agent.desired === "paused" || agent.observed === "paused"
    ? "resume"
    : "pause";
}
