import { plural } from "../format.ts";
import { type FleetAgent, openOrderCount } from "./fleet_agent.ts";

/** What agents have open now, in one sentence. */
export function ExposureNote({ agents }: { agents: readonly FleetAgent[] }) {
  const accounts = agents.flatMap(({ account }) => account ?? []);
  const positions = accounts.filter(({ position }) => position !== null).length;
  const orders = accounts.reduce(
    (sum, account) => sum + openOrderCount(account),
    0,
  );
  const unknown = agents.length - accounts.length;
  const parts = [
    plural(positions, "open position"),
    plural(orders, "open order"),
  ];
  const rest = unknown === 0
    ? ""
    : `; the accounts of ${plural(unknown, "agent")} are not known`;
  return <>Now: {parts.join(", ")}{rest}.</>;
}
