import type { ClientIdParts } from "../../contracts/desk.ts";

/** Whether an id at a venue begins as those of one agent of this installation do. */
export function isOurs(
  { clientOrderId }: { clientOrderId: string | null },
  { namespace, agentKey }: ClientIdParts,
): boolean {
  return clientOrderId !== null &&
    clientOrderId.startsWith(namespace + agentKey);
}
