import { AppError } from "../../core/errors.ts";
import type {
  AgentRecord,
  AgentView,
  SpawnRequest,
} from "../../contracts/agent.ts";
import type { FeedConfig } from "../../contracts/feed.ts";
import type { FleetContext } from "../context.ts";
import { needsInference } from "../inference.ts";
import { ENGINE_WARM_UP_CANDLES, WARM_UP_CANDLES } from "../limits.ts";
import type { Caller } from "../port.ts";
import { toView } from "../view.ts";
import { openStream, streamOf } from "../wiring.ts";
import { addAgent } from "./add_agent.ts";
import { type CommandOptions, refuseInvalid, validateFor } from "./checks.ts";
import { saveAndSettle } from "./doubt.ts";
import { auditOf } from "./records.ts";

/** Stores a new agent and lets it start. */
export async function spawnAgent(
  context: FleetContext,
  request: SpawnRequest,
  options: CommandOptions,
): Promise<AgentView> {
  const checked = validateFor(context, request.config, options);
  refuseInvalid(checked);
  if (checked.warnings.length > 0 && !request.acknowledgeWarnings) {
    throw new AppError(
      "WARNINGS_UNREAD",
      "The configuration has warnings: read them and send acknowledgeWarnings = true",
      { status: 422, errors: checked.warnings },
    );
  }
  refuseUnconfirmed(request);
  refuseFullHost(context);
  context.storage.refuseNewRisk(`spawn "${request.config.name}"`);
  const record = await createRecord(context, request, options.caller);
  context.emergency.refuseLatched(`spawn "${request.config.name}"`, {
    record,
  });
  const audit = auditOf(context, options.caller, {
    action: "agent.spawn",
    target: record.id,
    reason: "",
    detail: { config: record.config, template: record.templateName },
  });
  const stored = await saveAndSettle(context, record, {
    expected: null,
    audit,
  });
  if (stored?.commandId !== record.commandId) {
    throw new AppError(
      "AGENT_NAME_TAKEN",
      `The name "${record.config.name}" was just taken`,
      {
        status: 409,
      },
    );
  }
  return toView(addAgent(context, record));
}

/** Money is at stake: nobody spawns a live agent by a slip of the hand. */
function refuseUnconfirmed({ config, confirmName }: SpawnRequest): void {
  if (config.mode === "paper" || confirmName === config.name) return;
  const detail =
    `"${config.name}" trades with money: type its name once more as confirmName`;
  throw new AppError("CONFIG_INVALID", detail, {
    status: 422,
    errors: [{ pointer: "/confirmName", code: "LIVE_UNCONFIRMED", detail }],
  });
}

function refuseFullHost(context: FleetContext): void {
  const running = context.agents.all().filter((entry) =>
    entry.record.desired !== "retired"
  );
  if (running.length < context.settings.maxAgentsPerHost) return;
  throw new AppError(
    "AGENT_QUOTA_REACHED",
    `This host runs ${running.length} of ${context.settings.maxAgentsPerHost} agents; delete one or raise MAX_AGENTS_PER_HOST`,
    { status: 409 },
  );
}

async function createRecord(
  context: FleetContext,
  request: SpawnRequest,
  caller: Caller,
): Promise<AgentRecord> {
  const id = context.ids("agt");
  const stream = streamOf({ id, config: request.config });
  const opened = await openStream(context, stream).catch((error) => {
    const detail = error instanceof Error ? error.message : String(error);
    const pointer = pointerOf(error, request.config.feed.kind);
    throw new AppError("CONFIG_INVALID", detail, {
      status: 422,
      errors: [{ pointer, code: "FEED_UNUSABLE", detail }],
      cause: error,
    });
  });
  const history = needsInference(request.config)
    ? ENGINE_WARM_UP_CANDLES
    : WARM_UP_CANDLES;
  const startSeq = Math.max(0, opened.headSeq + 1 - history);
  const at = context.clock.nowMs();
  return {
    id,
    ownerId: caller.userId,
    config: request.config,
    configVersion: 1,
    desired: "running",
    desiredReason: `Spawned by ${caller.email}`,
    stopPositions: "close",
    createdAt: at,
    updatedAt: at,
    commandId: context.ids("cmd"),
    startSeq,
    tradeFromSeq: opened.headSeq + 1,
    streamId: stream.streamId,
    templateName: request.template ?? null,
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
