/**
 * The stamp of a store: which format it has, which version of the product runs
 * it, and how far an upgrade has come that was interrupted.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import { PRODUCT_VERSION } from "../../core/version.ts";
import { newerError, STORE_FORMAT } from "../migrate.ts";

/** An upgrade that has begun and not ended. */
export interface Upgrade {
  /** Format of the store before it. */
  from: number;
  /** The format up to which all steps are done. */
  at: number;
}

/** What the store says of itself; formats 1 to 3 said the format only, format 0 nothing at all. */
export interface FormatStamp {
  v: 1;
  format: number;
  version?: string;
  upgrade?: Upgrade | null;
}

/** The stamp of a store that is up to date. */
export const CURRENT_STAMP = {
  v: 1,
  format: STORE_FORMAT,
  version: PRODUCT_VERSION,
  upgrade: null,
} as const satisfies FormatStamp;

/** Format from which a store is to be upgraded; that of this build where nothing is to be done. */
export function formatAt(stamp: FormatStamp | null): number {
  return stamp?.upgrade?.at ?? stamp?.format ?? 0;
}

/**
 * The stamp, if this build may work with the store.
 *
 * @throws {AppError} STORE_VERSION_NEWER that names the version that is needed.
 */
export function usableStamp(stamp: FormatStamp | null): FormatStamp | null {
  if (stamp === null || stamp.format <= STORE_FORMAT) return stamp;
  const { format, version } = stamp;
  throw newerError(
    `the store has format ${format}, this is version ${PRODUCT_VERSION}, which knows format ${STORE_FORMAT}`,
    version,
  );
}

/** Tells whether nothing is to be upgraded and the stamp names this version. */
export function isCurrent(stamp: FormatStamp | null): boolean {
  return stamp !== null && formatAt(stamp) === STORE_FORMAT &&
    (stamp.upgrade ?? null) === null && stamp.version === PRODUCT_VERSION;
}

/** Somebody else writes the stamp, or what it is about. */
export function raceError(): AppError {
  return new AppError(
    "STORE_UNAVAILABLE",
    "Another process opens or upgrades the store at the same time; run one server on one store",
    { status: 503 },
  );
}
