import type { Services } from "../../lib/api/page_state.ts";
import { AppError } from "../../lib/core/errors.ts";
import type { AgentDetail } from "../../lib/contracts/agent.ts";

/** An agent that is asked for by its id and was removed from the fleet; its log is still there. */
export class AgentGone extends AppError {
  readonly agentId: string;

  constructor({ agentId, agentName }: { agentId: string; agentName: string }) {
    super(
      "AGENT_NOT_FOUND",
      `${agentName} was removed from the fleet; its log and audit entries stay on record`,
      { status: 404 },
    );
    this.agentId = agentId;
  }
}

/**
 * An agent of the fleet.
 *
 * @throws {AppError} AGENT_NOT_FOUND; as {@link AgentGone} where the log knows it.
 */
export async function findAgent(
  { fleet, logs }: Pick<Services, "fleet" | "logs">,
  id: string,
): Promise<AgentDetail> {
  try {
    return fleet.get(id);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "AGENT_NOT_FOUND") {
      throw error;
    }
    const last = await logs({
      agentId: id,
      level: undefined,
      category: undefined,
      limit: 1,
    }).catch(() => ({ items: [] }));
    const name = last.items[0]?.agentName ?? null;
    if (name === null) throw error;
    throw new AgentGone({ agentId: id, agentName: name });
  }
}
