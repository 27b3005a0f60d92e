import type { AgentDetail } from "../../contracts/agent.ts";
import { Unknown } from "../Amount.tsx";
import { formatPrice, formatQuantity } from "../format.ts";
import { OnDemand } from "../OnDemand.tsx";
import type { PanelUser } from "../roles.ts";
import { OrderPhase, UnknownNote } from "../VenueState.tsx";

const NO_ACCOUNT = "The agent's account is not known yet";

/** The orders of an agent that work now. */
export function OpenOrders(
  { agent, user }: { agent: AgentDetail; user: PanelUser },
) {
  const orders = agent.account?.openOrders ?? [];
  const hasPhases = orders.some(({ phase }) => phase !== undefined);
  return (
    <>
      <h3>Open orders</h3>
      <UnknownNote orders={orders} />
      <OnDemand
        wanted={orders.some(({ phase }) => phase === "unknown")}
        load={async () => (await import("./AbsentOrders.tsx")).AbsentOrders}
        props={{ agent, user }}
        // Told as a message; there is no click that could be made again.
        onFailed={() => {}}
      />
      {orders.length === 0
        ? (
          <p class="muted">
            {agent.account === null
              ? <Unknown reason={NO_ACCOUNT} />
              : "No open order"}
          </p>
        )
        : (
          <table class="table">
            <caption class="sr-only">Open orders</caption>
            <thead>
              <tr>
                <th scope="col">Order</th>
                <th scope="col">Side</th>
                <th scope="col" class="cell-num">Quantity</th>
                <th scope="col" class="cell-num">Price</th>
                {hasPhases && <th scope="col">Stands</th>}
              </tr>
            </thead>
            <tbody>
              {orders.map((order) => (
                <tr key={order.orderId}>
                  <th scope="row">{order.role} · {order.type}</th>
                  <td>{order.side}</td>
                  <td class="cell-num">{formatQuantity(order.quantity)}</td>
                  <td class="cell-num">
                    {order.price === null ? "market" : formatPrice(order.price)}
                  </td>
                  {hasPhases && (
                    <td class="cell-wrap">
                      <OrderPhase order={order} />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        )}
    </>
  );
}
