/**
 * All WebSockets of the venue: which paths there are, and who hears of what.
 *
 * Spot streams are at `/ws` and `/stream`, also below `/stream/ws`, because ccxt
 * knows spot by `/stream` in the address. Futures streams are at `/public/ws`,
 * `/market/ws` and `/private/ws?listenKey=…`, with or without `/fstream` before.
 * The WebSocket API of spot is at `/ws-api/v3`.
 *
 * @module
 */
import type { VenueEvent } from "../engine/events.ts";
import type { MarketKind } from "../market/specs.ts";
import type { VenueState } from "../state.ts";
import { StreamConnection } from "./connection.ts";
import { MarketFan } from "./market_fan.ts";
import { parseStreamName } from "./names.ts";
import { answerRequest, type StreamRequest } from "./requests.ts";
import { userMessage } from "./user_messages.ts";

const FUTURES_PATH = /^\/(fstream|public|market|private)(\/|$)/;

/** See the module. */
export class StreamHub {
  readonly #venue: VenueState;
  readonly #connections = new Set<StreamConnection>();
  readonly #fan: MarketFan;
  readonly #stopListening: () => void;
  #waiting: { isThere(): boolean; resolve(): void }[] = [];

  constructor(venue: VenueState) {
    this.#venue = venue;
    this.#fan = new MarketFan(venue);
    this.#stopListening = venue.listen((event) => this.#onEvent(event));
  }

  /** Connections with the account's news. */
  get userConnections(): number {
    return [...this.#connections].filter(({ isUser }) => isUser).length;
  }

  /** Resolves when somebody listens to the account's news. */
  whenUserListens(): Promise<void> {
    return this.#until(() => this.userConnections > 0);
  }

  /** Resolves when somebody listens to candles: those that close before are told to nobody. */
  whenCandlesAreHeard(): Promise<void> {
    return this.#until(() =>
      [...this.#connections].some(({ streams }) =>
        [...streams.keys()].some((name) => name.includes("@kline"))
      )
    );
  }

  /** Takes a WebSocket request, or refuses it. */
  accept(request: Request): Response {
    const url = new URL(request.url);
    const listenKey = listenKeyOf(url);
    if (listenKey !== null && !this.#venue.listenKeys.has(listenKey)) {
      return new Response("This listenKey does not exist.", { status: 400 });
    }
    const { socket, response } = Deno.upgradeWebSocket(request, {
      idleTimeout: 20,
    });
    const connection = new StreamConnection({
      socket,
      venue: this.#venue,
      market: marketOf(url.pathname),
      isCombined: isCombined(url),
    });
    connection.isUser = listenKey !== null;
    socket.onopen = () => {
      this.#connections.add(connection);
      this.#subscribe(connection, streamsIn(url));
      this.#look();
    };
    socket.onclose = () => void this.#connections.delete(connection);
    // The close event follows.
    socket.onerror = () => {};
    socket.onmessage = ({ data }) => this.#onMessage(connection, String(data));
    return response;
  }

  /** Cuts connections: all, or those with the account's news. */
  cut(which: "all" | "user" = "all"): void {
    for (const connection of [...this.#connections]) {
      if (which === "all" || connection.isUser) connection.close();
    }
  }

  /** Lets the listen keys run out: Binance says so on the stream and closes it. */
  expireListenKeys(): void {
    this.#venue.listenKeys.clear();
    for (const connection of [...this.#connections]) {
      if (!connection.isUser || connection.market !== "futures") continue;
      connection.reply({
        e: "listenKeyExpired",
        E: this.#venue.clock.now(),
      });
      connection.close();
    }
  }

  close(): void {
    this.#stopListening();
    this.cut();
  }

  #onEvent(event: VenueEvent): void {
    for (const connection of [...this.#connections]) {
      if (!connection.isUser) continue;
      const message = userMessage(this.#venue, connection.market, event);
      if (message !== null) connection.send("stream.user", "user", message);
    }
    this.#fan.tell(event, this.#connections);
  }

  #onMessage(connection: StreamConnection, text: string): void {
    let request: StreamRequest;
    try {
      request = JSON.parse(text);
    } catch {
      return connection.reply({ error: { code: 3, msg: "Invalid JSON" } });
    }
    const added = answerRequest(this.#venue, connection, request);
    this.#fan.greet(connection, added);
    this.#look();
  }

  #until(isThere: () => boolean): Promise<void> {
    if (isThere()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isThere, resolve }));
  }

  /** Somebody listens to something more. */
  #look(): void {
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ isThere }) => !isThere());
    for (const one of waiting) if (one.isThere()) one.resolve();
  }

  #subscribe(connection: StreamConnection, names: readonly string[]): void {
    const streams = names.map(parseStreamName).filter((name) => name !== null);
    for (const stream of streams) connection.streams.set(stream.name, stream);
    this.#fan.greet(connection, streams);
  }
}

function marketOf(path: string): MarketKind {
  return FUTURES_PATH.test(path) ? "futures" : "spot";
}

function isCombined(url: URL): boolean {
  return url.pathname.endsWith("/stream");
}

function listenKeyOf(url: URL): string | null {
  const named = url.searchParams.get("listenKey");
  if (named !== null) return named;
  const last = url.pathname.split("/").at(-1)!;
  return marketOf(url.pathname) === "futures" && /^[0-9a-f]{32}$/.test(last)
    ? last
    : null;
}

function streamsIn(url: URL): string[] {
  const listed = url.searchParams.get("streams");
  return listed === null ? url.pathname.split("/") : listed.split("/");
}
