/** Who keeps emergency stops: the desks of this host, and the other hosts. */
import type {
  EmergencyQuery,
  MeasureQuery,
} from "../../contracts/emergency_desk.ts";
import type { FleetContext } from "../context.ts";
import type { DeskId } from "../desk_ids.ts";
import { startedDesks } from "../desks.ts";
import { EMERGENCY_ASK_MS } from "./limits.ts";

/** A desk of this host, or all those of another one. */
export type StopKeeper = DeskId | `host:${string}`;

/** Desks of this host that were started, and other hosts that are up. */
export function keepersOf(context: FleetContext): readonly StopKeeper[] {
  const { cluster } = context;
  const others = cluster?.alive().filter((id) => id !== cluster.id) ?? [];
  return [
    ...startedDesks(context),
    ...others.map((id) => `host:${id}` as const),
  ];
}

/** Asks one of them. @throws {AppError} What it refused with, or that it does not answer. */
export function askKeeper(
  { calls, supervisor }: FleetContext,
  { keeper, query }: {
    keeper: StopKeeper;
    query: EmergencyQuery | MeasureQuery;
  },
): Promise<unknown> {
  if (keeper.startsWith("host:")) {
    return calls!.call(keeper.slice("host:".length), {
      method: "emergency",
      args: query,
    });
  }
  return supervisor.ask(keeper, query, { deadlineMs: EMERGENCY_ASK_MS });
}
