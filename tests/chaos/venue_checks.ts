/** Compares what the venue knows of our orders with our journals. */
// @ts-types="@types/big.js"
import Big from "big.js";
import type { ReportedTrade, VenueReport } from "../venue/report.ts";
import type { Findings } from "./findings.ts";
import { type FoldedVenueLedger, isNear } from "./venue_fold.ts";

/** Capital of each live agent, and what the margin wallet of the venue begins with. */
const WALLET_AT_START = "100000";

/** Books of the live agents by agent id. */
export type LiveBooks = ReadonlyMap<string, FoldedVenueLedger>;

/** Everything at the venue that carries our ids is in the books once, and nothing else is in them. */
export function checkVenue(
  report: VenueReport,
  books: LiveBooks,
  findings: Findings,
): { venueOrders: number; venueTrades: number } {
  const view = new VenueView(report);
  for (const id of view.reusedIds) {
    findings.addDuplicated("venue", `client id ${id} was used twice`);
  }
  for (const [id, ledger] of books) {
    checkAccount(view, { id, ledger }, findings);
  }
  checkPositions(report, books, findings);
  checkConduct(report, findings);
  return { venueOrders: view.orders.size, venueTrades: view.tradeCount };
}

/** The venue's orders and trades by our client ids. */
class VenueView {
  /** Client id by order, conditional ones included. */
  readonly orders = new Map<string, { isOpen: boolean }>();
  readonly reusedIds: string[] = [];
  readonly #trades: readonly (ReportedTrade & { market: "spot" | "swap" })[];
  readonly #ownIds = new Map<string, string>();

  constructor({ spot, futures }: VenueReport) {
    for (const half of [spot, futures]) {
      this.reusedIds.push(...half.reusedClientIds);
    }
    for (const algo of futures.algoOrders) {
      const clientId = String(algo.clientAlgoId);
      if (this.orders.has(clientId)) this.reusedIds.push(clientId);
      this.orders.set(clientId, { isOpen: algo.algoStatus === "NEW" });
      this.#ownIds.set(String(algo.actualOrderId), clientId);
    }
    for (const order of [...spot.orders, ...futures.orders]) {
      const isOpen = ["NEW", "PARTIALLY_FILLED"].includes(order.status);
      const clientId = this.#ownIds.get(String(order.id));
      if (clientId === undefined) {
        this.orders.set(order.clientOrderId, { isOpen });
      }
    }
    this.#trades = [
      ...spot.trades.map((trade) => ({ ...trade, market: "spot" as const })),
      ...futures.trades.map((trade) => ({ ...trade, market: "swap" as const })),
    ];
  }

  get tradeCount(): number {
    return this.#trades.length;
  }

  /** Trades of one account, each with the client id that we gave. */
  tradesOf({ idPrefix, market }: FoldedVenueLedger): ReportedTrade[] {
    return this.#trades.filter((trade) => trade.market === market)
      .map((trade) => ({
        ...trade,
        clientOrderId: this.#ownIds.get(String(trade.orderId)) ??
          trade.clientOrderId,
      }))
      .filter(({ clientOrderId }) => clientOrderId.startsWith(idPrefix));
  }
}

function checkAccount(
  view: VenueView,
  { id, ledger }: { id: string; ledger: FoldedVenueLedger },
  findings: Findings,
): void {
  for (const [clientId, { isOpen }] of view.orders) {
    if (!clientId.startsWith(ledger.idPrefix)) continue;
    if (!ledger.clientIds.has(clientId)) {
      findings.addLost(id, `order ${clientId} of the venue is on no record`);
    }
    if (isOpen) findings.addLost(id, `order ${clientId} still rests`);
  }
  for (const [intentId, clientIds] of ledger.entries) {
    const there = clientIds.filter((clientId) => view.orders.has(clientId));
    if (there.length > 1) {
      findings.addDuplicated(id, `intent ${intentId} has entries ${there}`);
    }
  }
  const known = new Set<string>();
  for (const trade of view.tradesOf(ledger)) {
    const tradeId = String(trade.id);
    known.add(tradeId);
    const difference = differenceOf(trade, ledger);
    if (difference !== null) findings.addLost(id, difference);
  }
  for (const tradeId of ledger.fillsByTrade.keys()) {
    if (known.has(tradeId)) continue;
    findings.addDuplicated(id, `fill ${tradeId} never happened at the venue`);
  }
}

function differenceOf(
  trade: ReportedTrade,
  { fillsByTrade }: FoldedVenueLedger,
): string | null {
  const fill = fillsByTrade.get(String(trade.id));
  if (fill === undefined) {
    return `trade ${trade.id} of order ${trade.clientOrderId} is not in the books`;
  }
  const isSame = fill.clientOrderId === trade.clientOrderId &&
    fill.side === trade.side.toLowerCase() &&
    fill.quantity.eq(trade.quantity) && new Big(fill.price).eq(trade.price);
  return isSame
    ? null
    : `trade ${trade.id} is ${JSON.stringify(fill)} in the books and ${
      JSON.stringify(trade)
    } at the venue`;
}

/** What is held, and the money, which every trade has moved. */
function checkPositions(
  { spot, futures }: VenueReport,
  books: LiveBooks,
  findings: Findings,
): void {
  let wallet = new Big(WALLET_AT_START);
  for (const [id, ledger] of books) {
    const [base] = ledger.symbol.split("/");
    const { position, dust, market } = ledger;
    const held = market === "swap"
      ? futures.positions.find(({ symbol }) => symbol === `${base}USDT`)
        ?.quantity ?? "0"
      : heldOf(spot.balances, base!);
    const booked = position.plus(market === "swap" ? 0 : dust);
    if (!isNear(booked, held)) {
      findings.addLost(
        id,
        `the books hold ${booked.toFixed()}, the venue ${held}`,
      );
    }
    if (market === "swap") {
      wallet = wallet.plus(ledger.cash).minus(ledger.capital);
    }
  }
  if (wallet.minus(futures.wallet).abs().gt("0.001")) {
    findings.addLost(
      "venue",
      `the margin wallet is ${futures.wallet}, the books make ${wallet.toFixed()}`,
    );
  }
}

function heldOf(
  balances: VenueReport["spot"]["balances"],
  asset: string,
): string {
  const of = (account: string) => balances[account]?.[asset] ?? "0";
  return new Big(of("free")).plus(of("locked")).toFixed();
}

/** Nobody called within a silence. */
function checkConduct(
  { spot, futures }: VenueReport,
  findings: Findings,
): void {
  for (const { violations } of [spot, futures]) {
    for (const { path, at, silentUntil } of violations) {
      findings.addLost(
        "venue",
        `${path} came ${silentUntil - at} ms before the silence was over`,
      );
    }
  }
}
