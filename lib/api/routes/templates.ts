import { Hono } from "hono";
import type { AgentTemplate } from "../../contracts/template.ts";
import type { ListResponse } from "../client.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiOptions,
  callerOf,
} from "../context.ts";
import type { OwnerOf } from "../authorizer.ts";
import type { Authorizer } from "../gate.ts";
import { requireIdempotencyKey, runOnce } from "../idempotency.ts";
import { readJson } from "../input.ts";
import { templateSubject } from "../subjects.ts";
import { refuseWhileHeld } from "../without_store.ts";

/** What agents are spawned from: list, export, import, delete. */
export function templateRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { fleet } = options;
  const ofTemplate: OwnerOf = (c) =>
    templateSubject(fleet, c.req.param("name") ?? "");
  return new Hono<ApiEnv>()
    .get(
      "/",
      allow("templates.read"),
      (c) =>
        c.json<ListResponse<AgentTemplate>>({
          items: fleet.templates(),
          nextCursor: null,
        }),
    )
    .get("/:name/file", allow("templates.read"), (c) => {
      const name = c.req.param("name");
      // An unknown name is refused here; only then may it become a header.
      return templateFile(c, { name, text: fleet.exportTemplate(name) });
    })
    .post("/", allow("templates.import"), async (c) => {
      refuseWhileHeld(fleet);
      const key = requireIdempotencyKey(c);
      const body = await readJson(c);
      const run = async () => {
        const template = await fleet.importTemplate(body.value, callerOf(c));
        return {
          status: 201,
          headers: {
            "Content-Type": "application/json",
            "Location": `/api/templates/${template.name}/file`,
          },
          body: JSON.stringify(template),
        };
      };
      return await runOnce(c, { ...options, key, body, run });
    })
    .delete("/:name", allow("templates.delete", ofTemplate), async (c) => {
      await fleet.removeTemplate(c.req.param("name"), callerOf(c));
      return c.body(null, 204);
    });
}

/** A template's file to be kept. The name must have been checked. */
export function templateFile(
  c: ApiContext,
  { name, text }: { name: string; text: string },
): Response {
  c.header("Content-Type", "application/json");
  c.header(
    "Content-Disposition",
    `attachment; filename="${name}.template.json"`,
  );
  return c.body(text);
}
