import type { RefusalCause } from "../../contracts/order.ts";
import type { CreateOutcome } from "./port.ts";

type Rejected = Extract<CreateOutcome, { kind: "rejected" }>;

/** The class of a rejection, by what is known of it. */
const BY_KIND: Readonly<Record<Rejected["errorKind"], RefusalCause>> = {
  rate_limited: "rate",
  clock: "maintenance",
  maintenance: "maintenance",
  auth: "permission",
  refused: "invalid",
};

/** Why a venue rejected an order, as a class that another attempt can be decided on. */
export function causeOf(
  { cause, errorKind }: Pick<Rejected, "cause" | "errorKind">,
): RefusalCause {
  return cause ?? BY_KIND[errorKind];
}
