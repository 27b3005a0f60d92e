import type { ActorRuntime } from "../../actors/program.ts";
import type { DeskJournalReport } from "../contracts/account.ts";
import type { DeskAccountOpening } from "../contracts/desk.ts";
import { AppError } from "../core/errors.ts";
import { DeskAccount } from "./account/account.ts";
import {
  type AccountState,
  acknowledgedTrades,
} from "./account/account_state.ts";
import type { StopInForce } from "./account/lever_orders.ts";
import { isSameConfig } from "./account/account_config.ts";
import { AccountFlow } from "./account_flow.ts";
import type { DeskVenues } from "./desk_venues.ts";
import { journalUnavailable } from "./journal/disk_error.ts";
import { JOURNAL_FORMAT } from "./journal/format.ts";
import type { JournalContent } from "./journal/journal.ts";
import { Journal } from "./journal/journal_file.ts";
import type { JournalEntry } from "./journal/records.ts";
import type { DeskFiles, JournalStorage } from "./journal/storage.ts";
import { DeskLatency } from "./latency.ts";
import { ENDED_SEGMENTS_BYTES, SEGMENT_BYTES } from "./limits.ts";
import { Reporter } from "./reporter.ts";
import type { AccountLink } from "./venue/account_link.ts";
import type { VenuePorts } from "./venue/port.ts";

/** Sizes of a journal that a test may make smaller. */
export interface JournalSizes {
  /** Default `SEGMENT_BYTES`. */
  segmentBytes?: number;
  /** Default `ENDED_SEGMENTS_BYTES`. */
  endedBytes?: number;
}

/** Where an account is opened. */
export interface OpenAccountContext {
  runtime: ActorRuntime;
  files: DeskFiles;
  path: string;
  sizes: JournalSizes;
  heldReason: string | null;
  venues: DeskVenues;
  /** In force before the account does anything. */
  stop?: StopInForce | null;
}

/**
 * Opens an account, or recovers it from its journal; its reports that the owner
 * may not have follow at once.
 *
 * The journal is the truth. Where it holds more trades than the owner stored,
 * they are reported again. Where it holds fewer (a power cut took its unsynced
 * end, or it is an older copy), the account goes on from what it holds and the
 * owner is warned: in lockstep the same candles make the same trades again,
 * under numbers that the owner knows.
 *
 * @throws {AppError} `JOURNAL_UNAVAILABLE` if the disk does not give or take the
 *   journal, `JOURNAL_CORRUPT`, `JOURNAL_FORMAT_NEWER`, `VENUE_NOT_SERVED`,
 *   `ACCOUNT_SYMBOL_TAKEN`
 */
export function openAccount(
  opening: DeskAccountOpening,
  context: OpenAccountContext,
): AccountFlow {
  const storage = openStorage(context);
  let journal: Journal | null = null;
  let flow: AccountFlow | null = null;
  let venue: AccountLink | null = null;
  let wasFailing = false;
  const onChange = () => {
    // An account that never was is refused instead, by an error.
    if (flow === null) return;
    flow.journalChanged();
    const { failure } = flow.journal;
    if ((failure !== null) === wasFailing) return;
    wasFailing = failure !== null;
    tell(context.runtime, {
      agentId: opening.account.agentId,
      isFailing: wasFailing,
      detail: failure ?? "",
    });
  };
  try {
    const { clock } = context.runtime;
    const latency = new DeskLatency(clock);
    const opened = Journal.open({
      path: context.path,
      clock,
      storage,
      onChange,
      onSegmentDue: () => flow?.startSegment(),
      segmentBytes: context.sizes.segmentBytes ?? SEGMENT_BYTES,
    });
    const { journal: itsJournal } = opened;
    journal = itsJournal;
    venue = context.venues.register(opening.account, {
      journal: {
        synced: () => itsJournal.synced(),
        isFailing: () => itsJournal.failure !== null,
      },
      onChange: () => flow?.accountChanged(),
      wire: latency,
    });
    flow = flowOver({ ...opened, opening, context, venue, latency });
    const { account } = flow;
    venue?.attach(account.venue!, () => account.view());
  } catch (error) {
    if (venue !== null) void context.venues.release(venue);
    if (journal === null) storage.close();
    else journal.abandon();
    throw error;
  }
  onChange();
  flow.reporter.resend();
  flow.reporter.touch();
  return flow;
}

function openStorage({ files, path }: OpenAccountContext): JournalStorage {
  try {
    return files.open(path);
  } catch (cause) {
    throw journalUnavailable(`Cannot open journal "${path}"`, cause);
  }
}

