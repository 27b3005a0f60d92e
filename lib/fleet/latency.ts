import type { LatencyResponse } from "../contracts/agent.ts";
import type {
  DeskFigures,
  DeskLatencies,
  DeskLatencyQuery,
  DeskLatencyView,
  LatencyQuery,
} from "../contracts/latency.ts";
import type { FleetContext } from "./context.ts";
import { deskIdOf } from "./desk_ids.ts";
import { ASK_DEADLINE_MS } from "./limits.ts";
import type { AgentEntry } from "./registry.ts";

/** How long signals and decisions of an agent take, stage by stage; what its desk says is null while that is down or its account is not open. */
export async function readLatency(
  context: FleetContext,
  entry: AgentEntry,
): Promise<LatencyResponse> {
  const { id, config } = entry.record;
  return {
    agentId: id,
    signals: entry.latency,
    desk: entry.isOpen ? await askStages(context, { id, config }) : null,
  };
}

/** How long decisions take at each desk, over all its accounts, and what its venue lets through; desks that are down are left out. */
export async function readDeskLatencies(
  { desks, supervisor }: FleetContext,
): Promise<readonly DeskLatencies[]> {
  const query: DeskLatencyQuery = { type: "latencies" };
  const answers = await Promise.allSettled(
    [...desks.keys()].map(async (desk) => ({
      desk,
      ...await supervisor.ask(desk, query, {
        deadlineMs: ASK_DEADLINE_MS,
      }) as DeskFigures,
    })),
  );
  return answers.flatMap((answer) =>
    answer.status === "fulfilled" ? [answer.value] : []
  );
}

async function askStages(
  { supervisor }: FleetContext,
  { id, config }: Pick<AgentEntry["record"], "id" | "config">,
): Promise<LatencyResponse["desk"]> {
  const query: LatencyQuery = { type: "latency", agentId: id };
  try {
    const view = await supervisor.ask(deskIdOf(config), query, {
      deadlineMs: ASK_DEADLINE_MS,
    }) as DeskLatencyView;
    return view.stages;
  } catch {
    return null;
  }
}
