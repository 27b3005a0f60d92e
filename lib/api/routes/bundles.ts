import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { backtestViewSchema } from "../../contracts/answers/backtest.ts";
import {
  bundlePreviewSchema,
  evidenceCheckSchema as evidenceCheckAnswer,
  knownAuthorSchema,
  templateComparisonSchema,
} from "../../contracts/answers/bundle.ts";
import { agentTemplateSchema } from "../../contracts/answers/template.ts";
import {
  authorChangeSchema,
  bundleExportSchema,
  bundleImportSchema,
  bundleReadSchema,
  COMPARED_TEMPLATES_MAX,
  evidenceCheckSchema,
} from "../../contracts/bundle.ts";
import { templateNameSchema } from "../../contracts/template.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter, type Router } from "../openapi/router.ts";

const FILE_PROBLEMS = [
  "BUNDLE_INVALID",
  "BUNDLE_TAMPERED",
  "BUNDLE_TOO_NEW",
] as const;

const compareQuerySchema = z.strictObject({
  /** Names of templates, separated by commas. */
  names: z.string().max(200).transform((text) =>
    text.split(",").filter((name) => name !== "")
  ).pipe(
    z.array(templateNameSchema).min(2, "Name at least two templates").max(
      COMPARED_TEMPLATES_MAX,
      `Name at most ${COMPARED_TEMPLATES_MAX} templates`,
    ),
  ),
});

const checksQuerySchema = z.strictObject({ template: templateNameSchema });

/** Signed bundles: export, read, import, authors, comparison, figures run again. */
export function bundleRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const router = createRouter(options, authorizer);
  defineFiles(router, options);
  defineImport(router, options);
  defineAuthors(router, options);
  defineChecks(router, options);
  return router.app;
}

function defineFiles({ define }: Router, { bundles }: ApiOptions): void {
  define({
    method: "post",
    path: "/export",
    summary: "Sign a template, an agent or a team as a bundle",
    details:
      "Signed with a key of one's own, which the first export makes. Keys, accounts and ids of agents are left out, and every configuration is one on paper.",
    tag: "templates",
    action: "templates.import",
    body: bundleExportSchema,
    answer: { media: ["application/json"] },
    problems: [
      "TEMPLATE_NOT_FOUND",
      "AGENT_NOT_FOUND",
      "TEAM_NOT_FOUND",
      "BACKTEST_NOT_FOUND",
      "EVIDENCE_FOREIGN",
      "BUNDLE_INVALID",
      "STORE_UNAVAILABLE",
    ],
  }, async ({ c, body, caller }) => {
    const { fileName, text } = await bundles.export(body, caller);
    return c.body(text, 200, {
      "Content-Type": "application/json",
      "Content-Disposition": `attachment; filename="${fileName}"`,
    });
  });
  define(
    {
      method: "post",
      path: "/read",
      summary: "Read a bundle without taking it in",
      details:
        "Who signed it, what is in it, and what an agent of it would be told.",
      tag: "templates",
      action: "templates.read",
      body: bundleReadSchema,
      answer: bundlePreviewSchema,
      problems: [...FILE_PROBLEMS, "TEMPLATE_NOT_FOUND"],
    },
    ({ body: { text, against = null }, caller }) =>
      bundles.read(text, { against, caller }),
  );
}

function defineImport({ define }: Router, { bundles }: ApiOptions): void {
  define(
    {
      method: "post",
      path: "/import",
      summary: "Make templates of the parts of a bundle, all or none",
      tag: "templates",
      action: "templates.import",
      body: bundleImportSchema,
      answer: z.array(agentTemplateSchema),
      status: 201,
      idempotency: "required",
      addsRisk: true,
      problems: [
        ...FILE_PROBLEMS,
        "TEMPLATE_NAME_TAKEN",
        "QUOTA_EXCEEDED",
        "STORE_UNAVAILABLE",
      ],
    },
    ({ body: { text, names }, caller }) =>
      bundles.import(text, { names, caller }),
  );
}

function defineAuthors({ define }: Router, { bundles }: ApiOptions): void {
  define({
    method: "get",
    path: "/authors",
    summary: "List the authors of bundles whom you know",
    tag: "templates",
    action: "templates.read",
    answer: z.array(knownAuthorSchema),
  }, ({ caller }) => bundles.authors(caller.userId));
  define({
    method: "put",
    path: "/authors",
    summary: "Name an author for yourself, or forget one",
    tag: "templates",
    action: "templates.import",
    body: authorChangeSchema,
    answer: z.array(knownAuthorSchema),
    problems: ["NOT_FOUND", "STORE_UNAVAILABLE"],
  }, ({ body, caller }) => bundles.changeAuthor(body, caller.userId));
}

function defineChecks({ define }: Router, { bundles }: ApiOptions): void {
  define({
    method: "get",
    path: "/compare",
    summary: "Compare templates: settings that differ, and figures",
    tag: "templates",
    action: "templates.read",
    query: compareQuerySchema,
    answer: templateComparisonSchema,
    problems: ["TEMPLATE_NOT_FOUND"],
  }, ({ query: { names } }) => bundles.compare(names));
  define({
    method: "get",
    path: "/checks",
    summary: "Read what running a bundle's backtests again has shown",
    tag: "templates",
    action: "templates.read",
    query: checksQuerySchema,
    answer: z.array(evidenceCheckAnswer),
    problems: ["TEMPLATE_NOT_FOUND"],
  }, ({ query: { template } }) => bundles.checks(template));
  define({
    method: "post",
    path: "/checks",
    summary: "Run a backtest of a bundle again on the candles that are here",
    tag: "templates",
    action: "backtests.run",
    body: evidenceCheckSchema,
    answer: backtestViewSchema,
    status: 202,
    idempotency: "required",
    location: ({ id }) => `/api/backtests/${id}`,
    problems: [
      "TEMPLATE_NOT_FOUND",
      "EVIDENCE_NOT_FOUND",
      "QUOTA_EXCEEDED",
      "STORE_UNAVAILABLE",
    ],
  }, ({ body, caller }) => bundles.check(body, caller));
}
