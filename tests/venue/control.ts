/**
 * What a campaign in another process may ask of the venue, under `/control/`:
 *
 * | Request | What it does |
 * | --- | --- |
 * | `GET /control/report` | the whole truth: balances, orders, trades, positions, faults, violations |
 * | `GET /control/ledger` | every movement of money of both halves, oldest first |
 * | `GET /control/requests` | every request that came |
 * | `POST /control/faults` | adds fault rules: `[{"on": "create", "fault": "silent_after"}]` |
 * | `DELETE /control/faults` | takes all rules back |
 * | `POST /control/maintenance` | `{"isOn": true}` closes the venue |
 * | `POST /control/price` | `{"symbol", "price"}` |
 * | `POST /control/top` | `{"kind", "symbol", "top": {"bid", "ask", "bidSize", "askSize"}}` |
 * | `POST /control/mark` | `{"symbol", "price"}`; null follows the last price |
 * | `POST /control/minutes` | `{"count"}` invented minutes, or one of `{"symbol", "candle"}` |
 * | `POST /control/funding` | `{"symbol", "rate"}` |
 * | `POST /control/order` | an order that somebody else placed: `{"kind", "symbol", "side", "type", "quantity", …}` |
 * | `POST /control/cancel` | `{"kind", "clientOrderId"}`: somebody cancels an order, or a conditional one, by hand |
 * | `POST /control/weather` | `{"intensity"}`: every fault by chance from the seed, see `faults/weather.ts` |
 * | `POST /control/cut` | `{"which": "all"}` or `"user"`: cuts streams |
 * | `POST /control/listen-keys/expire` | lets the futures listen key run out |
 * | `POST /control/rights` | changes what the venue says of its key: `{"enableWithdrawals": true}` |
 * | `POST /control/key` | `{"apiKey", "secret", "accountId"}`: another key takes the place of the one that is taken, of another account where that is said |
 * | `POST /control/clock` | `{"skewMs"}`: the venue's clock is off by so much |
 *
 * @module
 */
import { RealClock } from "./clock.ts";
import {
  applyFunding,
  closeMinute,
  movePrice,
  setMark,
  setTop,
} from "./engine/market_moves.ts";
import type { FaultRule } from "./faults/kinds.ts";
import { weather } from "./faults/weather.ts";
import { cancelByHand, placeForeign } from "./foreign_order.ts";
import { Refusal, refusalBody } from "./refusal.ts";
import { ledgerLines, report } from "./report.ts";
import type { RestServer } from "./rest/server.ts";
import type { VenueState } from "./state.ts";
import type { StreamHub } from "./streams/hub.ts";

/** What control acts on. */
export interface Controlled {
  state: VenueState;
  rest: RestServer;
  streams: StreamHub;
}

// deno-lint-ignore no-explicit-any
type Body = any;

type Action = (venue: Controlled, body: Body) => unknown;

const ACTIONS: Readonly<Record<string, Action>> = {
  "GET report": ({ state }) => report(state),
  "GET ledger": ({ state }) => ({
    spot: ledgerLines(state.ledgers.spot),
    futures: ledgerLines(state.ledgers.futures),
  }),
  "GET requests": ({ rest }) => rest.log,
  "POST faults": ({ state }, rules: FaultRule[]) =>
    rules.forEach((rule) => state.faults.add(rule)),
  "DELETE faults": ({ state }) => state.faults.clear(),
  "POST maintenance": ({ state }, { isOn }) => {
    state.faults.isInMaintenance = isOn === true;
  },
  "POST price": ({ state }, { symbol, price }) =>
    movePrice(state, symbol, price),
  "POST top": ({ state }, body) => setTop(state, body),
  "POST mark": ({ state }, { symbol, price }) => setMark(state, symbol, price),
  "POST minutes": ({ state }, { count = 1, symbol, candle }) => {
    if (candle !== undefined) return closeMinute(state, { symbol, candle });
    for (let index = 0; index < count; index++) closeMinute(state);
  },
  "POST funding": ({ state }, { symbol, rate }) =>
    applyFunding(state, symbol, rate),
  "POST order": ({ state }, body) => placeForeign(state, body),
  "POST cancel": ({ state }, body) => cancelByHand(state, body),
  "POST weather": ({ state }, { intensity }) =>
    weather(intensity).forEach((rule) => state.faults.add(rule)),
  "POST cut": ({ streams }, { which }) => streams.cut(which),
  "POST listen-keys/expire": ({ streams }) => streams.expireListenKeys(),
  "POST rights": ({ state }, change) => {
    Object.assign(state.rights, change);
  },
  "POST key": ({ state }, { apiKey, secret, accountId }) => {
    state.credentials = { apiKey, secret };
    state.accountId = accountId ?? state.accountId;
  },
  "POST clock": ({ state }, { skewMs }) => {
    if (!(state.clock instanceof RealClock)) {
      throw new RangeError("The clock of this venue is moved by its test");
    }
    state.clock.skewMs = skewMs;
  },
};

/** Answers a control request; 400 with the reason if it cannot be done. */
export async function answerControl(
  venue: Controlled,
  request: Request,
): Promise<Response> {
  const path = new URL(request.url).pathname.replace("/control/", "");
  const action = ACTIONS[`${request.method} ${path}`];
  const text = await request.text();
  if (action === undefined) {
    return Response.json({ error: `No control ${path}` }, { status: 404 });
  }
  try {
    const body = text === "" ? {} : JSON.parse(text);
    return Response.json(action(venue, body) ?? { ok: true });
  } catch (error) {
    const body = error instanceof Refusal
      ? refusalBody(error)
      : { error: String(error) };
    return Response.json(body, { status: 400 });
  }
}
