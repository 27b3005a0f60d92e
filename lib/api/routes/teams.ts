import type { OpenAPIHono } from "@hono/zod-openapi";
import { reducesRisk } from "../../contracts/agent.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import {
  teamControlResponseSchema,
  teamTemplateSchema,
  teamValidationResponseSchema,
  teamViewSchema,
} from "../../contracts/answers/team.ts";
import { controlAction } from "../../contracts/policy.ts";
import {
  TEAM_ACTIONS,
  teamControlSchema,
  teamSpawnSchema,
  teamValidateSchema,
} from "../../contracts/team.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { idOf } from "../input.ts";
import { listQuerySchema, pageOfList } from "../list_page.ts";
import { createRouter, type Router } from "../openapi/router.ts";
import { ifThere, teamInPath } from "../subjects.ts";

/** Teams: who may do something to an agent may do it to a team of agents. */
export function teamRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const router = createRouter(options, authorizer);
  const { define } = router;
  const { teams } = options.fleet;
  defineLists(router, options);
  define({
    method: "post",
    path: "/validate",
    summary: "Check every member together with the others; sums over all",
    tag: "teams",
    action: "agents.validate",
    body: teamValidateSchema,
    answer: teamValidationResponseSchema,
    problems: ["CONFIG_INVALID", "TEMPLATE_NOT_FOUND"],
  }, ({ body, caller }) => teams.validate(body, caller));
  define({
    method: "get",
    path: "/:id",
    summary: "Read one team",
    tag: "teams",
    action: "agents.read",
    answer: teamViewSchema,
    marksSeq: true,
    problems: ["TEAM_NOT_FOUND"],
  }, ({ c }) => teams.get(idOf(c)));
  define({
    method: "delete",
    path: "/:id",
    summary: "Stop a team for good and forget it",
    tag: "teams",
    action: "agents.delete",
    guards: [
      authorizer.allow("agents.delete", ifThere(teamInPath(options.fleet))),
    ],
    answer: null,
    idempotency: "optional",
    problems: ["AGENT_STATE_CONFLICT", "TEAM_NOT_FOUND", "STORE_UNAVAILABLE"],
  }, ({ c, caller }) => teams.remove(idOf(c), caller));
  return router.app;
}

function defineLists(
  { define }: Router,
  { fleet: { teams } }: ApiOptions,
): void {
  define(
    {
      method: "get",
      path: "/",
      summary: "List teams, newest first",
      tag: "teams",
      action: "agents.read",
      query: listQuerySchema,
      answer: pageOf(teamViewSchema),
      marksSeq: true,
    },
    ({ query }) =>
      pageOfList(teams.list(), { ...query, keyOf: ({ id }) => id }),
  );
  define(
    {
      method: "get",
      path: "/templates",
      summary: "List ready-made teams",
      tag: "teams",
      action: "templates.read",
      query: listQuerySchema,
      answer: pageOf(teamTemplateSchema),
    },
    ({ query }) =>
      pageOfList(teams.templates(), { ...query, keyOf: ({ name }) => name }),
  );
}

/** Commands to teams: spawn, control. */
export function teamCommandRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const router = createRouter(options, authorizer);
  defineSpawn(router, { options, authorizer });
  defineControl(router, { options, authorizer });
  return router.app;
}

function defineSpawn(
  { define }: Router,
  { options, authorizer }: { options: ApiOptions; authorizer: Authorizer },
): void {
  const { teams } = options.fleet;
  define({
    method: "post",
    path: "/spawn",
    summary: "Spawn all agents of a team, or none",
    tag: "teams",
    action: "agents.spawn",
    guards: [
      authorizer.allow("agents.spawn"),
      authorizer.byBody(["agents.live"]),
    ],
    body: teamSpawnSchema,
    answer: teamViewSchema,
    status: 201,
    idempotency: "required",
    location: ({ id }) => `/api/teams/${id}`,
    addsRisk: true,
    prepare: async ({ c, body, caller }) => {
      // Templates and roles may choose the mode, too: what counts is what the members come to.
      const { confirmName: _, acknowledgeWarnings: __, ...planned } = body;
      const { members } = await teams.validate(planned, caller);
      if (members.every(({ config }) => config?.mode !== "live")) return;
      await authorizer.authorize(c, "agents.live");
    },
    problems: [
      "QUOTA_EXCEEDED",
      "CONFIG_INVALID",
      "EMERGENCY_LATCHED",
      "FRESH_PROOF_NEEDED",
      "STORE_UNAVAILABLE",
      "TEAM_NAME_TAKEN",
      "TEMPLATE_NOT_FOUND",
      "WARNINGS_UNREAD",
    ],
  }, ({ body, caller }) => teams.spawn(body, caller));
}

function defineControl(
  { define }: Router,
  { options, authorizer }: { options: ApiOptions; authorizer: Authorizer },
): void {
  const { teams } = options.fleet;
  define({
    method: "post",
    path: "/:id/control",
    summary: "Command a team: start, pause, resume, stop",
    details: "With a result for each agent; accepted, not done.",
    tag: "teams",
    action: "by body",
    guards: [authorizer.byBody(TEAM_ACTIONS.map(controlAction))],
    body: teamControlSchema,
    answer: teamControlResponseSchema,
    status: 202,
    idempotency: "required",
    addsRisk: ({ action }) => !reducesRisk(action),
    prepare: ({ c, body: { action } }) =>
      authorizer.authorize(
        c,
        controlAction(action),
        teamInPath(options.fleet),
      ),
    problems: [
      "AGENT_STATE_CONFLICT",
      "EMERGENCY_LATCHED",
      "JOURNAL_UNAVAILABLE",
      "STORE_UNAVAILABLE",
      "TEAM_NOT_FOUND",
      "TEAM_STATE_CONFLICT",
    ],
  }, ({ c, body, caller }) => teams.control(idOf(c), body, caller));
}
