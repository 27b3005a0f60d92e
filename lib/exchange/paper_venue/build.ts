import { tradingCosts } from "../../../agents/execution/costs.ts";
import { decimal, divide, maxDecimal } from "../../core/decimal.ts";
import type { VenueProfile } from "../../contracts/venue.ts";
import type { VenueNews } from "../gateway/port.ts";
import { PaperEngine } from "./engine.ts";
import { PaperHistory } from "./history.ts";
import { QUOTE_STALE_MS } from "./limits.ts";
import { ASSUMED_LIQUIDATION_FEE_BP, ASSUMED_TIERS } from "./margin.ts";
import type {
  PaperVenueOptions,
  RestoredOrder,
  RestoredState,
} from "./options.ts";
import { OrderBook } from "./order_book.ts";
import { type PaperOrder, paperOrder } from "./paper_order.ts";
import { Perpetual } from "./perpetual.ts";
import { SpotAccount } from "./spot_account.ts";
import { SwapAccount } from "./swap_account.ts";

/** The parts of one paper venue. */
export interface PaperParts {
  engine: PaperEngine;
  history: PaperHistory;
  /** Null for spot. */
  perpetual: Perpetual | null;
  /** Null for spot. */
  swapAccount: SwapAccount | null;
}

/** What the parts are made of. */
export interface BuildOptions {
  options: PaperVenueOptions;
  profile: VenueProfile;
  /** Null for a new account. */
  state: RestoredState | null;
  tell: (news: VenueNews) => void;
}

/** Makes the parts of a new account, or of one as the books hold it. */
export function buildPaperVenue(build: BuildOptions): PaperParts {
  const { options, profile, state, tell } = build;
  const { clock, symbol } = options;
  const costs = tradingCosts(options.costs);
  const nowMs = clock.nowMs();
  const position = state?.position ?? null;
  const book = new OrderBook();
  for (const restored of state?.orders ?? []) {
    book.add(restoredOrder(restored, { book, nowMs }));
  }
  const history = new PaperHistory(state?.tradeCounter ?? 0);
  const start = {
    symbol,
    cash: decimal(state?.balance ?? options.balance),
    quantity: decimal(position?.quantity ?? "0"),
    entryPrice: position === null ? null : decimal(position.entryPrice),
    feeRate: maxDecimal(costs.makerRate, costs.takerRate),
  };
  const swapAccount = options.market === "spot" ? null : new SwapAccount({
    ...start,
    leverage: position?.leverage ?? 1,
    margin: position?.margin === undefined ? null : decimal(position.margin),
    tiers: options.tiers ?? ASSUMED_TIERS,
  });
  const engine = new PaperEngine({
    profile,
    symbol,
    costs,
    rules: options.rules,
    quoteStaleMs: options.quoteStaleMs ?? QUOTE_STALE_MS,
    account: swapAccount ?? new SpotAccount(start),
    book,
    history,
    tell,
  });
  const perpetual = swapAccount === null ? null : new Perpetual({
    symbol,
    account: swapAccount,
    book,
    history,
    fundingRate: costs.fundingRate,
    liquidationRate: divide(
      decimal(options.liquidationFeeBp ?? ASSUMED_LIQUIDATION_FEE_BP),
      decimal("10000"),
    ),
    fundedUntil: state?.fundedUntil ?? nowMs,
    tell,
    notice: (detail) => options.onNotice?.(detail),
    cancelAll: (now) => engine.cancelAll(now),
  });
  if (perpetual !== null) engine.setPerpetual(perpetual);
  return { engine, history, perpetual, swapAccount };
}

/** An order of the books rests again; what the market did while nobody looked is not made up. */
function restoredOrder(
  { request, venueOrderId, filled }: RestoredOrder,
  { book, nowMs }: { book: OrderBook; nowMs: number },
): PaperOrder {
  const order = paperOrder(request, {
    venueOrderId: venueOrderId ?? book.newVenueOrderId(request.clientOrderId),
    at: nowMs,
    isArriving: false,
  });
  order.filled = decimal(filled);
  return order;
}
