import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import type { OpenApiDocument } from "../openapi/document.ts";
import { writePage } from "../openapi/page.ts";
import { createRouter } from "../openapi/router.ts";

/** The page has no script, and styles from our own files only. */
const PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What the API says of itself. `document` is written when it is first asked for. */
export function openApiRoutes(
  options: ApiOptions,
  { authorizer, document }: {
    authorizer: Authorizer;
    document: () => OpenApiDocument;
  },
): OpenAPIHono<ApiEnv> {
  const { app, define } = createRouter(options, authorizer);
  let page: string | null = null;
  define({
    method: "get",
    path: "/openapi.json",
    summary: "Read this document (OpenAPI 3.1)",
    tag: "server",
    action: "account.read",
    answer: z.record(z.string(), z.unknown()),
  }, () => ({ ...document() }));
  define({
    method: "get",
    path: "/docs",
    summary: "Read it as a page",
    tag: "server",
    action: "account.read",
    answer: { media: ["text/html"] },
  }, ({ c }) =>
    c.body(page ??= writePage(document()), 200, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": PAGE_POLICY,
    }));
  return app;
}
