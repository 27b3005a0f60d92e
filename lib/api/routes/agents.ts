import { Hono } from "hono";
import {
  configRequestSchema,
  controlRequestSchema,
  reducesRisk,
  spawnRequestSchema,
} from "../../contracts/agent.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import { AppError } from "../../core/errors.ts";
import { agentListSchema, listAgents } from "../agent_list.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiOptions,
  callerOf,
  markStreamSeq,
} from "../context.ts";
import { requireFreshFactor } from "../fresh_proof.ts";
import type { Authorizer } from "../gate.ts";
import { requireIdempotencyKey, runOnce } from "../idempotency.ts";
import { agentIdOf, readJson, readQuery } from "../input.ts";
import { refuseWhileHeld, runOnceOrNow } from "../without_store.ts";
import { controlAction } from "../../contracts/policy.ts";

/** Agents: list, check a configuration, read, delete. */
export function agentRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { fleet } = options;
  return new Hono<ApiEnv>()
    .get("/", allow("agents.read"), (c) => {
      const query = readQuery(c, agentListSchema);
      markStreamSeq(c, options.headSeq());
      return c.json(listAgents(fleet.list(), query));
    })
    .post("/validate", allow("agents.validate"), async (c) => {
      const { value } = await readJson(c);
      return c.json(fleet.validate(configIn(value), callerOf(c)));
    })
    .get("/:id", allow("agents.read"), (c) => {
      markStreamSeq(c, options.headSeq());
      const agent = fleet.get(agentIdOf(c));
      c.header("ETag", etagOf(agent.configVersion));
      return c.json(agent);
    })
    .delete("/:id", allow("agents.delete"), async (c) => {
      await fleet.remove(agentIdOf(c), callerOf(c));
      return c.body(null, 204);
    });
}

/** Commands to agents: spawn, configure, control. */
export function agentCommandRoutes(
  options: ApiOptions,
  { allow, authorize }: Authorizer,
): Hono<ApiEnv> {
  const { fleet } = options;
  return new Hono<ApiEnv>()
    .post("/spawn", allow("agents.spawn"), async (c) => {
      refuseWhileHeld(fleet);
      const key = requireIdempotencyKey(c);
      const body = await readJson(c);
      const request = spawnRequestSchema.parse(body.value);
      if (request.config.mode === "live") {
        await authorize(c, "agents.live");
        requireFreshFactor(c, options);
      }
      const run = async () => {
        const agent = await inConfig(() => fleet.spawn(request, callerOf(c)));
        return stored(agent, 201, {
          "Location": `/api/agents/${agent.id}`,
          "ETag": etagOf(agent.configVersion),
        });
      };
      return await runOnce(c, { ...options, key, body, run });
    })
    .put("/:id/config", allow("agents.configure"), async (c) => {
      const expectedVersion = requireVersion(c);
      const { config } = configRequestSchema.parse((await readJson(c)).value);
      // Limits of a live agent are loosened by nobody who only found the panel open.
      if (config.mode === "live" || guardsLive(fleet, agentIdOf(c))) {
        requireFreshFactor(c, options);
      }
      const answer = await inConfig(() =>
        fleet.updateConfig(agentIdOf(c), config, {
          expectedVersion,
          caller: callerOf(c),
        })
      );
      c.header("ETag", etagOf(answer.configVersion));
      return c.json(answer);
    })
    .post("/:id/control", async (c) => {
      const key = requireIdempotencyKey(c);
      const body = await readJson(c);
      const request = controlRequestSchema.parse(body.value);
      await authorize(c, controlAction(request.action));
      const isSafe = reducesRisk(request.action);
      if (!isSafe) refuseWhileHeld(fleet);
      // Accepted, not done: the answer shows the agent as it is now.
      const run = async () =>
        stored(await fleet.control(agentIdOf(c), request, callerOf(c)), 202);
      const once = { ...options, key, body, run };
      return await (isSafe ? runOnceOrNow(c, once) : runOnce(c, once));
    });
}

/** Whether it is a risk manager over agents that trade with money. */
function guardsLive(fleet: ApiOptions["fleet"], id: string): boolean {
  return !hasAccount(fleet.get(id).type) &&
    fleet.risk(id).guarded.some(({ agentId }) =>
      fleet.get(agentId).mode === "live"
    );
}

/** A form may send its spawn request as it is, or only the configuration. */
function configIn(value: unknown): unknown {
  return typeof value === "object" && value !== null && "config" in value
    ? value.config
    : value;
}

/** The fleet's field errors start at the configuration; a client needs them from the top of what it sent. */
async function inConfig<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AppError) || error.errors.length === 0) throw error;
    throw new AppError(error.code, error.message, {
      status: error.status,
      cause: error.cause,
      errors: error.errors.map((field) => ({
        ...field,
        pointer: field.pointer.startsWith("/config")
          ? field.pointer
          : `/config${field.pointer}`,
      })),
    });
  }
}

function stored(
  value: unknown,
  status: number,
  headers: Record<string, string> = {},
) {
  return {
    status,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(value),
  };
}

function etagOf(configVersion: number): string {
  return `"${configVersion}"`;
}

function requireVersion(c: ApiContext): number {
  const header = c.req.header("if-match")?.trim() ?? "";
  if (header === "") {
    throw new AppError(
      "IF_MATCH_MISSING",
      'Send the ETag that GET /api/agents/{id} gave as If-Match, for instance If-Match: "3"',
    );
  }
  const match = /^"(\d{1,12})"$/.exec(header);
  if (match === null) {
    throw new AppError(
      "REQUEST_MALFORMED",
      `If-Match must be one ETag in double quotes such as "3", not ${
        header.slice(0, 40)
      }`,
    );
  }
  return Number(match[1]);
}
