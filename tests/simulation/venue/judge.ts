import type { AccountView } from "../../../lib/contracts/account.ts";
import type { DeskAnswer } from "../../../lib/contracts/desk.ts";
import type { Fill, OpenOrder } from "../../../lib/contracts/order.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import { decodeJournal } from "../../../lib/desk/journal/journal.ts";
import type { VenuePorts } from "../../../lib/desk/venue/port.ts";
import {
  CAPITAL,
  CASH_PLACES,
  PRICE_PLACES,
  QUANTITY_PLACES,
} from "./limits.ts";
import { toText, toUnits } from "./units.ts";
import { ZOMBIE_NUMBER } from "./agent_person.ts";
import type { LedgerTrade } from "./ledger.ts";
import type { VenueWorld } from "./world.ts";

/** Time for a question and its answer. */
const ASK_MS = 200;

/** Compares what the venue did with what the desk's books and journal say of it. */
export async function judge(world: VenueWorld): Promise<void> {
  const view = await finalView(world);
  judgeOrders(world);
  if (view === null) return;
  judgeRest(world, view);
  judgeFills(world, view);
  judgeRecovery(world, view);
}

async function finalView(world: VenueWorld): Promise<AccountView | null> {
  let view: AccountView | null = null;
  let problem = "no answer";
  world.ask({ type: "account" }, (answer) => {
    if (answer instanceof Error) problem = answer.message;
    else view = (answer as DeskAnswer).account;
  });
  await world.clock.advance(ASK_MS);
  world.end();
  if (view === null) {
    world.monitor.report(
      "rest",
      `The desk does not tell its account: ${problem}`,
    );
  }
  return view;
}

/** V1, V9 and V10: what has one name in the books has at most one order at the venue, and what never was there has none. */
function judgeOrders({ monitor, exchange }: VenueWorld): void {
  const clientIds = new Map<string, string>();
  const entries = new Map<string, string>();
  const denied = new Set<string>();
  for (const line of monitor.written) {
    const { record } = JSON.parse(line.slice(line.indexOf("{")));
    if (record.type === "ORDER" && record.clientOrderId !== undefined) {
      const { orderId, role } = record.order as OpenOrder;
      clientIds.set(orderId, record.clientOrderId);
      // Of other roles there may be one after the other; of entries only one ever.
      if (role === "entry") entries.set(record.clientOrderId, orderId);
      if (record.order.intentId.endsWith(`.${ZOMBIE_NUMBER}`)) {
        monitor.report(
          "V9",
          `Order ${orderId} of a dead incarnation was placed`,
        );
      }
    }
    const isNever = record.type === "VENUE" &&
      (record.outcome === "rejected" || record.outcome === "absent");
    if (isNever) denied.add(clientIds.get(record.orderId)!);
  }
  const seen = new Map<string, string>();
  for (const { id, clientOrderId } of exchange.orders) {
    const entry = entries.get(clientOrderId!);
    const names = [clientOrderId!, ...entry === undefined ? [] : [entry]];
    for (const name of names) {
      const first = seen.get(name);
      if (first !== undefined) {
        monitor.report("V1", `Orders ${first} and ${id} are both ${name}`);
      }
      seen.set(name, id);
    }
    if (denied.has(clientOrderId!)) {
      monitor.report(
        "V10",
        `The books say that the venue never took ${clientOrderId}, which is its order ${id}`,
      );
    }
  }
}

function judgeRest({ monitor, exchange }: VenueWorld, view: AccountView): void {
  const { openOrders, ledger } = exchange;
  if (openOrders.length > 0) {
    const names = openOrders.map(({ id, type }) => `${id} ${type}`).join(", ");
    monitor.report("V6", `The quiesced account has open orders: ${names}`);
  }
  if (ledger.sellableUnits !== 0) {
    monitor.report(
      "rest",
      `The venue still holds ${ledger.sellableUnits} units`,
    );
  }
  if (view.openOrders.length > 0) {
    const names = view.openOrders.map(({ orderId }) => orderId).join(", ");
    monitor.report("rest", `The books still have orders: ${names}`);
  }
  if (view.position !== null) {
    monitor.report("rest", `The books still hold ${view.position.quantity}`);
  }
}

