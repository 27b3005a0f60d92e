import { Buffer } from "node:buffer";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { BacktestView } from "../contracts/backtest.ts";
import type { BacktestReport } from "../contracts/backtest_report.ts";
import type { ModelRecord } from "../contracts/model_record.ts";
import { AppError } from "../core/errors.ts";
import type { AuditLog } from "./audit.ts";
import { keys } from "./keys.ts";
import { checkedSize } from "./kv/size.ts";
import { changeOf } from "./changes.ts";
import type { Commit, GuardedKv } from "./kv/guarded_kv.ts";
import {
  ENTRY_OVERHEAD_BYTES,
  LIST_BATCH,
  MAX_REPORT_BYTES,
  MAX_VALUE_BYTES,
} from "./limits.ts";
import type { AuditEntry, BacktestStore } from "./port.ts";
import { storingNew } from "./storing_new.ts";
import { Turns } from "./turns.ts";

/** A run as it lies in the store. */
interface StoredBacktest {
  v: 1;
  view: BacktestView;
  /** How the report is cut; null while there is none. */
  report: { chunks: number; bytes: number } | null;
}

/** What is cut into chunks: the report, and beside it what the models said. */
type StoredResult = BacktestReport & { modelRecord?: ModelRecord };

// Ten full chunks stay below the byte limit of one commit.
const CHUNKS_PER_COMMIT = 10;
const MAX_CHUNKS = Math.ceil(MAX_REPORT_BYTES / MAX_VALUE_BYTES) + 2;
const compress = promisify(gzip);
const uncompress = promisify(gunzip);

/**
 * Backtests. The chunks of a report are written before the record that names
 * them: a crash in between leaves a run without a report and chunks that go
 * with it when it is removed.
 */
export class KvBacktestStore implements BacktestStore {
  readonly #kv: GuardedKv;
  readonly #audit: AuditLog;
  /** Writes of one run take turns: an older state must not land on a newer one. */
  readonly #turns = new Turns();

  constructor(options: { kv: GuardedKv; audit: AuditLog }) {
    this.#kv = options.kv;
    this.#audit = options.audit;
  }

