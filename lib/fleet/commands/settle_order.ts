import type { AgentView } from "../../contracts/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { FleetContext } from "../context.ts";
import { askDesk } from "../desks.ts";
import type { Caller } from "../port.ts";
import { publish } from "../publish.ts";
import type { AgentEntry } from "../registry.ts";
import { toView } from "../view.ts";
import { auditOf } from "./records.ts";

/**
 * Takes a person's word that an order without an answer is not at the venue. On
 * record before it is done: what is called absent counts as exposure no more.
 *
 * @throws {AppError} ORDER_STATE_CONFLICT unless the venue has said so for a
 *   while, too; AGENT_STATE_CONFLICT while the account is not open.
 */
export async function settleOrder(
  context: FleetContext,
  entry: AgentEntry,
  { order: { orderId, reason }, caller }: {
    order: { orderId: string; reason: string };
    caller: Caller;
  },
): Promise<AgentView> {
  const { id, config: { name } } = entry.record;
  if (!entry.isOpen) {
    throw new AppError(
      "AGENT_STATE_CONFLICT",
      `The account of "${name}" is not open at its desk; start the agent, and repeat this`,
      { status: 409 },
    );
  }
  await context.store.audit(auditOf(context, caller, {
    action: "order.absent",
    target: id,
    reason,
    detail: { name, orderId },
  }));
  await askDesk(context, entry, {
    type: "settleOrder",
    agentId: id,
    orderId,
    detail: `${caller.email} says that it is not at the venue: ${reason}`,
  });
  publish(context, entry);
  return toView(entry);
}
