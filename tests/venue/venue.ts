/**
 * A fake venue on loopback: REST and WebSockets in the shape of Binance spot and
 * USD-M futures, with its own books and with faults on demand. ccxt talks to it
 * as it is; `redirect.ts` says how its addresses are set.
 *
 * @module
 */
import { closeMinute } from "./engine/market_moves.ts";
import { Front } from "./front.ts";
import { answerControl } from "./control.ts";
import { type RestRequest, RestServer } from "./rest/server.ts";
import { type VenueOptions, VenueState } from "./state.ts";
import { StreamHub } from "./streams/hub.ts";

export interface FakeVenueOptions extends VenueOptions {
  /** 0 lets the system choose. */
  port?: number;
  /** Closes a minute of every market so often; never if left out. */
  minuteEveryMs?: number;
}

/** A running venue. */
export interface FakeVenue {
  /** Origin, for instance `http://127.0.0.1:43121`. */
  url: string;
  port: number;
  state: VenueState;
  rest: RestServer;
  streams: StreamHub;
  /** Ends everything; resolves when no connection is left. */
  stop(): Promise<void>;
}

/** Starts a venue; it listens when this returns. */
export function startFakeVenue(options: FakeVenueOptions = {}): FakeVenue {
  const state = new VenueState(options);
  const rest = new RestServer(state);
  const streams = new StreamHub(state);
  const ended = Promise.withResolvers<void>();
  const abort = new AbortController();
  let front: Front | null = null;
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    signal: abort.signal,
    onListen() {},
  }, async (request, info) => {
    const insidePort = (info.remoteAddr as Deno.NetAddr).port;
    if (request.headers.get("upgrade")?.toLowerCase() === "websocket") {
      return streams.accept(request);
    }
    const url = new URL(request.url);
    if (url.pathname.startsWith("/control/")) {
      return await answerControl({ state, rest, streams }, request);
    }
    const outcome = await rest.respond(
      await readRequest(request, front?.addressOf(insidePort) ?? "127.0.0.1"),
    );
    if (outcome === "cut") front?.cut(insidePort);
    if (outcome === "silent") await ended.promise;
    if (typeof outcome === "string") return new Response(null, { status: 503 });
    const { body, status, headers } = outcome;
    return new Response(body, { status, headers });
  });
  front = new Front({
    port: options.port ?? 0,
    insidePort: server.addr.port,
  });
  const { port } = front;
  const stopMinutes = everyMinute(state, options.minuteEveryMs);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    state,
    rest,
    streams,
    stop: async () => {
      stopMinutes();
      ended.resolve();
      state.clock.end();
      streams.close();
      await front.close();
      abort.abort();
      await server.finished;
    },
  };
}

async function readRequest(
  request: Request,
  address: string,
): Promise<RestRequest> {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname,
    query: url.search.slice(1),
    body: await request.text(),
    apiKey: request.headers.get("x-mbx-apikey"),
    address,
  };
}

function everyMinute(state: VenueState, everyMs?: number): () => void {
  if (everyMs === undefined) return () => {};
  const timer = setInterval(() => closeMinute(state), everyMs);
  return () => clearInterval(timer);
}
