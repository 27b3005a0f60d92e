import type { SimulatedClock } from "../../../actors/mod.ts";
import type {
  VenueNews,
  VenueWatch,
} from "../../../lib/exchange/gateway/port.ts";
import type { Isolate } from "../machine/isolate.ts";
import type { ExchangeNews } from "./exchange.ts";
import type { Weather } from "./weather.ts";
import {
  SYMBOL,
  toVenueFunding,
  toVenueOrder,
  toVenueTrade,
} from "./wire_format.ts";

/** What the private stream is made with. */
export interface NewsStreamOptions {
  clock: SimulatedClock;
  weather: Weather;
  random: () => number;
  namesOurIds: boolean;
}

interface Watcher {
  isolate: Isolate;
  listener: (news: VenueNews) => void;
  isConnected: boolean;
  isClosed: boolean;
}

/** How long a connection takes to be there again. */
const RECONNECT_MS = 400;

/** The private streams of all desk processes: they drop, keep silent, delay, reorder and repeat as the weather says. */
export class NewsStream {
  readonly #options: NewsStreamOptions;
  #watchers: Watcher[] = [];

  constructor(options: NewsStreamOptions) {
    this.#options = options;
  }

  watch(
    isolate: Isolate,
    listener: (news: VenueNews) => void,
  ): VenueWatch {
    let watcher = this.#add(isolate, listener);
    return {
      close: () => this.#remove(watcher),
      renew: () => {
        this.#remove(watcher);
        watcher = this.#add(isolate, listener);
      },
    };
  }

  /** The exchange says something to everybody who is connected. */
  tell(news: ExchangeNews): void {
    const { weather } = this.#options;
    this.#watchers = this.#watchers.filter(({ isolate }) => !isolate.isDead);
    if (weather.isStreamSilent || weather.isStreamCut) return;
    for (const watcher of this.#watchers) {
      if (!watcher.isConnected) continue;
      const message = this.#toNews(news);
      this.#deliver(watcher, message);
      if (this.#options.random() < weather.repeatedNews) {
        this.#deliver(watcher, message);
      }
    }
  }

  /** Every connection breaks. */
  cut(): void {
    for (const watcher of this.#watchers) {
      if (!watcher.isConnected) continue;
      watcher.isConnected = false;
      this.#enter(watcher, { type: "disconnected", detail: "1006" });
      this.#connect(watcher);
    }
  }

  #add(isolate: Isolate, listener: Watcher["listener"]): Watcher {
    const watcher: Watcher = {
      isolate,
      listener,
      isConnected: false,
      isClosed: false,
    };
    this.#watchers.push(watcher);
    this.#connect(watcher);
    return watcher;
  }

  #remove(watcher: Watcher): void {
    watcher.isClosed = true;
    this.#watchers = this.#watchers.filter((other) => other !== watcher);
  }

  #connect(watcher: Watcher): void {
    this.#options.clock.after(RECONNECT_MS, () => {
      if (watcher.isClosed || watcher.isolate.isDead) return;
      if (this.#options.weather.isStreamCut) return this.#connect(watcher);
      watcher.isConnected = true;
      this.#enter(watcher, { type: "connected" });
    });
  }

  #deliver(watcher: Watcher, news: VenueNews): void {
    const { weather, clock, random } = this.#options;
    const delayMs = Math.ceil(4 + random() * (8 + weather.newsMs));
    clock.after(delayMs, () => this.#enter(watcher, news));
  }

  #enter(watcher: Watcher, news: VenueNews): void {
    watcher.isolate.enter(`news ${news.type}`, () => {
      if (!watcher.isClosed) watcher.listener(news);
    });
  }

  #toNews(news: ExchangeNews): VenueNews {
    const { namesOurIds: namesOurId } = this.#options;
    switch (news.type) {
      case "order":
        return { type: "order", order: toVenueOrder(news.order) };
      case "trade":
        return {
          type: "trade",
          trade: toVenueTrade(news.trade, { namesOurId }),
        };
      case "funding":
        return { type: "funding", funding: toVenueFunding(news.funding) };
      case "position":
        return {
          type: "position",
          position: {
            symbol: SYMBOL,
            quantity: "0",
            entryPrice: null,
            liquidationPrice: null,
            leverage: null,
          },
        };
    }
  }
}
