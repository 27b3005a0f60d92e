import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { addressKey } from "../../core/address_key.ts";
import { AppError } from "../../core/errors.ts";
import { withBodyLimit } from "../body_limit.ts";
import type { ApiContext, ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import {
  CSP_REPORT_BURST,
  CSP_REPORTS_PER_SECOND,
  MAX_CSP_REPORT_BYTES,
  MAX_CSP_REPORT_PART_CHARACTERS,
} from "../limits.ts";
import { createRouter } from "../openapi/router.ts";
import { createRateLimiter } from "../rate_limit.ts";
import { redact } from "../../core/redact.ts";

/** What a browser refused to load or to run. */
export interface CspReport {
  directive: string;
  /** What was refused: an address without its query, or a word such as inline. */
  blocked: string;
  /** Path of the page. */
  page: string;
  /** How many reports there were since the server started, this one included. */
  count: number;
}

const part = z.string().max(10_000).catch("");

/** As browsers send it to `report-uri`. */
const oldReport = z.object({
  "csp-report": z.object({
    "violated-directive": part,
    "effective-directive": part,
    "blocked-uri": part,
    "document-uri": part,
  }),
}).transform(({ "csp-report": report }) => [{
  directive: report["effective-directive"] || report["violated-directive"],
  blocked: report["blocked-uri"],
  page: report["document-uri"],
}]);

/** As browsers send it to `report-to`. */
const newReport = z.array(z.object({
  type: z.literal("csp-violation"),
  body: z.object({
    effectiveDirective: part,
    blockedURL: part,
    documentURL: part,
  }),
})).max(20).transform((reports) =>
  reports.map(({ body }) => ({
    directive: body.effectiveDirective,
    blocked: body.blockedURL,
    page: body.documentURL,
  }))
);

const reportSchema = z.union([oldReport, newReport]);

/** Takes what browsers report of the pages' policy. Open: who reports has not logged in, or cannot say so. */
export function cspReportRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { app, define } = createRouter(options, authorizer);
  const limiter = createRateLimiter({ now: options.now });
  let count = 0;
  define({
    method: "post",
    path: "/csp-report",
    summary: "Take what a browser refused by the content security policy",
    details:
      "Browsers send it by themselves, in the form of report-uri or of report-to; it goes to the server's log. At most 8 KiB.",
    tag: "server",
    action: "open",
    sent: {
      media: ["application/csp-report", "application/reports+json"],
      schema: reportSchema,
    },
    answer: null,
  }, async ({ c }) => {
    refuseFlood(c, limiter);
    const text = await withBodyLimit(c.req.raw, {
      maxBytes: MAX_CSP_REPORT_BYTES,
    }).text();
    for (const { directive, blocked, page } of readReports(text)) {
      count++;
      options.onCspReport?.({
        directive: plain(directive),
        blocked: plain(withoutQuery(blocked)),
        page: plain(withoutQuery(page)),
        count,
      });
    }
  });
  return app;
}

function refuseFlood(
  c: ApiContext,
  limiter: ReturnType<typeof createRateLimiter>,
): void {
  const verdict = limiter.take(addressKey(c.env.remoteAddress), {
    perSecond: CSP_REPORTS_PER_SECOND,
    burst: CSP_REPORT_BURST,
  });
  if (verdict.allowed) return;
  throw new AppError("RATE_LIMITED", "You send more reports than are read", {
    cause: { retryAfterMs: verdict.retryAfterMs },
  });
}

/** @throws {AppError} REQUEST_MALFORMED. */
function readReports(text: string): z.output<typeof reportSchema> {
  try {
    return reportSchema.parse(JSON.parse(text));
  } catch {
    throw new AppError(
      "REQUEST_MALFORMED",
      "This takes what a browser reports of a content security policy, and nothing else",
    );
  }
}

/** A query may hold what is nobody's business. */
function withoutQuery(address: string): string {
  return address.split(/[?#]/)[0]!;
}

/** Goes to the log: short, and nothing in it ends a line or looks like a secret. */
function plain(text: string): string {
  return redact(text).replaceAll(/[^\x20-\x7e]/g, "?")
    .slice(0, MAX_CSP_REPORT_PART_CHARACTERS);
}
