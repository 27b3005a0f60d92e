/**
 * What a request goes through: rate limit, key, signature, time, fault,
 * endpoint, fault, answer.
 *
 * @module
 */
import { NO_BEND, type OrderBend } from "../engine/order.ts";
import type { FaultRule } from "../faults/kinds.ts";
import { isRequestFault } from "../faults/plan.ts";
import { REQUEST_LOG_MAX } from "../limits.ts";
import { Refusal, refusalBody } from "../refusal.ts";
import type { VenueState } from "../state.ts";
import type { Call, Route } from "./call.ts";
import { isBefore, type Outcome, outcomeOf } from "./fault_outcomes.ts";
import { futuresRoutes } from "./futures_routes.ts";
import { marketRoutes } from "./market_routes.ts";
import { Params } from "./params.ts";
import { type Answer, denied, json, maintenance } from "./refuse_request.ts";
import { checkKey, checkSignature, checkTime } from "./signature.ts";
import { spotRoutes } from "./spot_routes.ts";
import { walletRoutes } from "./wallet_routes.ts";

/** A request as it came over the wire. */
export interface RestRequest {
  method: string;
  path: string;
  query: string;
  body: string;
  apiKey: string | null;
  address: string;
}

/** A request in the log. */
export interface RequestLogLine {
  at: number;
  method: string;
  path: string;
  /** The client order id in it, sent or asked for. */
  clientOrderId: string | null;
  /** Null if it was never answered. */
  status: number | null;
  fault: string | null;
}

/** Endpoints over the venue's state. */
export class RestServer {
  readonly log: RequestLogLine[] = [];
  readonly #venue: VenueState;
  readonly #routes: ReadonlyMap<string, Route>;
  #silenced: (() => void) | null = null;

  constructor(venue: VenueState) {
    this.#venue = venue;
    const all = [
      ...marketRoutes(),
      ...spotRoutes(),
      ...futuresRoutes(),
      ...walletRoutes(),
    ];
    this.#routes = new Map(
      all.map((route) => [`${route.method} ${route.path}`, route]),
    );
  }

  /** Tells a test of a request that will never be answered, so that it need not wait. */
  onSilence(listener: () => void): void {
    this.#silenced = listener;
  }

  /** Never rejects: a defect is an HTTP 500 that says so. */
  async respond(request: RestRequest): Promise<Outcome> {
    const params = new Params(
      new URLSearchParams(`${request.query}&${request.body}`),
    );
    const line: RequestLogLine = {
      at: this.#venue.clock.now(),
      method: request.method,
      path: request.path,
      clientOrderId: clientIdOf(params),
      status: null,
      fault: null,
    };
    if (this.log.length >= REQUEST_LOG_MAX) this.log.shift();
    this.log.push(line);
    const outcome = await this.#outcome(request, params, line);
    if (outcome === "silent") this.#silenced?.();
    if (typeof outcome !== "string") line.status = outcome.status;
    return outcome;
  }

  async #outcome(
    request: RestRequest,
    params: Params,
    line: RequestLogLine,
  ): Promise<Outcome> {
    const route = this.#routes.get(`${request.method} ${request.path}`);
    if (route === undefined) {
      return json(
        { code: -5_000, msg: `Path ${request.path} is invalid` },
        404,
      );
    }
    const { address } = request;
    const rates = this.#venue.rates[route.market];
    const denial =
      rates.count({ ...request, weight: weightOf(route, params) }) ??
        (route.kind === "create" ? rates.countOrder() : null);
    if (denial !== null) return denied(denial);
    const { faults } = this.#venue;
    if (faults.isInMaintenance && route.kind !== "status") return maintenance();
    const rule = faults.strike({
      on: route.kind,
      market: route.market,
      detail: line.clientOrderId ?? request.path,
    });
    line.fault = rule?.fault ?? null;
    const outcome = await this.#bent({ route, request, params, rule });
    if (typeof outcome === "string") return outcome;
    return {
      ...outcome,
      headers: { ...rates.headers(address), ...outcome.headers },
    };
  }

  async #bent(
    { route, request, params, rule }: {
      route: Route;
      request: RestRequest;
      params: Params;
      rule: FaultRule | null;
    },
  ): Promise<Outcome> {
    const venue = this.#venue;
    const context = { venue, market: route.market, address: request.address };
    const isOfRequest = rule !== null && isRequestFault(rule);
    if (isOfRequest && isBefore(rule)) {
      const outcome = outcomeOf(rule, { ...context, answer: null });
      if (outcome !== null) return outcome;
      await venue.clock.wait(rule.ms ?? 0);
    }
    const answer = this.#execute(route, request, {
      venue,
      params,
      bend: bendOf(rule),
      fillsBeforeCancel: rule?.fault === "fill_before_cancel",
    });
    if (!isOfRequest || isBefore(rule)) return answer;
    const outcome = outcomeOf(rule, { ...context, answer });
    if (outcome !== null) return outcome;
    await venue.clock.wait(rule.ms ?? 0);
    return answer;
  }

  #execute(route: Route, request: RestRequest, call: Call): Answer {
    try {
      this.#admit(route, request, call.params);
      return json(route.handle(call));
    } catch (error) {
      if (error instanceof Refusal) {
        return json(refusalBody(error), error.status);
      }
      const text = error instanceof Error ? error.stack ?? "" : String(error);
      return json(
        { code: -1_000, msg: `Defect of the fake venue: ${text}` },
        500,
      );
    }
  }

  #admit(route: Route, request: RestRequest, params: Params): void {
    if (route.security === "none") return;
    const { credentials, clock } = this.#venue;
    checkKey(request.apiKey, credentials);
    if (route.security === "key") return;
    checkSignature(request, credentials);
    checkTime({
      timestamp: params.integer("timestamp"),
      recvWindow: params.integer("recvWindow"),
    }, clock.now());
  }
}

function weightOf({ weight }: Route, params: Params): number {
  if (typeof weight === "number") return weight;
  return params.text("symbol") === null ? weight.all : weight.one;
}

function bendOf(rule: FaultRule | null): OrderBend {
  const bend = { ...NO_BEND, hiddenMs: rule?.hiddenMs ?? 0 };
  switch (rule?.fault) {
    case "late_fill":
      return { ...bend, share: 0, restAfterMs: rule.ms ?? 100 };
    case "partial_fill":
      return { ...bend, share: rule.share ?? 0.5, restAfterMs: rule.ms ?? 100 };
    case "hidden":
      return { ...bend, hiddenMs: rule.ms ?? 1_000 };
    default:
      return bend;
  }
}

const CLIENT_ID_NAMES = [
  "newClientOrderId",
  "origClientOrderId",
  "clientAlgoId",
  "aboveClientOrderId",
] as const;

function clientIdOf(params: Params): string | null {
  for (const name of CLIENT_ID_NAMES) {
    const text = params.text(name);
    if (text !== null) return text;
  }
  return null;
}
