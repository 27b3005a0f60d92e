import { AppError } from "../../core/errors.ts";
import type { AgentRecord, ResourceEstimate } from "../../contracts/agent.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import type { FeedConfig } from "../../contracts/feed.ts";
import type { TeamPlace } from "../../contracts/team.ts";
import type { FleetContext } from "../context.ts";
import { needsInference } from "../inference.ts";
import { ENGINE_WARM_UP_CANDLES, WARM_UP_CANDLES } from "../limits.ts";
import type { Caller } from "../port.ts";
import { openStream, streamOf } from "../wiring.ts";

/** An agent that is about to be stored for the first time. */
export interface NewAgent {
  id: string;
  config: AgentConfig;
  templateName: string | null;
  /** What is expected of it before its spawn. */
  estimate: ResourceEstimate | null;
  team?: TeamPlace;
}

/**
 * Opens the market of a new agent; a risk manager is told of candles by the desks.
 *
 * @returns Its last candle; −1 before the first.
 * @throws {AppError} CONFIG_INVALID with the field to change where it cannot be opened.
 */
export async function openMarket(
  context: FleetContext,
  agent: Pick<NewAgent, "id" | "config">,
): Promise<number> {
  if (!hasAccount(agent.config.type)) return -1;
  try {
    return (await openStream(context, streamOf(agent))).headSeq;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const pointer = pointerOf(error, agent.config.feed.kind);
    throw new AppError("CONFIG_INVALID", detail, {
      status: 422,
      errors: [{ pointer, code: "FEED_UNUSABLE", detail }],
      cause: error,
    });
  }
}

/** The record of a new agent that trades from the candle after `headSeq` on. */
export function newRecord(
  context: FleetContext,
  { id, config, templateName, estimate, team }: NewAgent,
  { headSeq, caller, commandId }: {
    headSeq: number;
    caller: Caller;
    commandId: string;
  },
): AgentRecord {
  const at = context.clock.nowMs();
  const history = needsInference(config)
    ? ENGINE_WARM_UP_CANDLES
    : WARM_UP_CANDLES;
  return {
    id,
    ownerId: caller.userId,
    ownerEmail: caller.email,
    config,
    configVersion: 1,
    desired: "running",
    desiredReason: `Spawned by ${caller.email}`,
    stopPositions: "close",
    createdAt: at,
    updatedAt: at,
    commandId,
    startSeq: Math.max(0, headSeq + 1 - history),
    tradeFromSeq: headSeq + 1,
    streamId: streamOf({ id, config }).streamId,
    templateName,
    estimate,
    ...(team === undefined ? {} : { team }),
  };
}

/** The field that has to change before a feed can be opened. */
function pointerOf(error: unknown, kind: FeedConfig["kind"]): string {
  const code = error instanceof AppError ? error.code : null;
  if (code === "CANDLES_TIMEFRAME") return "/timeframe";
  if (code === "MARKET_UNKNOWN") return "/symbol";
  if (kind === "exchange") return "/feed/exchange";
  return kind === "replay" ? "/feed/file" : "/feed";
}
