import assert from "node:assert/strict";
import { Findings } from "../chaos/findings.ts";
import type { JournalLine } from "../chaos/journal_reader.ts";
import { checkVenue } from "../chaos/venue_checks.ts";
import { foldVenueLedger } from "../chaos/venue_fold.ts";
import { movePrice } from "../venue/engine/market_moves.ts";
import { placeForeign } from "../venue/foreign_order.ts";
import { report } from "../venue/report.ts";
import { VenueState } from "../venue/state.ts";

const AGENT = "agt_1";
const ENTRY = "abc00001001e00000";
const CLOSE = "abc00001001c00003";

/** A venue where an entry and a close were filled, as if they were ours. */
function tradedVenue(): VenueState {
  const venue = new VenueState({ futuresFunds: "100000" });
  movePrice(venue, "BTCUSDT", "40000");
  const order = { kind: "futures", symbol: "BTCUSDT", type: "MARKET" } as const;
  placeForeign(venue, {
    ...order,
    side: "BUY",
    quantity: "0.01",
    clientOrderId: ENTRY,
  });
  placeForeign(venue, {
    ...order,
    side: "SELL",
    quantity: "0.01",
    clientOrderId: CLOSE,
  });
  return venue;
}

/** The journal that belongs to it. */
function linesOf(venue: VenueState): JournalLine[] {
  const { trades } = report(venue).futures;
  const order = (orderId: string, role: string, side: string) => ({
    orderId,
    intentId: "1.0",
    role,
    side,
  });
  const records: JournalLine[] = [
    {
      type: "ACCOUNT",
      config: {
        symbol: "BTC/USDT",
        risk: { initialCapital: "10000" },
        execution: {
          kind: "venue",
          market: "swap",
          namespace: "abc",
          agentKey: "00001",
        },
      },
    },
    { type: "INTENT", intent: { intentId: "1.0" } },
  ];
  for (const { side, clientOrderId, id, price, quantity, fee } of trades) {
    const isEntry = clientOrderId === ENTRY;
    const role = isEntry ? "entry" : "close";
    const placed = order(`1.0-${role}`, role, side.toLowerCase());
    records.push(
      { type: "ORDER", order: placed, clientOrderId },
      { type: "SENDING", orderId: placed.orderId },
      {
        type: "FILL",
        fill: { ...placed, fillId: String(id), price, quantity, fee, seq: 1 },
      },
    );
  }
  return records.map((record) => ({ seq: 1, record }));
}

function findingsOf(
  venue: VenueState,
  lines: readonly JournalLine[],
): string {
  const findings = new Findings();
  const books = new Map([[AGENT, foldVenueLedger(lines)]]);
  checkVenue(report(venue), books, findings);
  return [...findings.lost, ...findings.duplicated].join("\n");
}

Deno.test("checkVenue() finds no fault where journal and venue agree", () => {
  const venue = tradedVenue();
  assert.equal(findingsOf(venue, linesOf(venue)), "");
});

Deno.test("checkVenue() finds trades, orders, positions and money that differ", () => {
  const venue = tradedVenue();
  const lines = linesOf(venue);
  const of = (type: string) => ({ record }: JournalLine) =>
    record.type === type;
  const without = lines.filter((line) => line !== lines.findLast(of("FILL")));
  const found = findingsOf(venue, without);
  assert.match(found, /is not in the books/);
  assert.match(found, /the books hold 0.01, the venue 0/);
  assert.match(found, /the margin wallet is/);
  const last = lines.findLast(of("FILL"))!;
  const invented = {
    ...last,
    record: { ...last.record, fill: { ...last.record.fill, fillId: "999" } },
  };
  assert.match(
    findingsOf(venue, [...without, invented]),
    /fill 999 never happened/,
  );
  const unknown = lines.filter(({ record }) =>
    record.clientOrderId !== CLOSE && record.fill?.role !== "close" &&
    !String(record.orderId).endsWith("close")
  );
  assert.match(findingsOf(venue, unknown), /is on no record/);
});

Deno.test("checkVenue() finds orders that rest and calls within a silence", () => {
  const venue = tradedVenue();
  const lines = linesOf(venue);
  placeForeign(venue, {
    kind: "futures",
    symbol: "BTCUSDT",
    type: "LIMIT",
    side: "BUY",
    quantity: "0.01",
    price: "30000",
    clientOrderId: "abc00001001e00004",
  });
  assert.match(findingsOf(venue, lines), /still rests/);
  venue.rates.futures.violations.push({
    at: 10_000,
    market: "futures",
    address: "127.0.0.1",
    path: "/fapi/v1/order",
    silentFrom: 1_000,
    silentUntil: 20_000,
  });
  assert.match(findingsOf(venue, lines), /9000 ms after a silence/);
});
