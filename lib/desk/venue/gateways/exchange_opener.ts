/**
 * Opens the venues of one desk worker: the exchange itself with a key of its
 * owner, or a paper venue over its live quotes. All of them share one rate
 * budget, because an exchange counts requests by address.
 *
 * @module
 */
import type { Clock } from "../../../../actors/clock.ts";
import type { VenueDeskConfig } from "../../../contracts/desk.ts";
import type {
  KeySecrets,
  ProbedKey,
  StoredExchangeKey,
} from "../../../contracts/exchange_key.ts";
import { AppError } from "../../../core/errors.ts";
import type { Secret } from "../../../core/secret.ts";
import {
  createRateBudget,
  type VenueRateBudget,
} from "../../../exchange/budget/rate_budget.ts";
import { createCcxtGateway } from "../../../exchange/ccxt/gateway.ts";
import { profileOf } from "../../../exchange/ccxt/profiles.ts";
import { SharedSilence } from "../../../exchange/budget/shared_silence.ts";
import type { TransportHooks } from "../../../exchange/ccxt/transport.ts";
import {
  VenueError,
  type VenueGateway,
} from "../../../exchange/gateway/port.ts";
import { readKeyring } from "../../../vault/keyring.ts";
import { openKey } from "../../../vault/open_key.ts";
import type { OpenedVenue, OpenGateway, VenueOpening } from "../opener.ts";
import { DeferredGateway } from "./deferred_gateway.ts";
import { PaperGateway } from "./paper_gateway.ts";
import {
  type VenueLimits,
  venueLimits,
  WEIGHT_WINDOW,
} from "./venue_limits.ts";

/** What the venues of a worker are opened with. */
export interface ExchangeOpenerOptions {
  venue: VenueDeskConfig;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  /** Value of `EXCHANGE_KEY_SECRET`; empty where the keys are in their file. */
  keySecret: Secret<string>;
  /** Told when a request is handed to the socket, for measurements. */
  onSend?: TransportHooks["onSend"];
  /** What the venue allows; what is known of it where it is left out. */
  limits?: VenueLimits;
}

/** Key of nobody: public data need none. */
const NO_KEY: KeySecrets = { apiKey: "", secret: "", passphrase: null };

/** How long the exchange is silent where it asks for it without saying how long. */
const SILENCE_MS = 60_000;

const TOO_MANY_STATUS = 429;
const BANNED_STATUS = 418;

/** See the module's description. */
export class ExchangeOpener {
  readonly #options: ExchangeOpenerOptions;
  readonly #budget: VenueRateBudget;
  readonly #silence: SharedSilence;
  /** Sealed keys by id, as accounts brought them. */
  readonly #keys = new Map<string, StoredExchangeKey>();

  constructor(options: ExchangeOpenerOptions) {
    const { venue, clock } = options;
    this.#options = options;
    this.#silence = new SharedSilence(venue.silence, clock);
    this.#budget = createRateBudget({
      clock,
      venue: venue.exchange,
      windows: this.#limits.windows,
      // What the feed was told, or an earlier process.
      memory: {
        silentUntilMs: this.#silence.untilMs,
        bans: 0,
        lastBanAtMs: null,
      },
    });
  }

  get #limits(): VenueLimits {
    const { limits, venue } = this.#options;
    return limits ?? venueLimits(venue);
  }

  /** An account comes with its key; the newest one of an id counts. */
  learnKey(key: StoredExchangeKey): void {
    this.#keys.set(key.view.id, key);
  }

  /** A key was revoked. */
  forgetKey(id: string): void {
    this.#keys.delete(id);
  }

  /** Whether its owner lets agents trade live with a key. */
  isLiveAllowed(credentialId: string): boolean {
    return this.#keys.get(credentialId)?.view.isLiveAllowed === true;
  }

  /** For a desk. */
  readonly open: OpenGateway = (opening) =>
    opening.credentialId === null
      ? this.#openPaper(opening)
      : this.#openExchange(opening.credentialId);

  /**
   * Asks the exchange what a key may do and whose it is, by a connection of its own.
   *
   * @throws {AppError} `KEY_PROBE_FAILED` with what the exchange said.
   */
  async probe(key: StoredExchangeKey): Promise<ProbedKey> {
    const gateway = this.#exchangeGateway(() => Promise.resolve(key));
    try {
      await gateway.open();
      const rights = await gateway.keyRights();
      return { rights, accountId: await gateway.accountId() };
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      throw new AppError("KEY_PROBE_FAILED", error.message, { cause: error });
    } finally {
      await gateway.close();
    }
  }

  close(): void {
    this.#budget.close();
  }

  #openExchange(credentialId: string): OpenedVenue {
    const gateway = this.#exchangeGateway(() => {
      const key = this.#keys.get(credentialId);
      if (key !== undefined) return Promise.resolve(key);
      throw new AppError(
        "KEY_NOT_FOUND",
        "The exchange key of this agent is gone; add one and spawn another agent with it",
      );
    });
    return this.#opened(gateway);
  }

  #openPaper({ account, clock }: VenueOpening): OpenedVenue {
    const gateway = new PaperGateway({
      venue: this.#options.venue,
      account,
      clock,
      publicData: this.#exchangeGateway(null),
    });
    return {
      ...this.#opened(gateway),
      // Nothing but the market's rules is asked of the exchange.
      costOf: () => 0,
      quote: (_symbol, quote) => gateway.quote(quote),
      restore: (books) => gateway.takeBooks(books),
    };
  }

  #opened(gateway: VenueGateway): OpenedVenue {
    const { costs } = this.#limits;
    return {
      gateway,
      budget: this.#budget,
      costOf: (call) => costs[call],
      syncClock: async () => await gateway.syncClock?.(),
    };
  }

  #exchangeGateway(
    findKey: (() => Promise<StoredExchangeKey>) | null,
  ): DeferredGateway {
    const { venue, clock, random } = this.#options;
    const { exchange, market, endpoint } = venue;
    return new DeferredGateway({
      profile: profileOf({ exchange, market }, {
        isSimulated: endpoint !== null,
      }),
      make: async () =>
        await createCcxtGateway({
          venue: { exchange, market },
          credentials: findKey === null
            ? NO_KEY
            : (await this.#unseal(await findKey())).reveal(),
          clock,
          random,
          endpoint,
          silence: this.#silence,
          hooks: this.#hooks(),
        }),
    });
  }

  async #unseal(key: StoredExchangeKey): Promise<Secret<KeySecrets>> {
    const { keySecret, venue } = this.#options;
    const wrapping = await readKeyring({
      secret: keySecret,
      path: venue.keySecretPath,
    });
    if (wrapping !== null) return await openKey(key, wrapping);
    throw new AppError(
      "VAULT_KEY_UNUSABLE",
      `The key that seals exchange keys is not at "${venue.keySecretPath}"; put it back, or set EXCHANGE_KEY_SECRET`,
    );
  }

  /** The exchange says what is used and when it wants silence. */
  #hooks(): TransportHooks {
    const { onSend } = this.#options;
    return {
      ...(onSend === undefined ? {} : { onSend }),
      onAnswer: ({ status, retryAfterMs, usedWeight }) => {
        if (usedWeight !== null) {
          this.#budget.observe(WEIGHT_WINDOW, usedWeight);
        }
        const why = `The exchange answered with ${status}`;
        if (status === BANNED_STATUS) this.#budget.banned(retryAfterMs, why);
        else if (status === TOO_MANY_STATUS || retryAfterMs !== null) {
          this.#budget.retryAfter(retryAfterMs ?? SILENCE_MS, why);
        }
      },
    };
  }
}
