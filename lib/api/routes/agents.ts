import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import {
  type AgentView,
  configRequestSchema,
  CONTROL_ACTIONS,
  controlRequestSchema,
  reducesRisk,
  spawnRequestSchema,
} from "../../contracts/agent.ts";
import {
  agentDetailSchema,
  agentViewSchema,
  configResponseSchema,
  validationResponseSchema,
} from "../../contracts/answers/agent.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import { AppError } from "../../core/errors.ts";
import { agentListSchema, listAgents } from "../agent_list.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { agentIdOf } from "../input.ts";
import { createRouter, type Router } from "../openapi/router.ts";
import { agentInPath, ifThere } from "../subjects.ts";
import { controlAction } from "../../contracts/policy.ts";

/** With `fields` a part of each agent, its id always. */
const listedAgentSchema = agentViewSchema.partial().required({ id: true });

/** Agents: list, check a configuration, read, delete. */
export function agentRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { fleet } = options;
  const { app, define } = createRouter(options, authorizer);
  const ofAgent = agentInPath(fleet);
  define({
    method: "get",
    path: "/",
    summary: "List agents, newest first",
    tag: "agents",
    action: "agents.read",
    query: agentListSchema,
    answer: pageOf(listedAgentSchema),
    marksSeq: true,
  }, ({ query }) => listAgents(fleet.list(), query));
  define(
    {
      method: "post",
      path: "/validate",
      summary: "Check a configuration: errors, warnings, estimate, worst case",
      details:
        "Takes the configuration itself or a spawn request. Whatever is wrong is in the answer, not a problem.",
      tag: "agents",
      action: "agents.validate",
      body: z.unknown(),
      answer: validationResponseSchema,
    },
    ({ body, caller }) => fleet.validate(configIn(body), caller),
  );
  define({
    method: "get",
    path: "/:id",
    summary: "Read one agent with configuration and history",
    tag: "agents",
    action: "agents.read",
    answer: agentDetailSchema,
    etag: ({ configVersion }) => configVersion,
    marksSeq: true,
    problems: ["AGENT_NOT_FOUND"],
  }, ({ c }) => fleet.get(agentIdOf(c)));
  define({
    method: "delete",
    path: "/:id",
    summary: "Stop an agent for good and forget it; trades and logs stay",
    tag: "agents",
    action: "agents.delete",
    guards: [authorizer.allow("agents.delete", ifThere(ofAgent))],
    answer: null,
    idempotency: "optional",
    problems: ["AGENT_NOT_FOUND", "AGENT_STATE_CONFLICT", "STORE_UNAVAILABLE"],
  }, ({ c, caller }) => fleet.remove(agentIdOf(c), caller));
  return app;
}

/** Commands to agents: spawn, configure, control. */
export function agentCommandRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const router = createRouter(options, authorizer);
  defineSpawn(router, { options, authorizer });
  defineConfigure(router, { options, authorizer });
  defineControl(router, { options, authorizer });
  return router.app;
}

function defineSpawn(
  { define }: Router,
  { options, authorizer }: { options: ApiOptions; authorizer: Authorizer },
): void {
  define({
    method: "post",
    path: "/spawn",
    summary: "Spawn an agent",
    details:
      "It starts by itself; the answer shows it as it is stored. Live trading needs confirmName and a fresh proof.",
    tag: "agents",
    action: "agents.spawn",
    guards: [
      authorizer.allow("agents.spawn"),
      authorizer.byBody(["agents.live"]),
    ],
    body: spawnRequestSchema,
    answer: agentViewSchema,
    status: 201,
    idempotency: "required",
    location: ({ id }) => `/api/agents/${id}`,
    etag: ({ configVersion }) => configVersion,
    addsRisk: true,
    prepare: async ({ c, body }) => {
      if (body.config.mode === "live") {
        await authorizer.authorize(c, "agents.live");
      }
    },
    problems: [
      "AGENT_NAME_TAKEN",
      "QUOTA_EXCEEDED",
      "CONFIG_INVALID",
      "EMERGENCY_LATCHED",
      "FRESH_PROOF_NEEDED",
      "STORE_UNAVAILABLE",
      "WARNINGS_UNREAD",
    ],
  }, ({ body, caller }) => inConfig(() => options.fleet.spawn(body, caller)));
}

function defineConfigure(
  { define }: Router,
  { options, authorizer }: { options: ApiOptions; authorizer: Authorizer },
): void {
  const { fleet } = options;
  define(
    {
      method: "put",
      path: "/:id/config",
      summary: "Change the configuration",
      tag: "agents",
      action: "agents.configure",
      guards: [authorizer.allow("agents.configure", agentInPath(fleet))],
      body: configRequestSchema,
      answer: configResponseSchema,
      needsVersion: true,
      etag: ({ configVersion }) => configVersion,
      problems: [
        "AGENT_NOT_FOUND",
        "AGENT_STATE_CONFLICT",
        "CONFIG_INVALID",
        "CONFIG_STALE",
        "FRESH_PROOF_NEEDED",
        "STORE_UNAVAILABLE",
      ],
    },
    ({ c, body: { config }, version, caller }) =>
      inConfig(() =>
        fleet.updateConfig(agentIdOf(c), config, {
          expectedVersion: version,
          caller,
        })
      ),
  );
}

function defineControl(
  { define }: Router,
  { options, authorizer }: { options: ApiOptions; authorizer: Authorizer },
): void {
  define(
    {
      method: "post",
      path: "/:id/control",
      summary:
        "Command an agent: start, pause, resume, stop, restart, kill, rearm",
      details:
        "Accepted, not done: the answer shows the agent as it is now, the stream tells when it has happened.",
      tag: "agents",
      action: "by body",
      guards: [authorizer.byBody(CONTROL_ACTIONS.map(controlAction))],
      body: controlRequestSchema,
      answer: agentViewSchema,
      status: 202,
      idempotency: "required",
      addsRisk: ({ action }) => !reducesRisk(action),
      prepare: ({ c, body: { action } }) =>
        authorizer.authorize(
          c,
          controlAction(action),
          agentInPath(options.fleet),
        ),
      problems: [
        "AGENT_NOT_FOUND",
        "AGENT_STATE_CONFLICT",
        "AGENT_UNREACHABLE",
        "EMERGENCY_LATCHED",
        "JOURNAL_UNAVAILABLE",
        "MAILBOX_FULL",
        "STORE_UNAVAILABLE",
      ],
    },
    ({ c, body, caller }): Promise<AgentView> =>
      options.fleet.control(agentIdOf(c), body, caller),
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