  async list(): Promise<readonly BacktestView[]> {
    const views: BacktestView[] = [];
    const prefix = keys.backtests();
    let start: Deno.KvKey | null = null;
    for (;;) {
      const selector: Deno.KvListSelector = start === null
        ? { prefix }
        : { prefix, start };
      // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
      const page: Deno.KvEntry<StoredBacktest>[] = await this.#kv.list(
        selector,
        { limit: LIST_BATCH },
      );
      views.push(...page.map(({ value }) => value.view));
      if (page.length < LIST_BATCH) return views;
      // Ids are ASCII: a space behind one is the smallest key after it.
      start = keys.backtest(`${page.at(-1)!.key[1] as string} `);
    }
  }

  async create(view: BacktestView, audit: AuditEntry): Promise<void> {
    const value: StoredBacktest = { v: 1, view, report: null };
    checkedSize(value, "The request of this backtest");
    const key = keys.backtest(view.id);
    const plan = () =>
      Promise.resolve({
        checks: [{ key, versionstamp: null }],
        sets: [{ key, value }, changeOf("backtests")],
      });
    await storingNew(() => this.#audit.commitWith(audit, plan));
  }

  save(view: BacktestView, audit: AuditEntry | null): Promise<void> {
    return this.#turns.take(view.id, () => this.#save(view, audit));
  }

  finish(
    view: BacktestView,
    report: BacktestReport,
    modelRecord: ModelRecord | null = null,
  ): Promise<void> {
    const result: StoredResult = modelRecord === null
      ? report
      : { ...report, modelRecord };
    return this.#turns.take(view.id, () => this.#finish(view, result));
  }

  remove(id: string, audit: AuditEntry | null): Promise<void> {
    return this.#turns.take(id, () => this.#remove(id, audit));
  }

  async #save(view: BacktestView, audit: AuditEntry | null): Promise<void> {
    const key = keys.backtest(view.id);
    const plan = async (): Promise<Commit | null> => {
      const stored = await this.#kv.get<StoredBacktest>(key);
      if (stored.value === null || hasEnded(stored.value)) return null;
      const { versionstamp, value: { report } } = stored;
      const value: StoredBacktest = { v: 1, view, report };
      return {
        checks: [{ key, versionstamp }],
        sets: [{ key, value }, changeOf("backtests")],
      };
    };
    if (audit === null) await this.#commitPlanned(view.id, plan);
    else await this.#audit.commitWith(audit, plan);
  }

  async #finish(view: BacktestView, result: StoredResult): Promise<void> {
    const chunks = toChunks(await packResult(result, view.id));
    const key = keys.backtest(view.id);
    const { versionstamp, value } = await this.#kv.get<StoredBacktest>(key);
    if (value === null || hasEnded(value)) return;
    // Every commit checks the record: none of them can land behind its removal.
    const checks = [{ key, versionstamp }];
    const sets: { key: Deno.KvKey; value: unknown }[] = chunks.map(
      (bytes, chunk) => ({
        key: keys.backtestChunk(view.id, chunk),
        value: { v: 1, bytes },
      }),
    );
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    const cut = { chunks: chunks.length, bytes };
    const record: StoredBacktest = { v: 1, view, report: cut };
    while (sets.length > CHUNKS_PER_COMMIT) {
      // deno-lint-ignore no-await-in-loop -- chunks are many bytes, one commit at a time
      const outcome = await this.#kv.commit({
        checks,
        sets: sets.splice(0, CHUNKS_PER_COMMIT),
      });
      if (!outcome.ok) throw conflict(view.id);
    }
    sets.push({ key, value: record }, changeOf("backtests"));
    const outcome = await this.#kv.commit({ checks, sets });
    if (!outcome.ok) throw conflict(view.id);
  }

  async report(id: string): Promise<BacktestReport | null> {
    const result = await this.#result(id);
    if (result === null) return null;
    const { modelRecord: _, ...report } = result;
    return report;
  }

  async modelRecord(id: string): Promise<ModelRecord | null> {
    return (await this.#result(id))?.modelRecord ?? null;
  }

  async #result(id: string): Promise<StoredResult | null> {
    const key = keys.backtest(id);
    const { value } = await this.#kv.get<StoredBacktest>(key);
    const cut = value?.report ?? null;
    if (cut === null) return null;
    const entries = await this.#kv.list<{ bytes: Uint8Array }>(
      { prefix: keys.backtestChunks(id) },
      { limit: cut.chunks },
    );
    const whole = Buffer.concat(entries.map((entry) => entry.value.bytes));
    if (whole.byteLength < cut.bytes) {
      // The run may have been removed in between.
      if ((await this.#kv.get(key)).versionstamp === null) return null;
      throw new AppError(
        "STORE_REPORT_DAMAGED",
        `The report of ${id} has ${whole.byteLength} of ${cut.bytes} bytes; remove the run and start it again`,
      );
    }
    const text = await uncompress(whole.subarray(0, cut.bytes));
    return JSON.parse(text.toString()) as StoredResult;
  }

  async #remove(id: string, audit: AuditEntry | null): Promise<void> {
    const plan = async (): Promise<Commit> => {
      const chunks = await this.#kv.list(
        { prefix: keys.backtestChunks(id) },
        { limit: MAX_CHUNKS },
      );
      return {
        sets: [changeOf("backtests")],
        deletes: [keys.backtest(id), ...chunks.map(({ key }) => key)],
      };
    };
    if (audit === null) await this.#kv.commit(await plan());
    else await this.#audit.commitWith(audit, plan);
  }

  /** A process writes a run one after the other, and another one only cancels it: a check that fails twice is no accident. */
  async #commitPlanned(
    id: string,
    plan: () => Promise<Commit | null>,
  ): Promise<void> {
    for (let attempt = 0; attempt < 2; attempt++) {
      // deno-lint-ignore no-await-in-loop -- the second attempt reads anew
      const commit = await plan();
      if (commit === null) return;
      // deno-lint-ignore no-await-in-loop -- the second attempt reads anew
      const outcome = await this.#kv.commit(commit);
      if (outcome.ok) return;
    }
    throw conflict(id);
  }
}

/** One that has ended stays as it ended: it may have been canceled at another process. */
function hasEnded({ view: { state } }: StoredBacktest): boolean {
  return state === "done" || state === "failed" || state === "canceled";
}

function conflict(id: string): AppError {
  return new AppError(
    "STORE_CONFLICT",
    `Another process changed the backtest ${id} at the same time; look at it and try again`,
    { status: 409 },
  );
}

/** The votes of models give way where there is no room for both. */
async function packResult(
  { modelRecord, ...report }: StoredResult,
  id: string,
): Promise<Uint8Array> {
  if (modelRecord !== undefined) {
    const both = await compress(JSON.stringify({ ...report, modelRecord }));
    if (both.byteLength <= MAX_REPORT_BYTES) return both;
  }
  const packed = await compress(JSON.stringify(report));
  if (packed.byteLength <= MAX_REPORT_BYTES) return packed;
  throw new AppError(
    "STORE_VALUE_TOO_LARGE",
    `The report of ${id} takes ${packed.byteLength} bytes, more than ${MAX_REPORT_BYTES}; try fewer parameter sets`,
  );
}

function toChunks(bytes: Uint8Array): Uint8Array[] {
  const step = MAX_VALUE_BYTES - ENTRY_OVERHEAD_BYTES;
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < bytes.byteLength; start += step) {
    // A copy: the part of a buffer is stored with all of the buffer behind it.
    chunks.push(new Uint8Array(bytes.subarray(start, start + step)));
  }
  return chunks;
}
