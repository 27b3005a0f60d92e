import type { ActorRuntime } from "../../actors/program.ts";
import type { Timer } from "../../actors/clock.ts";
import type { DeskJournalReport } from "../contracts/account.ts";
import type { DeskAccountOpening } from "../contracts/desk.ts";
import { tradesWith } from "./account/account_config.ts";
import { AppError } from "../core/errors.ts";
import { JOURNAL_RETRY_MS } from "./limits.ts";

interface RefusedAccount {
  opening: DeskAccountOpening;
  error: AppError;
}

/** What refused accounts need of their desk. */
export interface RefusedAccountsOptions {
  runtime: Pick<ActorRuntime, "clock" | "report">;
  /** Tries to open one of them; throws where it is to be refused again. */
  open: (opening: DeskAccountOpening) => void;
}

/**
 * Accounts that a desk should have and cannot open: one damaged journal or full
 * disk must not take the other accounts down. Each is reported as failing and
 * answers every question with its error. Where the disk is the reason, it is
 * tried again every second; a damaged journal waits for its owner to ask.
 */
export class RefusedAccounts {
  readonly #options: RefusedAccountsOptions;
  readonly #accounts = new Map<string, RefusedAccount>();
  #timer: Timer | null = null;

  constructor(options: RefusedAccountsOptions) {
    this.#options = options;
  }

  /** Opens an account, or refuses it and goes on. */
  tryOpen(opening: DeskAccountOpening): void {
    try {
      this.#options.open(opening);
    } catch (error) {
      // A defect of the desk itself is not the journal's.
      if (!(error instanceof AppError)) throw error;
      this.refuse(opening, error);
    }
  }

  /** Remembers an account that cannot be opened now. */
  refuse(opening: DeskAccountOpening, error: AppError): void {
    const { agentId } = opening.account;
    const isNew = this.#accounts.get(agentId)?.error.code !== error.code;
    this.#accounts.set(agentId, { opening, error });
    if (isNew) {
      this.#tell({ agentId, isFailing: true, detail: error.message });
    }
    this.#arm();
  }

  has(agentId: string): boolean {
    return this.#accounts.has(agentId);
  }

  /** Those that trade with a key. */
  agentIdsWith(keyId: string): string[] {
    return [...this.#accounts.values()].map(({ opening }) => opening.account)
      .filter((account) => tradesWith(account, keyId))
      .map(({ agentId }) => agentId);
  }

  errorOf(agentId: string): AppError | null {
    return this.#accounts.get(agentId)?.error ?? null;
  }

  /** The account is open or given up; one that is open and failing has said so itself. */
  forget(agentId: string, { isFailing }: { isFailing: boolean }): void {
    if (!this.#accounts.delete(agentId) || isFailing) return;
    this.#tell({ agentId, isFailing: false, detail: "" });
  }

  /** Tries no more. */
  cancel(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#accounts.clear();
  }

  #arm(): void {
    if (this.#timer !== null || this.#retriable().length === 0) return;
    this.#timer = this.#options.runtime.clock.after(JOURNAL_RETRY_MS, () => {
      this.#timer = null;
      for (const { opening } of this.#retriable()) this.tryOpen(opening);
      this.#arm();
    });
  }

  #retriable(): RefusedAccount[] {
    return [...this.#accounts.values()].filter(({ error }) =>
      error.code === "JOURNAL_UNAVAILABLE"
    );
  }

  #tell(report: Omit<DeskJournalReport, "kind">): void {
    this.#options.runtime.report({ kind: "desk_journal", ...report });
  }
}
