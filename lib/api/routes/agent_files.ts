import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { pageOf } from "../../contracts/answers/parts.ts";
import { recordingInfoSchema } from "../../contracts/answers/recording.ts";
import { templateNameSchema } from "../../contracts/template.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { agentIdOf } from "../input.ts";
import { listQuerySchema, pageOfList } from "../list_page.ts";
import { createRouter } from "../openapi/router.ts";
import { templateFile } from "./templates.ts";

/** What of an agent can be taken away: its template, its recorded sessions. */
export function agentFileRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { fleet } = options;
  const { app, define } = createRouter(options, authorizer);
  define({
    method: "get",
    path: "/:id/template",
    summary: "Download its configuration as the file of a template",
    tag: "templates",
    action: "agents.read",
    query: z.strictObject({ name: templateNameSchema }),
    answer: { media: ["application/json"] },
    problems: ["AGENT_NOT_FOUND"],
  }, ({ c, query: { name } }) => {
    const text = fleet.exportAgentTemplate(agentIdOf(c), name);
    return templateFile(c, { name, text });
  });
  define({
    method: "get",
    path: "/:id/recordings",
    summary: "List its recorded sessions, newest first",
    tag: "records",
    action: "recordings.read",
    query: listQuerySchema,
    answer: pageOf(recordingInfoSchema),
    problems: ["AGENT_NOT_FOUND"],
  }, async ({ c, query }) =>
    pageOfList(await fleet.recordings(agentIdOf(c)), {
      ...query,
      keyOf: ({ name }) => name,
    }));
  define({
    method: "get",
    path: "/:id/recordings/:name",
    summary: "Download a recorded session",
    tag: "records",
    action: "recordings.read",
    answer: { media: ["application/octet-stream"] },
    problems: ["AGENT_NOT_FOUND", "RECORDING_NOT_FOUND"],
  }, async ({ c }) => {
    const name = c.req.param("name") ?? "";
    // An unknown name is refused there; only then may it become a header.
    const content = await fleet.recording(agentIdOf(c), name);
    const isHead = c.req.raw.method === "HEAD";
    if (isHead) await content.cancel();
    return new Response(isHead ? null : content, {
      headers: {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": `attachment; filename="${name}"`,
      },
    });
  });
  return app;
}
