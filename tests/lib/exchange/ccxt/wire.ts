/** A gateway with the real ccxt module of a venue, and what it says on the wire. */
import type { MarketKind } from "../../../../lib/contracts/venue.ts";
import type { VenueGateway } from "../../../../lib/exchange/gateway/port.ts";
import { openGateway } from "./support.ts";
import {
  type Answer,
  paramsOf,
  type SeenRequest,
  startVenueServer,
  type VenueServer,
} from "./venue_server.ts";

/** A request without what differs each time: route, then fields of address and body. */
export type Said = readonly [route: string, fields: unknown];

/** An open gateway and its venue. */
export interface Wire extends AsyncDisposable {
  gateway: VenueGateway;
  server: VenueServer;
  /** What a call sent, in the order of its arrival. */
  said(run: () => Promise<unknown>): Promise<Said[]>;
}

/** Fields that differ each time; tests of signatures and deadlines look at them. */
const PASSING: readonly string[] = [
  "nonce",
  "timestamp",
  "signature",
  "deadline",
  "processBefore",
];

/** Opens a gateway to a server with these answers. */
export async function openWire(
  venue: { exchange: string; market: MarketKind },
  answers: Record<string, Answer>,
): Promise<Wire> {
  const server = startVenueServer(answers);
  const gateway = await openGateway(server.url, venue);
  return {
    gateway,
    server,
    said: async (run) => {
      server.seen.length = 0;
      await run();
      return server.seen.map(saidOf);
    },
    [Symbol.asyncDispose]: async () => {
      await gateway.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

function saidOf({ method, path, query, body }: SeenRequest): Said {
  const isJson = body.startsWith("{") || body.startsWith("[");
  const posted: unknown = isJson ? JSON.parse(body) : paramsOf(body);
  const fields = Array.isArray(posted) ? posted : Object.fromEntries(
    Object.entries({ ...paramsOf(query), ...posted as object })
      .filter(([name]) => !PASSING.includes(name)),
  );
  return [`${method} ${path}`, fields];
}

/** Requests that go out at once arrive in any order. */
export function byText(said: readonly Said[]): Said[] {
  return said.toSorted((a, b) =>
    JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
  );
}

/** How a resting stop of ours is read, but for what differs by exchange and when it was told. */
export const RESTING_STOP = {
  clientOrderId: "sf0000001",
  symbol: "BTC/USDT",
  side: "sell",
  type: "stop",
  price: null,
  triggerPrice: "24000",
  quantity: "0.01",
  filled: "0",
  status: "open",
  reduceOnly: true,
} as const;

/** An order of ours by its own id. */
export const OWN_REF = {
  symbol: "BTC/USDT",
  clientOrderId: "sf0000001",
  venueOrderId: null,
  isStop: false,
};
