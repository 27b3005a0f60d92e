/**
 * The account's own news, for all who listen to one key: an exchange sends them
 * for the whole account, so a second stream would bring everything twice. A
 * session ends with the first fault, with silence or by us, and a new one follows
 * after a pause. What was missed meanwhile is for who listens to ask.
 *
 * @module
 */
import type { Timer } from "../../../actors/clock.ts";
import { symbolOf, type VenueNews, type VenueWatch } from "../gateway/port.ts";
import { HeardTrades } from "./heard_news.ts";
import { RECONNECT_MS_MAX, RECONNECT_MS_MIN } from "./limits.ts";
import {
  type SessionNews,
  type SessionPlace,
  StreamSession,
} from "./stream_session.ts";

/** What a stream is made of. */
export interface PrivateStreamOptions extends SessionPlace {
  /** From 0 (inclusive) to 1 (exclusive), for the pauses. */
  random(): number;
}

interface Watcher {
  readonly symbols: ReadonlySet<string>;
  readonly listener: (news: VenueNews) => void;
}

/** Listens while somebody watches. */
export class PrivateStream {
  readonly #options: PrivateStreamOptions;
  readonly #watchers = new Set<Watcher>();
  /** Over all sessions, for venues repeat trades after a new beginning. */
  readonly #trades = new HeardTrades();
  #session: StreamSession | null = null;
  #pause: Timer | null = null;
  #failures = 0;

  constructor(options: PrivateStreamOptions) {
    this.#options = options;
  }

  /** Tells `listener` the news of some markets, and when they begin and break off. */
  watch(
    symbols: readonly string[],
    listener: (news: VenueNews) => void,
  ): VenueWatch {
    const watcher: Watcher = { symbols: new Set(symbols), listener };
    this.#watchers.add(watcher);
    if (this.#session === null && this.#pause === null) this.#begin();
    else if (this.#session?.isOpen === true) this.#greet(watcher);
    return {
      close: () => {
        this.#watchers.delete(watcher);
        if (this.#watchers.size === 0) this.close();
      },
      renew: () => this.#renew(watcher),
    };
  }

  /** Ends the sockets; nothing is told any more. */
  close(): void {
    this.#watchers.clear();
    this.#pause?.cancel();
    this.#pause = null;
    this.#session?.end();
    this.#session = null;
  }

  /** In a turn of its own, as news come. */
  #greet(watcher: Watcher): void {
    const session = this.#session;
    queueMicrotask(() => {
      if (this.#session !== session || session?.isOpen !== true) return;
      if (this.#watchers.has(watcher)) watcher.listener({ type: "connected" });
    });
  }

  #renew(watcher: Watcher): void {
    if (!this.#watchers.has(watcher)) return;
    // One that is being opened is new enough.
    if (this.#session?.isOpen !== true) return;
    this.#session.end();
    this.#tellAll({
      type: "disconnected",
      detail: "The stream left something out and is opened anew",
    });
    if (this.#watchers.size > 0) this.#begin();
  }

  #begin(): void {
    const session = new StreamSession({
      ...this.#options,
      trades: this.#trades,
      wants: (symbol) => this.#wants(symbol),
      onOpen: () => {
        this.#failures = 0;
        this.#tellAll({ type: "connected" });
      },
      onNews: (news) => this.#tell(news),
      onEnd: (detail, wasOpen) => {
        if (this.#session !== session) return;
        this.#session = null;
        this.#waitAndBegin();
        if (wasOpen) this.#tellAll({ type: "disconnected", detail });
      },
    });
    this.#session = session;
    session.start();
  }

  #waitAndBegin(): void {
    const { clock, random } = this.#options;
    const fullMs = Math.min(
      RECONNECT_MS_MIN * 2 ** Math.min(this.#failures, 10),
      RECONNECT_MS_MAX,
    );
    this.#failures++;
    this.#pause = clock.after(Math.round(fullMs * (0.5 + random() / 2)), () => {
      this.#pause = null;
      this.#begin();
    });
  }

  #wants(symbol: string): boolean {
    for (const { symbols } of this.#watchers) {
      if (symbols.has(symbol)) return true;
    }
    return false;
  }

  #tell(news: SessionNews): void {
    const symbol = symbolOf(news)!;
    for (const { symbols, listener } of [...this.#watchers]) {
      if (symbols.has(symbol)) listener(news);
    }
  }

  #tellAll(news: VenueNews): void {
    for (const watcher of [...this.#watchers]) watcher.listener(news);
  }
}
