import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { cursors } from "../../contracts/cursor.ts";
import { agentConfigSchema } from "../../contracts/agent_config.ts";
import {
  backtestDetailSchema,
  backtestViewSchema,
  candlePageSchema,
} from "../../contracts/answers/backtest.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import { replayViewSchema } from "../../contracts/answers/replay.ts";
import {
  BACKTEST_STATES,
  backtestDataSchema,
  type BacktestRequest,
  backtestRequestSchema,
  type BacktestView,
  studySchema,
} from "../../contracts/backtest.ts";
import { AppError } from "../../core/errors.ts";
import type { ListResponse } from "../client.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { OwnerOf } from "../authorizer.ts";
import type { Authorizer } from "../gate.ts";
import { idOf, limitSchema } from "../input.ts";
import { MAX_CHART_CANDLES } from "../limits.ts";
import { createRouter, type Router } from "../openapi/router.ts";
import { toFieldErrors } from "../problem.ts";
import { backtestSubject, ifThere } from "../subjects.ts";

const READ = {
  method: "get",
  tag: "backtests",
  action: "backtests.read",
} as const;

/** A tear sheet is shown, never run: no script, no form, no address to load from. */
const SHEET_HEADERS: Readonly<Record<string, string>> = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
};

const listSchema = z.strictObject({
  state: z.enum(BACKTEST_STATES, {
    error: `Choose a state: ${BACKTEST_STATES.join(", ")}`,
  }).optional(),
  limit: limitSchema,
  cursor: cursors.backtests.schema.optional(),
});

const candleNumber = z.coerce.number("Give a whole number").int(
  "Give a whole number",
);

const candlesSchema = z.strictObject({
  /** First candle wanted, from 0. */
  from: candleNumber.min(0, "Give the number of a candle, from 0").default(0),
  limit: candleNumber.min(1, "Give at least 1").max(
    MAX_CHART_CANDLES,
    `Give at most ${MAX_CHART_CANDLES} candles`,
  ).default(MAX_CHART_CANDLES),
});

const replaySchema = z.strictObject({
  seq: candleNumber.min(0, "Give the number of a candle, from 0"),
  /** Events after this candle are told; the candle before `seq` where it is left out. */
  after: candleNumber.min(-1, "Give -1 or the number of a candle").optional(),
});

/** Backtests: list, read, results. */
export function backtestRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { backtests } = options;
  const router = createRouter(options, authorizer);
  const { define } = router;
  define({
    ...READ,
    path: "/",
    summary: "List runs, newest first",
    query: listSchema,
    answer: pageOf(backtestViewSchema),
    marksSeq: true,
  }, ({ query }) => listPage(backtests.list(), query));
  define({
    ...READ,
    path: "/:id",
    summary: "Read one run with its report",
    answer: backtestDetailSchema,
    marksSeq: true,
    problems: ["BACKTEST_NOT_FOUND"],
  }, ({ c }) => backtests.get(idOf(c)));
  defineResults(router, options);
  return router.app;
}

function defineResults({ define }: Router, { backtests }: ApiOptions): void {
  define(
    {
      ...READ,
      path: "/:id/report.html",
      summary: "Read the report as one page without script",
      answer: { media: ["text/html"] },
      problems: ["BACKTEST_NOT_FOUND", "BACKTEST_STATE_CONFLICT"],
    },
    async ({ c }) =>
      c.body(await backtests.tearSheet(idOf(c)), 200, { ...SHEET_HEADERS }),
  );
  define(
    {
      ...READ,
      path: "/:id/candles",
      summary: "Read its candles",
      query: candlesSchema,
      answer: candlePageSchema,
      problems: ["BACKTEST_NOT_FOUND", "BACKTEST_STATE_CONFLICT"],
    },
    ({ c, query: { from, limit } }) =>
      backtests.candles(idOf(c), { fromSeq: from, limit }),
  );
  define(
    {
      ...READ,
      path: "/:id/replay",
      summary: "Read the run as it stood at a candle",
      query: replaySchema,
      answer: replayViewSchema,
      problems: ["BACKTEST_NOT_FOUND", "BACKTEST_STATE_CONFLICT"],
    },
    ({ c, query: { seq, after = seq - 1 } }) =>
      backtests.replay(idOf(c), { seq, afterSeq: after }),
  );
}