interface OpenedJournal {
  journal: Journal;
  content: JournalContent;
  opening: DeskAccountOpening;
  context: OpenAccountContext;
  venue: AccountLink | null;
  latency: DeskLatency;
}

function flowOver(opened: OpenedJournal): AccountFlow {
  const { journal, content, opening, context, venue } = opened;
  const { runtime, heldReason, sizes } = context;
  const account = content.entries.length === 0
    ? beginAccount(opened)
    : recoverAccount(opened);
  warnOfDifference(opening, { account, runtime });
  return new AccountFlow({
    account,
    journal,
    reporter: new Reporter({
      account,
      journal,
      runtime,
      requests: venue?.requests ?? null,
    }),
    runtime,
    newestEpoch: newestEpochOf(content),
    heldReason,
    latency: opened.latency,
    endedBytes: sizes.endedBytes ?? ENDED_SEGMENTS_BYTES,
    venue,
  });
}

function beginAccount(
  { journal, opening, context, venue, latency }: OpenedJournal,
): DeskAccount {
  const account = DeskAccount.open({
    config: opening.account,
    sink: latency.over(journal),
    stop: context.stop ?? null,
    ...portsOf(venue),
  });
  if (journal.failure === null) return account;
  throw new AppError(
    "JOURNAL_UNAVAILABLE",
    `Cannot begin journal "${context.path}". ${journal.failure}`,
    { status: 503 },
  );
}

function recoverAccount(opened: OpenedJournal): DeskAccount {
  const { journal, content, opening, context, venue, latency } = opened;
  const { account: config, storedTrades } = opening;
  const { format } = content;
  const entries = entriesFor(opened);
  let account: DeskAccount;
  try {
    account = DeskAccount.recover(entries, latency.over(journal), {
      storedTrades,
      stop: context.stop ?? null,
      ...portsOf(venue),
    });
  } catch (cause) {
    throw new AppError(
      "JOURNAL_CORRUPT",
      `Cannot replay journal "${context.path}": ${(cause as Error).message}; ` +
        "restore the file from a backup",
      { cause },
    );
  }
  if (format < JOURNAL_FORMAT) {
    const { seq } = account;
    const record = { type: "FORMAT", format: JOURNAL_FORMAT } as const;
    journal.append([{ seq, toldSeq: seq, record }]);
  }
  if (!isSameConfig(account.config, config)) account.updateConfig(config);
  return account;
}

function portsOf(venue: AccountLink | null): { ports?: VenuePorts } {
  return venue === null ? {} : { ports: venue.ports };
}

/** The newest segment, or all that are kept where the owner lacks trades of earlier ones. */
function entriesFor(
  { journal, content, opening, context }: OpenedJournal,
): readonly JournalEntry[] {
  const { storedTrades } = opening;
  const state = stateOf(content.entries);
  const isEnough = state === null ||
    storedTrades >= acknowledgedTrades(state.outbox);
  if (isEnough) return content.entries;
  try {
    return journal.read();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const what = `Cannot read the segments of journal "${context.path}"`;
    throw journalUnavailable(what, cause);
  }
}

/** What the earlier segments add up to; null where the first one is at hand. */
function stateOf([first]: readonly JournalEntry[]): AccountState | null {
  return first?.record.type === "ACCOUNT" ? first.record.state : null;
}

function newestEpochOf({ entries }: JournalContent): number {
  return entries.reduce(
    (newest, { record }) =>
      record.type === "ATTACHED" ? Math.max(newest, record.epoch) : newest,
    stateOf(entries)?.newestEpoch ?? 0,
  );
}

function warnOfDifference(
  { storedTrades }: DeskAccountOpening,
  { account, runtime }: { account: DeskAccount; runtime: ActorRuntime },
): void {
  const { trades } = account.view();
  const { reportedFrom } = account.outbox;
  const detail = storedTrades > trades
    ? `The journal holds ${trades} trades and the store ${storedTrades}: the account goes on from its journal; ` +
      "check the account against the trades on record"
    : storedTrades < reportedFrom
    ? `The store holds ${storedTrades} trades and the journal is kept from trade ${
      reportedFrom + 1
    } on: those between are on no record; restore store and journals from the same backup`
    : null;
  if (detail === null) return;
  tell(runtime, {
    agentId: account.config.agentId,
    isFailing: false,
    detail,
  });
}

function tell(
  runtime: ActorRuntime,
  report: Omit<DeskJournalReport, "kind">,
): void {
  runtime.report({ kind: "desk_journal", ...report });
}
