/**
 * The desk worker's program: the accounts of many agents, each with its own
 * journal, fed by candle links and commanded by agent links.
 *
 * A disk that refuses a journal never ends the desk. Commands of the owner are
 * then carried out in memory and answered at once, because a stop must not hang
 * on a full disk; the answer's account is `halted` and says why, and what was
 * done is written first when the disk is back. A crash before that loses it,
 * with nothing outside resting on it: a withdrawal is repeated, because the
 * owner opens the account again with `entriesAllowed: false`; a position that
 * was closed in memory only is open again with its stop and target, and the
 * account shows it, so that the owner can close it again.
 *
 * @module
 */
import type {
  ActorHandlers,
  ActorProgram,
  ActorRuntime,
} from "../../actors/program.ts";
import type {
  DeskAccountConfig,
  DeskAccountOpening,
  DeskAnswer,
  DeskConfig,
  DeskQuery,
} from "../contracts/desk.ts";
import type { EmergencyDeskState } from "../contracts/emergency.ts";
import type { FeedMessage } from "../contracts/links.ts";
import { assertNever } from "../core/assert.ts";
import { AppError } from "../core/errors.ts";
import { isSameConfig } from "./account/account_config.ts";
import type { AccountFlow } from "./account_flow.ts";
import { EmergencyDesk } from "./emergency/emergency_desk.ts";
import { emergencyFilesOf } from "./emergency/files.ts";
import { journalUnavailable } from "./journal/disk_error.ts";
import { type DeskFiles, DISK } from "./journal/storage.ts";
import {
  accountNotFound,
  journalPath,
  refuseWhileFull,
  restOf,
  show,
  unavailable,
} from "./desk_answers.ts";
import { DeskLinks } from "./desk_links.ts";
import { DeskVenues } from "./desk_venues.ts";
import { endFlow } from "./end_flow.ts";
import { openAccount } from "./open_account.ts";
import { RefusedAccounts } from "./refused_accounts.ts";
import type { DeskProgramOptions } from "./program_options.ts";

type Answer = DeskAnswer | EmergencyDeskState | null;

/** Makes a desk program over the given files. */
export function createDeskProgram(
  files: DeskFiles = DISK,
  options: DeskProgramOptions = {},
): ActorProgram {
  return { start: (runtime) => new Desk(runtime, files, options) };
}

/** The program of the desk worker; its configuration is a {@link DeskConfig}. */
export const deskProgram: ActorProgram = createDeskProgram();

class Desk implements ActorHandlers {
  readonly #runtime: ActorRuntime;
  readonly #files: DeskFiles;
  readonly #sizes: DeskProgramOptions;
  readonly #venues: DeskVenues;
  readonly #journalDir: string;
  readonly #flows = new Map<string, AccountFlow>();
  readonly #links: DeskLinks;
  readonly #refused: RefusedAccounts;
  readonly #emergency: EmergencyDesk;
  #heldReason: string | null;

