import { Hono } from "hono";
import {
  exchangeKeyRequestSchema,
  type ExchangeKeyView,
  keyLiveRequestSchema,
} from "../../contracts/exchange_key.ts";
import type { ListResponse } from "../client.ts";
import { type ApiEnv, type ApiOptions, callerOf } from "../context.ts";
import { requireFreshFactor } from "../fresh_proof.ts";
import type { Authorizer } from "../gate.ts";
import { readJson } from "../input.ts";
import { refuseWhileHeld } from "../without_store.ts";

/** Keys of exchanges: written once, tested, allowed for live trading, revoked; never read. */
export function exchangeKeyRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { exchangeKeys, fleet } = options;
  return new Hono<ApiEnv>()
    .get(
      "/",
      allow("keys.read"),
      (c) =>
        c.json<ListResponse<ExchangeKeyView>>({
          items: exchangeKeys.list(callerOf(c).userId),
          nextCursor: null,
        }),
    )
    .post("/", allow("keys.add"), async (c) => {
      refuseWhileHeld(fleet);
      requireFreshFactor(c, options);
      const request = exchangeKeyRequestSchema.parse((await readJson(c)).value);
      return c.json<ExchangeKeyView>(
        await exchangeKeys.add(request, callerOf(c)),
        201,
      );
    })
    .post(
      "/:key/test",
      allow("keys.test"),
      async (c) =>
        c.json<ExchangeKeyView>(
          await exchangeKeys.test(c.req.param("key"), callerOf(c)),
        ),
    )
    .put("/:key/live", allow("keys.live"), async (c) => {
      requireFreshFactor(c, options);
      const { allowed } = keyLiveRequestSchema.parse((await readJson(c)).value);
      return c.json<ExchangeKeyView>(
        await exchangeKeys.setLive(c.req.param("key"), {
          allowed,
          caller: callerOf(c),
        }),
      );
    })
    .delete("/:key", allow("keys.revoke"), async (c) => {
      await exchangeKeys.revoke(c.req.param("key"), callerOf(c));
      return c.body(null, 204);
    });
}
