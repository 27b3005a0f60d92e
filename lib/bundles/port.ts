import type { Caller } from "../contracts/audit.ts";
import type { BacktestView } from "../contracts/backtest.ts";
import type {
  BundleExport,
  BundlePreview,
  EvidenceCheck,
  KnownAuthor,
  TemplateComparison,
} from "../contracts/bundle.ts";
import type { AgentTemplate } from "../contracts/template.ts";

/** A bundle as a file. */
export interface BundleFile {
  /** With its ending. */
  fileName: string;
  text: string;
}

/** Bundles as the rest of the product sees them. */
export interface Bundles {
  /**
   * Makes a signed bundle. The key of who asks is made at the first one.
   *
   * @throws {AppError} What the source, a backtest or EVIDENCE_FOREIGN refuses.
   */
  export(wish: BundleExport, caller: Caller): Promise<BundleFile>;
  /**
   * Reads a file without taking anything in.
   *
   * @param options A template to compare with, by its name.
   * @throws {AppError} BUNDLE_INVALID, BUNDLE_TAMPERED, BUNDLE_TOO_NEW or TEMPLATE_NOT_FOUND.
   */
  read(
    text: string,
    options: { against: string | null; caller: Caller },
  ): Promise<BundlePreview>;
  /**
   * Makes templates of all its parts, and the author known.
   *
   * @throws {AppError} As {@link Bundles.read}, TEMPLATE_NAME_TAKEN, QUOTA_EXCEEDED.
   */
  import(
    text: string,
    options: { names: Readonly<Record<string, string>>; caller: Caller },
  ): Promise<readonly AgentTemplate[]>;
  /** Authors whom a person has met. */
  authors(userId: string): Promise<readonly KnownAuthor[]>;
  /** Calls one of them something else, or, with null, forgets them. @throws {AppError} NOT_FOUND. */
  changeAuthor(
    change: { fingerprint: string; name: string | null },
    userId: string,
  ): Promise<readonly KnownAuthor[]>;
  /** Templates side by side. @throws {AppError} TEMPLATE_NOT_FOUND. */
  compare(names: readonly string[]): TemplateComparison;
  /** The backtests of a template's bundle, with what running them here has shown. @throws {AppError} TEMPLATE_NOT_FOUND. */
  checks(template: string): Promise<readonly EvidenceCheck[]>;
  /**
   * Runs one of them again.
   *
   * @throws {AppError} TEMPLATE_NOT_FOUND, EVIDENCE_NOT_FOUND, and what a backtest is refused for, such as candles that are not here.
   */
  check(
    wish: { template: string; evidence: number },
    caller: Caller,
  ): Promise<BacktestView>;
}
