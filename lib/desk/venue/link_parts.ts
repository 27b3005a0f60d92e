import { MarketPreparation } from "./market_preparation.ts";
import { OrderCourier } from "./order_courier.ts";
import { PrivateStream } from "./private_stream.ts";
import { ProtectionGuard } from "./protection_guard.ts";
import { Reconciler } from "./reconciler.ts";
import type { VenueAccount } from "./venue_account.ts";

/** All that looks after one account at a venue. */
export interface LinkParts {
  account: VenueAccount;
  courier: OrderCourier;
  reconciler: Reconciler;
  stream: PrivateStream;
  protection: ProtectionGuard;
  preparation: MarketPreparation;
}

/** Makes them. `alert` hears why the market cannot be prepared, or "" when it could. */
export function createParts(
  account: VenueAccount,
  alert: (detail: string) => void,
): LinkParts {
  const courier = new OrderCourier(account);
  const reconciler = new Reconciler(account, courier);
  return {
    account,
    courier,
    reconciler,
    stream: new PrivateStream(account, reconciler),
    protection: new ProtectionGuard(account),
    preparation: new MarketPreparation(account, alert),
  };
}
