/**
 * The desk of a venue: a desk with a way to its exchange. Keys come sealed with
 * the accounts that use them and are opened here, in this worker alone.
 *
 * @module
 */
import type {
  ActorHandlers,
  ActorProgram,
  ActorRuntime,
  StopReason,
} from "../../actors/program.ts";
import type {
  DeskAccountOpening,
  DeskConfig,
  DeskQuery,
  KeyRelease,
  VenueDeskConfig,
} from "../contracts/desk.ts";
import type { EntryBlock } from "./venue/port.ts";
import type { Secret } from "../core/secret.ts";
import { DISK } from "./journal/storage.ts";
import { createDeskProgram, deskProgram } from "./program.ts";
import {
  ExchangeOpener,
  type ExchangeOpenerOptions,
} from "./venue/gateways/exchange_opener.ts";

/** What only the process has. */
export interface VenueDeskOptions {
  /** In [0, 1). */
  random: () => number;
  /** Value of `EXCHANGE_KEY_SECRET`; asked for when a desk of a venue starts. */
  keySecret: () => Secret<string>;
  /** For measurements: told of requests, and other limits than the venue's. */
  measured?: Pick<ExchangeOpenerOptions, "onSend" | "limits">;
}

/** The program of every desk worker: of markets of candles, or of the venue that its configuration names. */
export function createWorkerDesk(options: VenueDeskOptions): ActorProgram {
  return {
    start: async (runtime) => {
      const { venue } = runtime.config as DeskConfig;
      return venue === undefined || venue === null
        ? await deskProgram.start(runtime)
        : await startVenueDesk(runtime, { ...options, venue });
    },
  };
}

async function startVenueDesk(
  runtime: ActorRuntime,
  options: VenueDeskOptions & { venue: VenueDeskConfig },
): Promise<ActorHandlers> {
  const { venue, random, keySecret, measured = {} } = options;
  const opener = new ExchangeOpener({
    venue,
    clock: runtime.clock,
    random,
    keySecret: keySecret(),
    ...measured,
  });
  for (const opening of (runtime.config as DeskConfig).accounts) {
    learn(opener, opening);
  }
  const desk = await createDeskProgram(DISK, {
    openGateway: opener.open,
    random,
    liveBlock: (credentialId) => {
      if (!venue.isLiveArmed) return NOT_ARMED;
      return opener.isLiveAllowed(credentialId) ? null : KEY_NOT_ALLOWED;
    },
  }).start(runtime);
  return new VenueDesk(desk, opener);
}

/** A desk that also asks its exchange about keys. */
class VenueDesk implements ActorHandlers {
  readonly #desk: ActorHandlers;
  readonly #opener: ExchangeOpener;

  constructor(desk: ActorHandlers, opener: ExchangeOpener) {
    this.#desk = desk;
    this.#opener = opener;
  }

  receive(link: string, message: unknown): void | Promise<void> {
    return this.#desk.receive(link, message);
  }

  linkOpened(link: string, info: unknown): void {
    this.#desk.linkOpened?.(link, info);
  }

  linkClosed(link: string): void {
    this.#desk.linkClosed?.(link);
  }

  credited(link: string): void {
    this.#desk.credited?.(link);
  }

  async ask(question: unknown): Promise<unknown> {
    const query = question as DeskQuery;
    if (query.type === "probeKey") return await this.#opener.probe(query.key);
    if (query.type === "openAccount") learn(this.#opener, query);
    if (query.type === "learnKey") this.#opener.learnKey(query.key);
    if (query.type === "forgetKey") this.#opener.forgetKey(query.keyId);
    const answer = await this.#desk.ask?.(query);
    if (query.type === "releaseKey" && isReleased(answer)) {
      this.#opener.forgetKey(query.keyId);
    }
    return answer;
  }

  async stop(reason: StopReason): Promise<void> {
    await this.#desk.stop?.(reason);
    this.#opener.close();
  }
}

function isReleased(answer: unknown): boolean {
  return (answer as KeyRelease).busy.length === 0;
}

function learn(opener: ExchangeOpener, { key }: DeskAccountOpening): void {
  if (key !== undefined) opener.learnKey(key);
}

/** Nothing new is begun with money; what is open is looked after. */
const NOT_ARMED: EntryBlock = {
  code: "LIVE_NOT_ARMED",
  detail:
    "This server trades on paper only; start it with TRADING_MODE=live to let live agents enter",
};

const KEY_NOT_ALLOWED: EntryBlock = {
  code: "LIVE_NOT_ARMED",
  detail:
    "The exchange key of this agent is not allowed for live trading; allow it under Settings → Keys to let it enter",
};
