import { addressKey } from "../core/address_key.ts";
import { AppError } from "../core/errors.ts";
import {
  FIRST_DELAY_MS,
  FORGET_MS,
  FREE_FAILURES,
  MAX_DELAY_MS,
  MAX_REMEMBERED,
} from "./limits.ts";

interface Failures {
  count: number;
  blockedUntil: number;
}

/** Account name that setup attempts are counted under; no e-mail looks like it. */
export const SETUP_ACCOUNT = "setup";

/** How account names begin that attempts with links are counted under. */
export const INVITE_ACCOUNT = "invite ";

/** Whom an attempt counts against. */
export interface AttemptSource {
  account: string;
  address: string;
  /** The kind of client, for the record; it counts for nothing. */
  via?: string | undefined;
  /** As `via`. */
  requestId?: string | undefined;
}

/**
 * Slows down guessing, per account and per address, and locks nobody out for
 * good. An attempt counts as failed when it begins, so that many at once get
 * no free guesses; a success takes it back. Known and unknown accounts are
 * treated alike. Kept in memory: a restart forgives.
 */
export class LoginDelays {
  readonly #nowMs: () => number;
  readonly #onDelayed: (source: AttemptSource) => void;
  readonly #accounts = new Map<string, Failures>();
  readonly #addresses = new Map<string, Failures>();

  constructor(
    nowMs: () => number,
    onDelayed: (source: AttemptSource) => void = () => {},
  ) {
    this.#nowMs = nowMs;
    this.#onDelayed = onDelayed;
  }

  /**
   * Begins an attempt.
   *
   * @throws {AppError} LOGIN_DELAYED while the account or address has to wait.
   */
  begin(source: AttemptSource): void {
    const { account, address } = this.#keysOf(source);
    const now = this.#nowMs();
    const waitMs = Math.max(
      (this.#accounts.get(account)?.blockedUntil ?? 0) - now,
      (this.#addresses.get(address)?.blockedUntil ?? 0) - now,
    );
    if (waitMs > 0) {
      this.#onDelayed(source);
      throw delayed(waitMs);
    }
    count(this.#accounts, account, now);
    count(this.#addresses, address, now);
  }

  /** The attempt succeeded: the account starts anew, the address gets this attempt back. */
  succeed(source: AttemptSource): void {
    const { account, address } = this.#keysOf(source);
    const now = this.#nowMs();
    this.#accounts.delete(account);
    takeBack(this.#addresses, address, now);
  }

  /** The attempt told nothing about the password: neither counts it. */
  forget(source: AttemptSource): void {
    const { account, address } = this.#keysOf(source);
    const now = this.#nowMs();
    takeBack(this.#accounts, account, now);
    takeBack(this.#addresses, address, now);
  }

  #keysOf(source: AttemptSource): Pick<AttemptSource, "account" | "address"> {
    return {
      account: source.account.toLowerCase(),
      address: addressKey(source.address),
    };
  }
}

function count(map: Map<string, Failures>, key: string, now: number): void {
  const known = map.get(key);
  const isOld = known === undefined || now - known.blockedUntil >= FORGET_MS;
  const failures = (isOld ? 0 : known.count) + 1;
  // Put at the end: the map's first entry is the one that was quiet longest.
  map.delete(key);
  map.set(key, { count: failures, blockedUntil: now + delayAfter(failures) });
  if (map.size > MAX_REMEMBERED) map.delete(map.keys().next().value!);
}

function takeBack(map: Map<string, Failures>, key: string, now: number): void {
  const known = map.get(key);
  if (known === undefined) return;
  if (known.count <= 1) map.delete(key);
  else map.set(key, { count: known.count - 1, blockedUntil: now });
}

/** The wait after so many failures. */
function delayAfter(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  const doublings = Math.min(failures - FREE_FAILURES, 20);
  return Math.min(FIRST_DELAY_MS * 2 ** doublings, MAX_DELAY_MS);
}

function delayed(waitMs: number): AppError {
  const seconds = Math.ceil(waitMs / 1_000);
  const wait = seconds < 120
    ? `${seconds} ${seconds === 1 ? "second" : "seconds"}`
    : `${Math.ceil(seconds / 60)} minutes`;
  return new AppError(
    "LOGIN_DELAYED",
    `Too many failed logins: try again in ${wait}`,
    // For the Retry-After header.
    { status: 429, cause: { retryAfterMs: waitMs } },
  );
}
