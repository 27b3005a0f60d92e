import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { pageOf } from "../../contracts/answers/parts.ts";
import { agentTemplateSchema } from "../../contracts/answers/template.ts";
import type { ApiContext, ApiEnv, ApiOptions } from "../context.ts";
import type { OwnerOf } from "../authorizer.ts";
import { ifThere, templateSubject } from "../subjects.ts";
import type { Authorizer } from "../gate.ts";
import { listQuerySchema, pageOfList } from "../list_page.ts";
import { createRouter, type Router } from "../openapi/router.ts";

/** What agents are spawned from: list, export, import, delete. */
export function templateRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const router = createRouter(options, authorizer);
  defineReads(router, options);
  defineChanges(router, { options, authorizer });
  return router.app;
}

function defineReads({ define }: Router, { fleet }: ApiOptions): void {
  define(
    {
      method: "get",
      path: "/",
      summary: "List ready-made configurations",
      tag: "templates",
      action: "templates.read",
      query: listQuerySchema,
      answer: pageOf(agentTemplateSchema),
    },
    ({ query }) =>
      pageOfList(fleet.templates(), { ...query, keyOf: ({ name }) => name }),
  );
  define({
    method: "get",
    path: "/:name/file",
    summary: "Download a template as a file",
    tag: "templates",
    action: "templates.read",
    answer: { media: ["application/json"] },
    problems: ["TEMPLATE_NOT_FOUND"],
  }, ({ c }) => {
    const name = c.req.param("name") ?? "";
    // An unknown name is refused here; only then may it become a header.
    return templateFile(c, { name, text: fleet.exportTemplate(name) });
  });
}

function defineChanges(
  { define }: Router,
  { options: { fleet }, authorizer }: {
    options: ApiOptions;
    authorizer: Authorizer;
  },
): void {
  const ofTemplate: OwnerOf = (c) =>
    templateSubject(fleet, c.req.param("name") ?? "");
  define({
    method: "post",
    path: "/",
    summary: "Take in a template from its file",
    tag: "templates",
    action: "templates.import",
    // What is wrong with a file is told by who reads it.
    body: z.unknown(),
    answer: agentTemplateSchema,
    status: 201,
    idempotency: "required",
    location: ({ name }) => `/api/templates/${name}/file`,
    addsRisk: true,
    problems: [
      "TEMPLATE_INVALID",
      "TEMPLATE_NAME_TAKEN",
      "QUOTA_EXCEEDED",
      "STORE_UNAVAILABLE",
    ],
  }, ({ body, caller }) => fleet.importTemplate(body, caller));
  define(
    {
      method: "delete",
      path: "/:name",
      summary: "Forget an imported template; agents made from it stay",
      tag: "templates",
      action: "templates.delete",
      guards: [authorizer.allow("templates.delete", ifThere(ofTemplate))],
      answer: null,
      idempotency: "optional",
      problems: [
        "TEMPLATE_BUILT_IN",
        "TEMPLATE_NOT_FOUND",
        "STORE_UNAVAILABLE",
      ],
    },
    ({ c, caller }) => fleet.removeTemplate(c.req.param("name") ?? "", caller),
  );
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
