import {
  type TradingCauses,
  tradingStanding,
  withDrift,
} from "../../../../agents/risk/limits.ts";
import type { VenueDesk } from "./venue_desk.ts";

/** Something happened that the books did not expect; entries stop until the account is flat again, or a reconciliation finds agreement. */
export function raiseDrift(desk: VenueDesk, reason: string): void {
  const { causes } = desk.log.book;
  if (causes.drift) return;
  setCauses(desk, { ...causes, drift: { reason, untilFlat: true } });
}

/** Ends what {@link raiseDrift} began, when nothing is held and no order works. */
export function endOwnDrift(desk: VenueDesk): void {
  const { causes } = desk.log.book;
  if (causes.drift?.untilFlat !== true || desk.book.working.length > 0) return;
  setCauses(desk, { ...causes, drift: null });
}

/** Takes over what reconciliation thinks; null for agreement. */
export function takeDrift(desk: VenueDesk, detail: string | null): void {
  const { causes } = desk.log.book;
  const next = withDrift(causes, detail);
  const isSame = next === causes || (detail === null && !causes.drift);
  if (!isSame) setCauses(desk, next);
}

function setCauses({ log }: VenueDesk, causes: TradingCauses): void {
  const { reason } = tradingStanding(causes);
  log.record({
    type: "STATE",
    causes,
    reason: reason ?? "Books and venue agree again",
  });
}
