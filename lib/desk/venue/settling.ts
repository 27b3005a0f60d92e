import { AppError } from "../../core/errors.ts";

/** Says that a person cannot call an order absent, and why. */
export function settlingRefused(orderId: string, reason: string): AppError {
  return new AppError(
    "ORDER_STATE_CONFLICT",
    `Order "${orderId}" cannot be called absent: ${reason}`,
    { status: 409 },
  );
}