/** Commands to backtests: run, cancel, remove. */
export function backtestCommandRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { backtests } = options;
  const { app, define } = createRouter(options, authorizer);
  const ofRun: OwnerOf = (c) => backtestSubject(backtests, idOf(c));
  define({
    method: "post",
    path: "/",
    summary: "Put a run into the queue",
    details: "Everything that is wrong with a request is named at once.",
    tag: "backtests",
    action: "backtests.run",
    body: backtestRequestSchema,
    readBody: ({ value }) => readRequest(value, options),
    answer: backtestViewSchema,
    status: 202,
    idempotency: "required",
    location: ({ id }) => `/api/backtests/${id}`,
    problems: ["QUOTA_EXCEEDED", "STORE_UNAVAILABLE"],
  }, ({ body, caller }) => backtests.submit(body, caller));
  define({
    method: "post",
    path: "/:id/cancel",
    summary: "End a run that waits or runs",
    tag: "backtests",
    action: "backtests.cancel",
    guards: [authorizer.allow("backtests.cancel", ofRun)],
    answer: backtestViewSchema,
    idempotency: "optional",
    problems: [
      "BACKTEST_NOT_FOUND",
      "BACKTEST_STATE_CONFLICT",
      "STORE_UNAVAILABLE",
    ],
  }, ({ c, caller }) => backtests.cancel(idOf(c), caller));
  define({
    method: "delete",
    path: "/:id",
    summary: "Forget a run that has ended",
    tag: "backtests",
    action: "backtests.delete",
    guards: [authorizer.allow("backtests.delete", ifThere(ofRun))],
    answer: null,
    idempotency: "optional",
    problems: [
      "BACKTEST_NOT_FOUND",
      "BACKTEST_STATE_CONFLICT",
      "STORE_UNAVAILABLE",
    ],
  }, ({ c, caller }) => backtests.remove(idOf(c), caller));
  return app;
}

/**
 * Reads a request and names everything that is wrong with it at once: its form,
 * and what the parts whose form is right ask for.
 *
 * @throws {AppError} REQUEST_INVALID or CONFIG_INVALID.
 */
async function readRequest(
  value: unknown,
  { backtests }: Pick<ApiOptions, "backtests">,
): Promise<BacktestRequest> {
  const parsed = backtestRequestSchema.safeParse(value);
  const body = typeof value === "object" && value !== null
    ? value as Record<string, unknown>
    : {};
  const errors = [
    ...toFieldErrors(parsed.error?.issues ?? []),
    ...await backtests.check({
      config: agentConfigSchema.safeParse(body["config"]).data ?? null,
      data: backtestDataSchema.safeParse(body["data"]).data ?? null,
      study: studySchema.safeParse(body["study"]).data ?? null,
    }),
  ];
  if (parsed.success && errors.length === 0) return parsed.data;
  const [first] = errors;
  throw new AppError(
    "REQUEST_INVALID",
    errors.length === 1
      ? `${first!.pointer === "" ? "The body" : first!.pointer}: ${
        first!.detail
      }`
      : `${errors.length} fields need correction; each one is listed with what it expects`,
    { status: 422, errors },
  );
}

/** Newest first; a page stays where it is whatever comes or goes. */
function listPage(
  all: readonly BacktestView[],
  { state, limit, cursor }: z.infer<typeof listSchema>,
): ListResponse<BacktestView> {
  const rest = all.filter((view) =>
    (state === undefined || view.state === state) &&
    (cursor === undefined || view.id < cursor)
  );
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const hasMore = rest.length > items.length && last !== undefined;
  return cursors.backtests.page({
    items,
    nextCursor: hasMore ? last.id : null,
  });
}
