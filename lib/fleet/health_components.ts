import type { ChildStatus } from "../../actors/mod.ts";
import type { FoundComponent, HealthState } from "../contracts/health.ts";
import type { FleetContext } from "./context.ts";
import { PAPER_DESK_ID } from "./desk_ids.ts";
import { checkHost } from "./host_health.ts";
import type { AgentEntry } from "./registry.ts";

/** Names shown of many; the rest is counted. */
const NAMED_MAX = 3;

/** The parts that the fleet looks after, without asking a worker. */
export function readComponents(
  context: Pick<FleetContext, "agents" | "host" | "storage" | "supervisor">,
): readonly FoundComponent[] {
  const storage = context.storage.check();
  const host = checkHost(context.host);
  return [
    {
      name: storage.name,
      state: storage.ok ? "ok" : "down",
      cause: storage.detail,
      isEssential: true,
    },
    ...context.supervisor.list().filter(({ kind }) => kind !== "agent")
      .map(ofWorker),
    ...ofAgents(context.agents.all()),
    {
      name: host.name,
      state: host.ok ? "ok" : "degraded",
      cause: host.detail,
    },
  ];
}

function ofWorker(child: ChildStatus): FoundComponent {
  return {
    name: child.id,
    state: stateOf(child),
    cause: `The worker is ${child.state.replace("_", " ")}: ${child.cause}`,
    sinceMs: child.since,
    // Those of exchanges are for some agents only, and so are models.
    isEssential: child.id === PAPER_DESK_ID,
  };
}

function stateOf({ state }: Pick<ChildStatus, "state">): HealthState {
  switch (state) {
    case "running":
    case "paused":
      return "ok";
    case "degraded":
    case "starting":
    case "reconciling":
      return "degraded";
    default:
      return "down";
  }
}

/** What agents suffer from, by where it comes from. */
function ofAgents(agents: readonly AgentEntry[]): FoundComponent[] {
  const open = agents.filter(({ isOpen }) => isOpen);
  const failed = agents.filter(({ observed: { state } }) =>
    state === "quarantined" || state === "backing_off"
  );
  const hungry = open.filter(({ feedProblem }) => feedProblem !== null);
  const troubled = open.filter(({ venueProblems }) => venueProblems.size > 0);
  return [
    {
      name: "supervisor",
      state: failed.length === 0 ? "ok" : "degraded",
      cause: failed.length === 0
        ? `None of ${agents.length} agents waits for a restart`
        : `${failed.length} of ${agents.length} agents failed and wait: ${
          namesOf(failed)
        }`,
    },
    {
      name: "feeds",
      state: hungry.length === 0 ? "ok" : "degraded",
      cause: hungry.length === 0
        ? "Every market comes"
        : `${hungry.length} agents get no market: ${hungry[0]!.feedProblem}`,
    },
    {
      name: "venues",
      state: troubled.length === 0 ? "ok" : "degraded",
      cause: troubled.length === 0
        ? "No exchange needs anybody"
        : `${troubled.length} agents have trouble with their exchange: ${
          [...troubled[0]!.venueProblems.values()][0]
        }`,
    },
  ];
}

function namesOf(agents: readonly AgentEntry[]): string {
  const names = agents.slice(0, NAMED_MAX).map(({ record }) =>
    record.config.name
  );
  const more = agents.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