/** V2: every execution of the venue is one fill of the books, to the last digit. */
function judgeFills(world: VenueWorld, view: AccountView): void {
  const { monitor, exchange: { ledger } } = world;
  const fills = new Map<string, Fill[]>();
  for (const fill of fillsOf(world)) {
    const tradeId = fill.fillId.replace(BEYOND, "");
    const parts = fills.get(tradeId) ?? [];
    if (parts.some(({ fillId }) => fillId === fill.fillId)) {
      monitor.report("V2", `Fill ${fill.fillId} is booked twice`);
    }
    fills.set(tradeId, [...parts, fill]);
  }
  for (const trade of ledger.trades) {
    const parts = fills.get(trade.id) ?? [];
    fills.delete(trade.id);
    if (!isSame(trade, parts)) {
      monitor.report("V2", `Trade ${trade.id} is not ${JSON.stringify(parts)}`);
    }
  }
  for (const tradeId of fills.keys()) {
    monitor.report("V2", `Fill ${tradeId} never happened`);
  }
  const cash = toUnits(CAPITAL, CASH_PLACES) + ledger.cash;
  // The results of partly closed positions are rounded to the same places one by one.
  const offBy = Math.abs(toUnits(view.cash, CASH_PLACES) - cash);
  if (offBy > ledger.trades.length && ledger.sellableUnits === 0) {
    const text = toText(cash, CASH_PLACES);
    monitor.report("V2", `The books have ${view.cash} and the venue ${text}`);
  }
}

/** One execution that turns a position round is booked in two parts. */
const BEYOND = /-beyond$/;

function isSame(trade: LedgerTrade, parts: readonly Fill[]): boolean {
  const traded = parts.reduce(
    (total, { quantity, tradedQuantity }) =>
      total + toUnits(tradedQuantity ?? quantity, QUANTITY_PLACES),
    0,
  );
  return parts.length > 0 &&
    parts.every(({ side, price }) =>
      side === trade.side && toUnits(price, PRICE_PLACES) === trade.price
    ) &&
    traded === trade.quantity && isSameFee(trade, parts);
}

/** To the last digit; one that was paid in base is booked at the price, which may have more digits. */
function isSameFee(
  { fee, feeInBase, price }: LedgerTrade,
  parts: readonly Fill[],
): boolean {
  if (feeInBase === 0) {
    const paid = parts.reduce(
      (sum, fill) => sum + toUnits(fill.fee, CASH_PLACES),
      0,
    );
    return paid === fee;
  }
  const paid = parts.reduce((sum, fill) => sum + Number(fill.fee), 0);
  const inQuote = feeInBase * price / 10 ** PRICE_PLACES;
  return Math.abs(paid * 10 ** CASH_PLACES - inQuote) <= 1;
}

/** Fills of the journal as it is on the disk. */
function* fillsOf({ disk }: VenueWorld): Generator<Fill> {
  for (const path of disk.paths) {
    for (const line of disk.text(path).split("\n")) {
      if (line === "") continue;
      const { record } = JSON.parse(line.slice(line.indexOf("{")));
      if (record.type === "FILL") yield record.fill as Fill;
    }
  }
}

/** V8: the journal gives back the same account. */
function judgeRecovery(world: VenueWorld, view: AccountView): void {
  const { monitor, disk } = world;
  const path = disk.paths.find((name) => name.endsWith(".journal"))!;
  const bytes = new TextEncoder().encode(disk.text(path));
  const { entries } = decodeJournal(bytes, path);
  const again = DeskAccount.recover(entries, { append: () => {} }, {
    ports: silentPorts(world),
  }).view();
  const before = JSON.stringify(comparable(view));
  const after = JSON.stringify(comparable(again));
  if (before !== after) {
    monitor.report("V8", `Before: ${before}, after: ${after}`);
  }
}

/** A rebuilt account asks nothing and sends nothing. */
function silentPorts({ profile }: VenueWorld): VenuePorts {
  return {
    profile,
    nowMs: () => 0,
    tryReserve: () => false,
    send: () => {},
    entryBlock: () => null,
    isJournalFailing: () => false,
    priceBlock: () => null,
    shared: () => ({
      grossNotional: null,
      ordersLastMinute: 0,
      messagesLastMinute: 0,
      freeBalance: null,
      freeBalanceAt: null,
    }),
  };
}

/** Without what follows the prices of now, which no journal keeps. */
function comparable(view: AccountView): Partial<AccountView> {
  const { cash, trades, tradesHash, feesPaid, realizedPnl } = view;
  const orders = view.openOrders.map(({ orderId }) => orderId);
  return {
    cash,
    trades,
    tradesHash,
    feesPaid,
    realizedPnl,
    openOrders: orders as never,
  };
}
