import type { AuditEntry } from "../contracts/audit.ts";
import type { BacktestView } from "../contracts/backtest.ts";
import type { BacktestReport } from "../contracts/backtest_report.ts";
import type { ModelRecord } from "../contracts/model_record.ts";

/** Backtests and their reports. Records are small, reports are cut in chunks. */
export interface BacktestStore {
  /** Every run, oldest first. */
  list(): Promise<readonly BacktestView[]>;
  /**
   * Stores a new run with its audit entry in one commit.
   *
   * @throws {AppError} STORE_VALUE_TOO_LARGE if the request does not fit into one entry.
   */
  create(view: BacktestView, audit: AuditEntry): Promise<void>;
  /** Stores what became of a run; one that was removed stays removed, one that has ended as it ended. */
  save(view: BacktestView, audit: AuditEntry | null): Promise<void>;
  /**
   * Stores the end of a run with its report and what its models said: after a
   * crash all are there or none. Where both together are too large, the report
   * is stored alone.
   */
  finish(
    view: BacktestView,
    report: BacktestReport,
    modelRecord?: ModelRecord | null,
  ): Promise<void>;
  /** The report of a run, or null if it has none. */
  report(id: string): Promise<BacktestReport | null>;
  /** What the models of a run said, or null where that was not kept. */
  modelRecord(id: string): Promise<ModelRecord | null>;
  /** Deletes a run and its report. */
  remove(id: string, audit: AuditEntry | null): Promise<void>;
}
