import type { StreamKind } from "../faults/kinds.ts";
import { STREAM_BACKLOG_BYTES_MAX } from "../limits.ts";
import type { MarketKind } from "../market/specs.ts";
import type { VenueState } from "../state.ts";
import type { StreamName } from "./names.ts";

/** One WebSocket of a client, with its subscriptions and the faults on the way to it. */
export class StreamConnection {
  readonly market: MarketKind;
  readonly streams = new Map<string, StreamName>();
  /** It gets the account's own news. */
  isUser = false;
  /** Of the WebSocket API; wraps events of the account. */
  subscriptionId: number | null = null;
  readonly #socket: WebSocket;
  readonly #venue: VenueState;
  readonly #isCombined: boolean;
  #isSilent = false;
  #heldBack: string | null = null;

  constructor(
    options: {
      socket: WebSocket;
      venue: VenueState;
      market: MarketKind;
      isCombined: boolean;
    },
  ) {
    this.market = options.market;
    this.#socket = options.socket;
    this.#venue = options.venue;
    this.#isCombined = options.isCombined;
  }

  /** Answers a request on the connection; no fault strikes it. */
  reply(body: unknown): void {
    this.#push(JSON.stringify(body));
  }

  /** Sends a message of a stream, unless a fault strikes. */
  send(kind: StreamKind, stream: string, payload: unknown): void {
    if (this.#isSilent) return;
    const text = JSON.stringify(this.#wrapped(stream, payload));
    const rule = this.#venue.faults.strike({
      on: kind,
      market: this.market,
      detail: text,
    });
    switch (rule?.fault) {
      case "drop":
        return;
      case "silence":
        this.#isSilent = true;
        return;
      case "cut":
        return this.close();
      case "delay":
        this.#venue.clock.after(rule.ms ?? 100, () => this.#push(text));
        return;
      case "reorder":
        this.#heldBack = text;
        return;
      case "duplicate":
        this.#push(text);
    }
    this.#push(text);
    const held = this.#heldBack;
    this.#heldBack = null;
    if (held !== null) this.#push(held);
  }

  close(): void {
    if (this.#socket.readyState <= WebSocket.OPEN) this.#socket.close(1000);
  }

  #wrapped(stream: string, payload: unknown): unknown {
    if (this.subscriptionId !== null) {
      return { subscriptionId: this.subscriptionId, event: payload };
    }
    return this.#isCombined ? { stream, data: payload } : payload;
  }

  #push(text: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount > STREAM_BACKLOG_BYTES_MAX) {
      return this.close();
    }
    this.#socket.send(text);
  }
}
