import type { ActorRuntime } from "../../actors/program.ts";
import type { DeskVenueReport } from "../contracts/account.ts";
import type { DeskAccountConfig } from "../contracts/desk.ts";
import { type VenueId, venueKey } from "../contracts/venue.ts";
import { AppError } from "../core/errors.ts";
import type { AccountLink, AccountRegistration } from "./venue/account_link.ts";
import { VenueDriver } from "./venue/driver.ts";
import type { OpenGateway } from "./venue/opener.ts";
import type { EntryBlock } from "./venue/port.ts";
import type { VenueExecution } from "./venue/venue_account.ts";

/** What a desk's venues are made with. */
export interface DeskVenuesOptions {
  runtime: ActorRuntime;
  /** Of the whole desk; null for one that matches candles only. */
  venue: VenueId | null;
  /** Null where the desk trades at no venue. */
  openGateway: OpenGateway | null;
  random: () => number;
  /** Why accounts that trade with money by this key may not enter; null for nothing. */
  liveBlock: (credentialId: string) => EntryBlock | null;
}

/** What an account at a venue is registered with. */
export type VenueRegistration = Pick<
  AccountRegistration,
  "journal" | "onChange" | "wire"
>;

/**
 * The drivers of a desk: one for each key, and one for each account of the paper
 * venue, because there everybody has money of their own.
 */
export class DeskVenues {
  readonly #options: DeskVenuesOptions;
  readonly #drivers = new Map<string, VenueDriver>();

  constructor(options: DeskVenuesOptions) {
    this.#options = options;
  }

  /**
   * Registers an account with its driver; null for an account of a market of
   * candles.
   *
   * @throws {AppError} `VENUE_NOT_SERVED`, `VENUE_PACING_INVALID`,
   *   `ACCOUNT_SYMBOL_TAKEN`
   */
  register(
    config: DeskAccountConfig,
    registration: VenueRegistration,
  ): AccountLink | null {
    const { execution } = config;
    if (execution === undefined || execution.kind === "candles") return null;
    if (config.pacing !== "realtime") {
      throw new AppError(
        "VENUE_PACING_INVALID",
        `A venue does not wait for the decisions of agent ${config.agentId}; open its account with realtime pacing`,
      );
    }
    const key = keyOf(config.agentId, execution);
    const driver = this.#drivers.get(key) ?? this.#create(config, execution);
    const link = driver.register({ ...registration, config, execution });
    this.#drivers.set(key, driver);
    return link;
  }

  /** Lets go of an account; the driver ends with its last one. */
  async release(link: AccountLink): Promise<void> {
    for (const [key, driver] of this.#drivers) {
      driver.release(link);
      if (driver.size > 0) continue;
      this.#drivers.delete(key);
      // deno-lint-ignore no-await-in-loop -- at most one of them has become empty
      await driver.close();
    }
  }

  #create(config: DeskAccountConfig, execution: VenueExecution): VenueDriver {
    const { runtime, venue, openGateway, random, liveBlock } = this.#options;
    const { exchange, market } = execution;
    const isServed = openGateway !== null && venue !== null &&
      venueKey(venue) === venueKey(execution);
    if (!isServed) {
      throw new AppError(
        "VENUE_NOT_SERVED",
        `This desk does not trade at ${venueKey(execution)}; ` +
          "start the agent at a desk of that venue",
        { status: 409 },
      );
    }
    const { clock } = runtime;
    return new VenueDriver({
      clock,
      random,
      venue: openGateway({
        venue: { exchange, market },
        credentialId: execution.kind === "venue"
          ? execution.credentialId
          : null,
        account: config,
        clock,
        random,
      }),
      alert: (alert) =>
        runtime.report(
          { kind: "desk_venue", ...alert } satisfies DeskVenueReport,
        ),
      ...(execution.kind === "venue"
        ? { gate: () => liveBlock(execution.credentialId) }
        : {}),
    });
  }
}

function keyOf(agentId: string, execution: VenueExecution): string {
  return execution.kind === "venue"
    ? `key:${execution.credentialId}`
    : `paper:${agentId}`;
}
