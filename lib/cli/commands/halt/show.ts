import type {
  DrillResponse,
  Latch,
  StopProgress,
  StopView,
} from "../../../contracts/emergency.ts";
import type { CliIo } from "../../io.ts";
import { formatTime, plain, writeFields, writeTable } from "../../output.ts";

/** Names an agent, or gives its id. */
export type NameOf = (agentId: string) => string;

/** What a stop is about, in one word or two. */
export function scopeText({ scope }: Pick<Latch, "scope">): string {
  return scope.kind === "all" ? "all" : `${scope.kind} ${scope.id}`;
}

/** Shows the accounts of a stop. */
export function showProgress(
  io: CliIo,
  progress: readonly StopProgress[],
  nameOf: NameOf,
): void {
  writeTable(io, progress, [
    { title: "AGENT", value: ({ agentId }) => nameOf(agentId) },
    {
      title: "STATE",
      value: ({ state }) => state,
      color: ({ state }) => state === "residue" ? "red" : null,
    },
    {
      title: "ORDERS LEFT",
      value: ({ ordersLeft }) => ordersLeft,
      isNumber: true,
    },
    {
      title: "POSITION LEFT",
      value: ({ positionLeft }) => positionLeft,
      isNumber: true,
    },
    { title: "WHICH ORDERS", value: ({ orders }) => orders.join(" ") },
    { title: "PROBLEM", value: ({ error }) => error },
  ]);
}

/** Shows stops in force as a table. */
export function showStops(io: CliIo, stops: readonly StopView[]): void {
  writeTable(io, stops, [
    { title: "ID", value: ({ id }) => id },
    { title: "SCOPE", value: (stop) => scopeText(stop) },
    { title: "LEVER", value: ({ lever }) => lever },
    { title: "SINCE", value: ({ at }) => formatTime(at) },
    { title: "BY", value: ({ by }) => by.name },
    {
      title: "STATE",
      value: ({ isWorking, residue }) =>
        isWorking ? "working" : residue.length > 0 ? "residue" : "holds",
      color: ({ residue }) => residue.length > 0 ? "red" : null,
    },
    { title: "REASON", value: ({ reason }) => reason },
  ]);
}

/** Shows what a stop would do. */
export function showDrill(io: CliIo, drill: DrillResponse): void {
  const { totals, expectedMs } = drill;
  io.stderr("Nothing is done. This is what the stop would do now:\n");
  writeTable(io, drill.agents, [
    { title: "AGENT", value: ({ name }) => name },
    { title: "SYMBOL", value: ({ symbol }) => symbol },
    {
      title: "ORDERS WITHDRAWN",
      value: ({ orders }) => orders?.length,
      isNumber: true,
    },
    {
      title: "POSITION CLOSED",
      value: ({ position, orders }) =>
        orders === null ? null : position?.size ?? "0",
      isNumber: true,
    },
    {
      title: "SLIPPAGE EXPECTED",
      value: ({ position }) => position?.slippage,
      isNumber: true,
    },
    {
      title: "REMARK",
      value: ({ note, losesProtection }) =>
        losesProtection ? "Its position is left without a stop" : note,
    },
  ]);
  writeFields(io, [
    ["Agents", totals.agents],
    ["Agents stopped", totals.agentsStopped],
    ["Orders withdrawn", totals.orders],
    ["Positions closed", totals.positions],
    ["Their value", totals.notional],
    ["Slippage expected", totals.slippage],
    ["Time expected", expectedMs === null ? null : `${expectedMs} ms`],
  ]);
}

/** One line about a stop that has begun. */
export function stopLine(stop: StopView): string {
  return `${stop.id}\t${scopeText(stop)}\t${stop.lever}\t${
    stop.isWorking ? "working" : stop.residue.length > 0 ? "residue" : "holds"
  }\t${plain(stop.reason)}\n`;
}
