/**
 * What a row of the fleet knows of its agent, and how a whole fleet comes with
 * the page: as one text without repeated names, without the orders that only an
 * open card shows.
 *
 * @module
 */
import type { AccountView } from "../../contracts/account.ts";
import type { AgentView } from "../../contracts/agent.ts";
import type { DecimalText } from "../../core/decimal.ts";
import type { AgentLimits } from "./store.ts";

/** An account whose orders may be known by their number alone. */
export interface FleetAccount extends Omit<AccountView, "openOrders"> {
  openOrders: AccountView["openOrders"] | number;
}

/** An agent as the fleet page holds it; every {@link AgentView} is one. */
export interface FleetAgent extends Omit<AgentView, "account" | "equity"> {
  account: FleetAccount | null;
  /** Recent equity for the sparkline, oldest first. */
  equity: readonly { equity: DecimalText }[];
}

/** How many orders an account has open. */
export function openOrderCount(
  { openOrders }: Pick<FleetAccount, "openOrders">,
): number {
  return typeof openOrders === "number" ? openOrders : openOrders.length;
}

/** Points of a curve that come with the page; the stream brings all of them. */
const CURVE_POINTS = 24;

/** Agents above which a page brings thinner curves. */
const FULL_CURVES_MAX = 100;

interface Packed {
  /** Names of fields, in the order of first sight. */
  names: readonly string[];
  /** Shapes of objects: which fields one has, by number of the name. */
  shapes: readonly (readonly number[])[];
  agents: readonly unknown[];
  limits: Readonly<Record<string, readonly [number, number, string]>>;
}

/** A fleet as one text. */
export function packFleet(
  agents: readonly FleetAgent[],
  limits: Readonly<Record<string, AgentLimits>>,
): string {
  const table = new ShapeTable();
  const every = agents.length <= FULL_CURVES_MAX ? Infinity : CURVE_POINTS;
  const packed: Packed = {
    names: table.names,
    shapes: table.shapes,
    agents: agents.map((agent) => table.pack(slim(agent, every))),
    limits: Object.fromEntries(
      Object.entries(limits).map(([id, one]) => [
        id,
        [one.configVersion, one.maxDrawdownPct, one.dailyLossLimit],
      ]),
    ),
  };
  return JSON.stringify(packed);
}

/** The fleet that {@link packFleet} made a text of. */
export function unpackFleet(
  text: string,
): {
  agents: readonly FleetAgent[];
  limits: Readonly<Record<string, AgentLimits>>;
} {
  const { names, shapes, agents, limits } = JSON.parse(text) as Packed;
  const unpack = (value: unknown): unknown => {
    if (!Array.isArray(value)) return value;
    const [shape, ...values] = value as [number, ...unknown[]];
    if (shape < 0) return values.map(unpack);
    const object: Record<string, unknown> = {};
    shapes[shape]!.forEach((name, place) => {
      object[names[name]!] = unpack(values[place]);
    });
    return object;
  };
  return {
    agents: agents.map((packed) => {
      const { equity, ...rest } = unpack(packed) as
        & Omit<FleetAgent, "equity">
        & { equity: readonly string[] };
      return { ...rest, equity: equity.map((text) => ({ equity: text })) };
    }),
    limits: Object.fromEntries(
      Object.entries(limits).map((
        [id, [configVersion, maxDrawdownPct, dailyLossLimit]],
      ) => [id, { configVersion, maxDrawdownPct, dailyLossLimit }]),
    ),
  };
}

function slim(agent: FleetAgent, points: number): Record<string, unknown> {
  const { account, equity } = agent;
  return {
    ...agent,
    account: account === null
      ? null
      : { ...account, openOrders: openOrderCount(account), tradesHash: "" },
    equity: thinned(equity.map((point) => point.equity), points),
  };
}

function thinned<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  const step = (items.length - 1) / (limit - 1);
  return Array.from(
    { length: limit },
    (_, index) => items[Math.round(index * step)]!,
  );
}

/** Marks a list among the packed values, which are lists all. */
const LIST = -1;

/** Packs objects as lists: the number of a shape, then the values. */
class ShapeTable {
  readonly names: string[] = [];
  readonly shapes: number[][] = [];
  readonly #names = new Map<string, number>();
  readonly #shapes = new Map<string, number>();

  pack(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      return [LIST, ...value.map((item) => this.pack(item))];
    }
    const fields = Object.entries(value)
      .filter(([, held]) => held !== undefined);
    const shape = this.#shapeOf(fields.map(([name]) => this.#nameOf(name)));
    return [shape, ...fields.map(([, held]) => this.pack(held))];
  }

  #nameOf(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    this.#names.set(name, this.names.length);
    return this.names.push(name) - 1;
  }

  #shapeOf(names: number[]): number {
    const key = names.join(",");
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    this.#shapes.set(key, this.shapes.length);
    return this.shapes.push(names) - 1;
  }
}