  constructor(
    runtime: ActorRuntime,
    files: DeskFiles,
    options: DeskProgramOptions,
  ) {
    const config = runtime.config as DeskConfig;
    this.#runtime = runtime;
    this.#files = files;
    this.#sizes = options;
    this.#venues = new DeskVenues({
      runtime,
      venue: config.venue ?? null,
      openGateway: options.openGateway ?? null,
      random: options.random ?? (() => 0.5),
      liveBlock: options.liveBlock ?? null,
    });
    this.#journalDir = config.journalDir;
    this.#heldReason = config.heldReason;
    this.#links = new DeskLinks(this.#flows, runtime);
    this.#refused = new RefusedAccounts({
      runtime,
      open: (opening) => void this.#open(opening),
    });
    this.#emergency = new EmergencyDesk({
      runtime,
      flows: this.#flows,
      files: emergencyFilesOf(config, options),
      latches: config.latches ?? [],
    });
    for (const opening of config.accounts) this.#refused.tryOpen(opening);
  }

  receive(link: string, message: unknown): void {
    const { kind, flow } = this.#links.parse(link);
    if (flow === null) this.#links.keep(link, message);
    else if (kind === "candles") flow.receiveCandles(message as FeedMessage);
    else flow.receiveAgent(message);
  }

  linkOpened(link: string, info: unknown): void {
    this.#links.open(link, info);
  }

  linkClosed(link: string): void {
    this.#links.close(link);
  }

  credited(link: string): void {
    const { kind, flow } = this.#links.parse(link);
    if (kind === "agent") flow?.pump();
  }

  async ask(query: unknown): Promise<Answer> {
    return await this.#answer(query as DeskQuery);
  }

  async stop(): Promise<void> {
    this.#refused.cancel();
    this.#emergency.cancel();
    await Promise.all(
      [...this.#flows.values()].map((flow) => endFlow(flow, this.#venues)),
    );
    this.#flows.clear();
  }

  async #answer(query: DeskQuery): Promise<Answer> {
    switch (query.type) {
      case "emergency":
        return this.#emergency.ask(query);
      case "openAccount":
        return show(this.#openOrUpdate(query));
      case "updateAccount":
        return show(this.#update(query.account));
      case "account":
        return show(this.#flow(query.agentId));
      case "setEntries":
        return this.#command(
          query.agentId,
          ({ account }) => account.setEntries(query),
        );
      case "quiesce":
        return await this.#quiesce(query);
      case "rearm":
        return this.#command(query.agentId, (flow) => {
          this.#emergency.refuseLatched(flow);
          const { commandId, reason } = query;
          flow.account.rearm({ commandId, reason });
        });
      case "hold":
        this.#heldReason = query.reason;
        for (const flow of this.#flows.values()) flow.hold(query.reason);
        return null;
      case "acknowledge": {
        const flow = this.#flow(query.agentId);
        flow.reporter.acknowledge(query.sequence);
        flow.pump();
        return null;
      }
      case "releaseSteps":
        this.#flow(query.agentId).segments.release(query.seq);
        return null;
      case "closeAccount":
        await this.#close(query.agentId);
        return null;
      case "probeKey":
        throw new AppError(
          "VENUE_NOT_SERVED",
          "This desk reaches no exchange, so it cannot ask about a key",
          { status: 409 },
        );
      default:
        return assertNever(query, "desk query");
    }
  }

  #openOrUpdate(opening: DeskAccountOpening): AccountFlow {
    const { agentId } = opening.account;
    if (this.#flows.has(agentId)) return this.#update(opening.account);
    try {
      return this.#open(opening);
    } catch (error) {
      // One that the desk should have had goes on being tried with what is new.
      if (this.#refused.has(agentId) && error instanceof AppError) {
        this.#refused.refuse(opening, error);
      }
      throw error;
    }
  }

  /** @throws {AppError} `ACCOUNT_ID_INVALID`, or as `openAccount` (open_account.ts) does. */
  #open(opening: DeskAccountOpening): AccountFlow {
    const { agentId } = opening.account;
    const flow = openAccount(opening, {
      runtime: this.#runtime,
      files: this.#files,
      sizes: this.#sizes,
      path: journalPath(this.#journalDir, agentId),
      heldReason: this.#heldReason,
      venues: this.#venues,
    });
    this.#flows.set(agentId, flow);
    this.#emergency.opened(flow, opening.ownerId);
    this.#refused.forget(agentId, {
      isFailing: flow.journal.failure !== null,
    });
    this.#links.accountOpened(agentId);
    return flow;
  }

  #update(config: DeskAccountConfig): AccountFlow {
    const flow = this.#flow(config.agentId);
    if (!isSameConfig(flow.account.config, config)) {
      refuseWhileFull(flow);
      flow.account.updateConfig(config);
      flow.accountChanged();
      flow.pump();
    }
    return flow;
  }

  #command(
    agentId: string,
    action: (flow: AccountFlow) => void,
  ): DeskAnswer {
    const flow = this.#flow(agentId);
    refuseWhileFull(flow);
    action(flow);
    flow.accountChanged();
    return show(flow);
  }

  /**
   * Answers when the owner has been told of the trade that closing the position
   * made; at once while the disk refuses. At a venue closing takes a while: after
   * a deadline it answers with what is left, and the desk goes on with it.
   */
  async #quiesce(
    query: Extract<DeskQuery, { type: "quiesce" }>,
  ): Promise<DeskAnswer> {
    const { agentId } = query;
    this.#command(agentId, ({ account }) => account.quiesce(query));
    const flow = this.#flow(agentId);
    if (flow.journal.failure === null && !await flow.quiesced.wait()) {
      this.#runtime.report(restOf(agentId));
    }
    await flow.reporter.flush();
    return show(flow);
  }

  /** Keeps the journal aside, also that of an account which could not be opened. */
  async #close(agentId: string): Promise<void> {
    const flow = this.#flows.get(agentId);
    if (flow === undefined && !this.#refused.has(agentId)) return;
    const path = journalPath(this.#journalDir, agentId);
    if (flow !== undefined) {
      if (flow.journal.failure !== null) {
        throw unavailable(flow.journal.failure);
      }
      this.#flows.delete(agentId);
      await endFlow(flow, this.#venues);
    }
    try {
      this.#files.retire(path);
    } catch (cause) {
      const error = journalUnavailable(
        `Cannot rename journal "${path}"`,
        cause,
      );
      if (flow !== undefined) {
        const { config: account } = flow.account;
        this.#refused.refuse({ account, storedTrades: 0 }, error);
      }
      throw error;
    }
    this.#refused.forget(agentId, { isFailing: false });
  }

  #flow(agentId: string): AccountFlow {
    const flow = this.#flows.get(agentId);
    if (flow !== undefined) return flow;
    throw this.#refused.errorOf(agentId) ?? accountNotFound(agentId);
  }
}
