import type { ClientIdParts } from "../../contracts/desk.ts";
import { parseClientOrderId } from "./client_order_id.ts";

/** Whether an id at a venue is one of an agent of this installation. */
export function isOurs(
  { clientOrderId }: { clientOrderId: string | null },
  { namespace, agentKey }: ClientIdParts,
): boolean {
  const parsed = clientOrderId === null
    ? null
    : parseClientOrderId(clientOrderId);
  return parsed?.namespace === namespace && parsed.agentKey === agentKey;
}
