import type { ActorRuntime } from "../../actors/program.ts";
import { isFlat } from "../contracts/account.ts";
import type {
  DeskAccountConfig,
  DeskAccountOpening,
  KeyRelease,
} from "../contracts/desk.ts";
import { AppError } from "../core/errors.ts";
import { isSameConfig, tradesWith } from "./account/account_config.ts";
import type { AccountFlow } from "./account_flow.ts";
import {
  accountNotFound,
  journalPath,
  refuseWhileFull,
  unavailable,
} from "./desk_answers.ts";
import type { DeskLinks } from "./desk_links.ts";
import type { DeskVenues } from "./desk_venues.ts";
import { endFlow } from "./end_flow.ts";
import type { EmergencyDesk } from "./emergency/emergency_desk.ts";
import type { GuardDesk } from "./guard/guard_desk.ts";
import { journalUnavailable } from "./journal/disk_error.ts";
import type { DeskFiles } from "./journal/storage.ts";
import { type JournalSizes, openAccount } from "./open_account.ts";
import { RefusedAccounts } from "./refused_accounts.ts";

/** What the accounts of a desk work with. */
export interface DeskAccountsOptions {
  runtime: ActorRuntime;
  files: DeskFiles;
  sizes: JournalSizes;
  journalDir: string;
  /** Filled here. */
  flows: Map<string, AccountFlow>;
  links: DeskLinks;
  venues: DeskVenues;
  emergency: EmergencyDesk;
  guards: GuardDesk;
  heldReason: string | null;
}

/** The accounts of a desk: opened, changed, and let go, with those that could not be opened. */
export class DeskAccounts {
  /** Why no account may take new risk; null for nothing. */
  heldReason: string | null;
  readonly #options: DeskAccountsOptions;
  readonly #flows: Map<string, AccountFlow>;
  readonly #refused: RefusedAccounts;

  constructor(options: DeskAccountsOptions) {
    this.#options = options;
    this.#flows = options.flows;
    this.heldReason = options.heldReason;
    this.#refused = new RefusedAccounts({
      runtime: options.runtime,
      open: (opening) => void this.#open(opening),
    });
  }

  /** Those that are open. */
  all(): IterableIterator<AccountFlow> {
    return this.#flows.values();
  }

  /** Opens one that the desk should have; where that fails it is tried again. */
  tryOpen(opening: DeskAccountOpening): void {
    this.#refused.tryOpen(opening);
  }

  /** Ends all of them; their journals stay. */
  async stop(): Promise<void> {
    this.#refused.cancel();
    this.#options.emergency.cancel();
    this.#options.guards.cancel();
    const { venues } = this.#options;
    await Promise.all([...this.all()].map((flow) => endFlow(flow, venues)));
    this.#flows.clear();
  }

  /** @throws {AppError} As `openAccount` (open_account.ts) does. */
  openOrUpdate(opening: DeskAccountOpening): AccountFlow {
    const { agentId } = opening.account;
    if (this.#flows.has(agentId)) return this.update(opening.account);
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

  /** Gives an account what it is to be like from now on. */
  update(config: DeskAccountConfig): AccountFlow {
    const flow = this.find(config.agentId);
    if (!isSameConfig(flow.account.config, config)) {
      refuseWhileFull(flow);
      flow.account.updateConfig(config);
      flow.accountChanged();
      flow.pump();
    }
    return flow;
  }

  /** Keeps the journal aside, also that of an account which could not be opened. */
  async close(agentId: string): Promise<void> {
    const flow = this.#flows.get(agentId);
    if (flow === undefined && !this.#refused.has(agentId)) return;
    const path = journalPath(this.#options.journalDir, agentId);
    if (flow !== undefined) {
      if (flow.journal.failure !== null) {
        throw unavailable(flow.journal.failure);
      }
      this.#flows.delete(agentId);
      await endFlow(flow, this.#options.venues);
    }
    try {
      this.#options.files.retire(path);
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

  /**
   * Lets go of every account that trades with a key, if all of them are flat;
   * journals stay. One that could not be opened is not known to be.
   *
   * @throws {AppError} `JOURNAL_UNAVAILABLE` if the disk does not have the journal of one yet.
   */
  async releaseKey(keyId: string): Promise<KeyRelease> {
    const flows = [...this.all()].filter(({ account }) =>
      tradesWith(account.config, keyId)
    );
    const busy = [
      ...flows.filter(({ account }) =>
        !account.isQuiesced || !isFlat(account.view())
      ).map(agentIdOf),
      ...this.#refused.agentIdsWith(keyId),
    ];
    if (busy.length > 0) return { busy };
    for (const { journal } of flows) {
      if (journal.failure !== null) throw unavailable(journal.failure);
    }
    for (const flow of flows) this.#flows.delete(agentIdOf(flow));
    const { venues } = this.#options;
    await Promise.all(flows.map((flow) => endFlow(flow, venues)));
    return { busy };
  }

  /** @throws {AppError} `ACCOUNT_NOT_FOUND`, or why it could not be opened */
  find(agentId: string): AccountFlow {
    const flow = this.#flows.get(agentId);
    if (flow !== undefined) return flow;
    throw this.#refused.errorOf(agentId) ?? accountNotFound(agentId);
  }

  /** @throws {AppError} `ACCOUNT_ID_INVALID`, or as `openAccount` (open_account.ts) does. */
  #open(opening: DeskAccountOpening): AccountFlow {
    const { agentId } = opening.account;
    const flow = openAccount(opening, {
      runtime: this.#options.runtime,
      files: this.#options.files,
      sizes: this.#options.sizes,
      path: journalPath(this.#options.journalDir, agentId),
      heldReason: this.heldReason,
      venues: this.#options.venues,
      stop: this.#options.emergency.stopOn(opening),
    });
    this.#flows.set(agentId, flow);
    this.#options.emergency.opened(flow, opening.ownerId);
    this.#options.guards.opened(flow);
    this.#refused.forget(agentId, {
      isFailing: flow.journal.failure !== null,
    });
    this.#options.links.accountOpened(agentId);
    return flow;
  }
}

function agentIdOf({ account }: AccountFlow): string {
  return account.config.agentId;
}
