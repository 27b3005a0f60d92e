import { Hono } from "hono";
import * as z from "zod";
import { agentConfigSchema } from "../../contracts/agent_config.ts";
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
import {
  type ApiEnv,
  type ApiOptions,
  callerOf,
  markStreamSeq,
} from "../context.ts";
import type { OwnerOf } from "../authorizer.ts";
import type { Authorizer } from "../gate.ts";
import { requireIdempotencyKey, runOnce } from "../idempotency.ts";
import {
  BACKTEST_ID_PATTERN,
  idOf,
  limitSchema,
  readJson,
  readQuery,
} from "../input.ts";
import { MAX_CHART_CANDLES } from "../limits.ts";
import { toFieldErrors } from "../problem.ts";
import { backtestSubject } from "../subjects.ts";

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
  cursor: z.string().regex(
    BACKTEST_ID_PATTERN,
    "Use the nextCursor of an earlier answer",
  ).optional(),
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
  { backtests, headSeq }: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .get("/", allow("backtests.read"), (c) => {
      const query = readQuery(c, listSchema);
      markStreamSeq(c, headSeq());
      return c.json(listPage(backtests.list(), query));
    })
    .get("/:id", allow("backtests.read"), async (c) => {
      markStreamSeq(c, headSeq());
      return c.json(await backtests.get(idOf(c)));
    })
    .get(
      "/:id/report.html",
      allow("backtests.read"),
      async (c) =>
        c.body(await backtests.tearSheet(idOf(c)), 200, { ...SHEET_HEADERS }),
    )
    .get("/:id/candles", allow("backtests.read"), async (c) => {
      const { from, limit } = readQuery(c, candlesSchema);
      return c.json(
        await backtests.candles(idOf(c), { fromSeq: from, limit }),
      );
    })
    .get("/:id/replay", allow("backtests.read"), async (c) => {
      const { seq, after = seq - 1 } = readQuery(c, replaySchema);
      return c.json(
        await backtests.replay(idOf(c), { seq, afterSeq: after }),
      );
    });
}

/** Commands to backtests: run, cancel, remove. */
export function backtestCommandRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { backtests } = options;
  const ofRun: OwnerOf = (c) => backtestSubject(backtests, idOf(c));
  return new Hono<ApiEnv>()
    .post("/", allow("backtests.run"), async (c) => {
      const key = requireIdempotencyKey(c);
      const body = await readJson(c);
      const request = await readRequest(body.value, options);
      const run = async () => {
        const view = await backtests.submit(request, callerOf(c));
        return {
          status: 202,
          headers: {
            "Content-Type": "application/json",
            "Location": `/api/backtests/${view.id}`,
          },
          body: JSON.stringify(view),
        };
      };
      return await runOnce(c, { ...options, key, body, run });
    })
    .post(
      "/:id/cancel",
      allow("backtests.cancel", ofRun),
      async (c) => c.json(await backtests.cancel(idOf(c), callerOf(c))),
    )
    .delete("/:id", allow("backtests.delete", ofRun), async (c) => {
      await backtests.remove(idOf(c), callerOf(c));
      return c.body(null, 204);
    });
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
  return {
    items,
    nextCursor: rest.length > items.length && last !== undefined
      ? last.id
      : null,
  };
}
