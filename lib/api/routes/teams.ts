import { Hono } from "hono";
import { reducesRisk } from "../../contracts/agent.ts";
import { controlAction } from "../../contracts/policy.ts";
import {
  teamControlSchema,
  teamSpawnSchema,
  type TeamTemplate,
  teamValidateSchema,
  type TeamView,
} from "../../contracts/team.ts";
import type { ListResponse } from "../client.ts";
import {
  type ApiEnv,
  type ApiOptions,
  callerOf,
  markStreamSeq,
} from "../context.ts";
import { requireFreshFactor } from "../fresh_proof.ts";
import type { Authorizer } from "../gate.ts";
import { requireIdempotencyKey, runOnce } from "../idempotency.ts";
import { idOf, readJson } from "../input.ts";
import { refuseWhileHeld, runOnceOrNow } from "../without_store.ts";

/** Teams: who may do something to an agent may do it to a team of agents. */
export function teamRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { teams } = options.fleet;
  return new Hono<ApiEnv>()
    .get("/", allow("agents.read"), (c) => {
      markStreamSeq(c, options.headSeq());
      return c.json<ListResponse<TeamView>>({
        items: teams.list(),
        nextCursor: null,
      });
    })
    .get(
      "/templates",
      allow("templates.read"),
      (c) =>
        c.json<ListResponse<TeamTemplate>>({
          items: teams.templates(),
          nextCursor: null,
        }),
    )
    .post("/validate", allow("agents.validate"), async (c) => {
      const request = teamValidateSchema.parse((await readJson(c)).value);
      return c.json(await teams.validate(request, callerOf(c)));
    })
    .get("/:id", allow("agents.read"), (c) => {
      markStreamSeq(c, options.headSeq());
      return c.json(teams.get(idOf(c)));
    })
    .delete("/:id", allow("agents.delete"), async (c) => {
      await teams.remove(idOf(c), callerOf(c));
      return c.body(null, 204);
    });
}

/** Commands to teams: spawn, control. */
export function teamCommandRoutes(
  options: ApiOptions,
  { allow, authorize }: Authorizer,
): Hono<ApiEnv> {
  const { fleet } = options;
  return new Hono<ApiEnv>()
    .post("/spawn", allow("agents.spawn"), async (c) => {
      refuseWhileHeld(fleet);
      const key = requireIdempotencyKey(c);
      const body = await readJson(c);
      const request = teamSpawnSchema.parse(body.value);
      const caller = callerOf(c);
      // Templates and roles may choose the mode, too: what counts is what the members come to.
      const { confirmName: _, acknowledgeWarnings: __, ...planned } = request;
      const { members } = await fleet.teams.validate(planned, caller);
      if (members.some(({ config }) => config?.mode === "live")) {
        await authorize(c, "agents.live");
        requireFreshFactor(c, options);
      }
      const run = async () => {
        const team = await fleet.teams.spawn(request, caller);
        return stored(team, 201, { "Location": `/api/teams/${team.id}` });
      };
      return await runOnce(c, { ...options, key, body, run });
    })
    .post("/:id/control", async (c) => {
      const key = requireIdempotencyKey(c);
      const body = await readJson(c);
      const request = teamControlSchema.parse(body.value);
      await authorize(c, controlAction(request.action));
      const isSafe = reducesRisk(request.action);
      if (!isSafe) refuseWhileHeld(fleet);
      // Accepted, not done: the answer shows the team as it is now.
      const run = async () =>
        stored(
          await fleet.teams.control(idOf(c), request, callerOf(c)),
          202,
        );
      const once = { ...options, key, body, run };
      return await (isSafe ? runOnceOrNow(c, once) : runOnce(c, once));
    });
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
