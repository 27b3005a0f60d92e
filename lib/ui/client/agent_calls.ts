import type { AgentView } from "../../contracts/agent.ts";
import type {
  ConfigVersion,
  CurrentConfig,
} from "../../contracts/config_history.ts";
import type { ConfigPreview } from "../../contracts/config_preview.ts";
import type { DecisionsResponse } from "../../contracts/decisions.ts";
import type { OrdersResponse } from "../../contracts/desk_record.ts";
import type { ApiPage, Call } from "./api_client.ts";

/** Entries of one page of an agent's records. */
export const RECORD_PAGE = 50;

/** Versions of one page: whole configurations are in it. */
const VERSION_PAGE = 20;

/** What the page of one agent asks for besides its view. */
export function agentCalls(
  call: <T>(path: string, options?: Call) => Promise<T>,
  newKey: () => string,
) {
  const path = (id: string) => `/api/agents/${encodeURIComponent(id)}`;
  const after = (cursor: string | null) =>
    cursor === null ? "" : `&cursor=${cursor}`;
  return {
    currentConfig: (id: string) => call<CurrentConfig>(`${path(id)}/config`),
    previewConfig: (id: string, config: unknown) =>
      call<ConfigPreview>(`${path(id)}/config/preview`, {
        method: "POST",
        body: { config },
      }),
    configHistory: (id: string, cursor: string | null) =>
      call<ApiPage<ConfigVersion>>(
        `${path(id)}/config/history?limit=${VERSION_PAGE}${after(cursor)}`,
      ),
    orders: (id: string, cursor: string | null) =>
      call<OrdersResponse>(
        `${path(id)}/orders?limit=${RECORD_PAGE}${after(cursor)}`,
      ),
    settleOrder: (id: string, orderId: string, reason: string) =>
      call<AgentView>(
        `${path(id)}/orders/${encodeURIComponent(orderId)}/absent`,
        {
          method: "POST",
          body: { reason },
          headers: { "Idempotency-Key": newKey() },
        },
      ),
    decisions: (id: string) => call<DecisionsResponse>(`${path(id)}/decisions`),
  };
}
