import type { OrderBend } from "../engine/order.ts";
import type { RequestKind } from "../faults/kinds.ts";
import type { MarketKind } from "../market/specs.ts";
import type { VenueState } from "../state.ts";
import type { Params } from "./params.ts";

/** A request that has passed key, signature and time. */
export interface Call {
  venue: VenueState;
  params: Params;
  /** What an injected fault does to the order in it. */
  bend: OrderBend;
  /** An injected fault: the order fills in the moment in which it was to be canceled. */
  fillsBeforeCancel: boolean;
}

/** Cost in the rate limit; several endpoints cost more for all symbols than for one. */
export type Weight = number | { one: number; all: number };

/** One endpoint. */
export interface Route {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  market: MarketKind;
  kind: RequestKind;
  weight: Weight;
  security: "none" | "key" | "signed";
  /** Body of the answer. @throws {Refusal} */
  handle(call: Call): unknown;
}

/** Makes routes of one half shorter to write: `[method, path, weight, handle]`. */
export type RouteRow = readonly [
  method: Route["method"],
  path: string,
  weight: Weight,
  handle: Route["handle"],
];

/** Routes that share all but their rows. */
export function routes(
  shared: Pick<Route, "market" | "kind" | "security">,
  rows: readonly RouteRow[],
): Route[] {
  return rows.map(([method, path, weight, handle]) => ({
    ...shared,
    method,
    path,
    weight,
    handle,
  }));
}
