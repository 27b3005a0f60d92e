import type { FleetContext } from "../context.ts";
import { AppError } from "../../core/errors.ts";
import { auditOf } from "../commands/records.ts";
import type { Caller } from "../port.ts";
import type { Cluster } from "./cluster.ts";

/** Has a host give its agents away and end. */
export async function drainHost(
  context: FleetContext,
  id: string,
  caller: Caller,
): Promise<void> {
  requireCluster(context).require(id);
  await context.store.hosts.wishDrain(
    id,
    auditOf(context, caller, {
      action: "host.drain",
      target: id,
      reason: "",
      detail: {},
    }),
  );
}

/** Gives up a host that is gone for good. */
export async function forgetHost(
  context: FleetContext,
  id: string,
  caller: Caller,
): Promise<void> {
  const { host } = requireCluster(context).require(id);
  await context.store.hosts.forget(
    host,
    auditOf(context, caller, {
      action: "host.forget",
      target: id,
      reason: "",
      detail: {},
    }),
  );
}

function requireCluster({ cluster }: FleetContext): Cluster {
  if (cluster !== null) return cluster;
  throw new AppError(
    "HOST_NOT_FOUND",
    "This server is the only process over its store: there are no hosts; set KV_URL to run several",
    { status: 404 },
  );
}
