import type { ActorRuntime } from "../../actors/program.ts";
import type { Timer } from "../../actors/clock.ts";
import type { DeskReport } from "../contracts/account.ts";
import type { DeskAccount } from "./account/account.ts";
import type { Journal } from "./journal/journal_file.ts";
import { REPORT_INTERVAL_MS } from "./limits.ts";
import type { IssuedReport } from "./outbox.ts";
import type { LinkRecord } from "./journal/records.ts";

/** What a reporter works with. */
export interface ReporterOptions {
  account: DeskAccount;
  journal: Journal;
  runtime: Pick<ActorRuntime, "clock" | "report">;
  /** Counts what the account's orders cause at the venue; null where there is none. */
  requests: { readonly total: number } | null;
}

/**
 * Tells the owner about one account, at most five times a second. A report
 * leaves only when the fills in it are on the disk. One with nothing to be stored
 * has no number and no record: most candles are like that, and each record would
 * cost a sync.
 */
export class Reporter {
  readonly #options: ReporterOptions;
  /** Told of every change as well. */
  onTouch: (() => void) | null = null;
  #timer: Timer | null = null;
  #isDirty = false;
  #lastMs = -Infinity;
  /** Reports leave one after the other, each after its sync. */
  #sending: Promise<void> = Promise.resolve();

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Something changed: a report is due. Cheap, called for each candle. */
  touch(): void {
    this.#isDirty = true;
    this.onTouch?.();
    if (this.#timer !== null) return;
    const { clock } = this.#options.runtime;
    const waitMs = this.#lastMs + REPORT_INTERVAL_MS - clock.monotonicMs();
    this.#timer = clock.after(Math.max(0, waitMs), () => {
      this.#timer = null;
      this.#issue();
    });
  }

  /** Sends what is due, oldest first: after a recovery what the owner may not have stored. */
  resend(): void {
    for (const report of this.#options.account.outbox.takeSendable()) {
      this.#send(report);
    }
  }

  /** The owner has stored reports up to `sequence`. */
  acknowledge(sequence: number): void {
    const { outbox } = this.#options.account;
    if (outbox.acknowledge(sequence)) {
      this.#journal({ type: "ACKNOWLEDGED", sequence });
    }
    this.resend();
    if (this.#isDirty || outbox.hasContent) this.touch();
  }

  /**
   * Reports all that is left, as far as the owner may still have reports
   * unacknowledged, and resolves when it left. While the disk refuses the
   * journal nothing leaves, and it resolves at once: who waits for a stop must
   * not wait for a disk.
   */
  async flush(): Promise<void> {
    const { account: { outbox }, journal } = this.#options;
    this.#timer?.cancel();
    this.#timer = null;
    while ((this.#isDirty || outbox.hasContent) && this.#mayIssue()) {
      this.#issueOne();
    }
    if (await journal.flushed()) await this.#sending;
  }

  /** Ends without another word. */
  cancel(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** Waits for an acknowledgement or for the disk, and is then merged with what came meanwhile. */
  #mayIssue(): boolean {
    const { account, journal } = this.#options;
    return account.outbox.canIssue && journal.failure === null;
  }

  #issue(): void {
    const { outbox } = this.#options.account;
    if (!this.#mayIssue()) return;
    this.#lastMs = this.#options.runtime.clock.monotonicMs();
    this.#issueOne();
    if (outbox.hasContent) this.touch();
  }

  #issueOne(): void {
    const { outbox } = this.#options.account;
    this.#isDirty = false;
    if (!outbox.hasContent) {
      return this.#tell({ sequence: null, trades: [], equity: [] });
    }
    const record = outbox.nextRecord();
    this.#journal(record);
    outbox.apply(record);
    this.resend();
  }

  #journal(record: LinkRecord): void {
    const { journal, account: { seq } } = this.#options;
    journal.append([{ seq, toldSeq: seq, record }]);
  }

  #send({ sequence, trades, equity, tradesInAll }: IssuedReport): void {
    // A report that is sent again must not count trades of later ones.
    this.#tell({ sequence, trades, equity }, { trades: tradesInAll });
  }

  #tell(
    content: Pick<DeskReport, "sequence" | "trades" | "equity">,
    change: Partial<DeskReport["account"]> = {},
  ): void {
    const { account, journal, runtime, requests } = this.#options;
    const report: DeskReport = {
      kind: "desk",
      agentId: account.config.agentId,
      ...(requests === null ? {} : { requests: requests.total }),
      account: { ...account.view(), ...change },
      ...content,
    };
    const written = journal.synced();
    this.#sending = this.#sending.then(async () => {
      // False: the journal was closed without it. The next incarnation reports.
      if (await written) runtime.report(report);
    });
  }
}
