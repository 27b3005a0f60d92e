import type { OpenOrder } from "../../contracts/order.ts";

/**
 * As what an order stands at the venue, where it is also looked for and withdrawn:
 * a stop entry is held by the desk and goes out when its trigger was reached.
 */
export function typeAtVenue(
  { role, type }: Pick<OpenOrder, "role" | "type">,
): OpenOrder["type"] {
  return role === "entry" && type === "stop" ? "market" : type;
}
