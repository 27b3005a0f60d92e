import * as OTPAuth from "otpauth";
import { cameBy, userActor } from "../contracts/audit.ts";
import type { User } from "../contracts/auth.ts";
import type { StoredFactor } from "../contracts/second_factor.ts";
import type { TimeSource } from "../core/time.ts";
import type { AuditEntry, SecondFactorStore } from "../store/port.ts";
import { type Keyring, open } from "../vault/envelope.ts";
import { bindingOf, type Client, totpOf, wrongCode } from "./factor_parts.ts";
import { FACTOR_STEP_SECONDS, FACTOR_WINDOW_STEPS } from "./limits.ts";
import type { LoginDelays } from "./login_delays.ts";
import { hashRecoveryCode } from "./recovery_codes.ts";

/** What codes are checked with. */
export interface FactorCodesOptions {
  store: SecondFactorStore;
  wrapping: Keyring;
  time: TimeSource;
  delays: LoginDelays;
}

/** A code that is tried. */
export interface Attempt {
  factor: StoredFactor;
  code: string;
  client: Client;
}

/** Codes of an authenticator and recovery codes: each works once, and guessing gets slower. */
export class FactorCodes {
  readonly #options: FactorCodesOptions;

  constructor(options: FactorCodesOptions) {
    this.#options = options;
  }

  /**
   * Takes a code out of use: of the authenticator by its time step, of the
   * recovery codes by itself.
   *
   * @returns How many recovery codes are left, where it was one of them.
   * @throws {AppError} FACTOR_INVALID, or LOGIN_DELAYED after failed attempts.
   */
  async spend(user: User, attempt: Attempt): Promise<number | null> {
    const { factor, code, client } = attempt;
    const isRecovery = code.includes("-");
    const revision = crypto.randomUUID();
    const next = isRecovery
      ? {
        ...factor,
        revision,
        recoveryHashes: await this.#withoutCode(user, attempt),
      }
      : { ...factor, revision, lastStep: await this.stepOf(user, attempt) };
    await this.replace(user, {
      expected: factor,
      factor: next,
      audit: this.audit(isRecovery ? "factor.recover" : "factor.prove", {
        user,
        client,
      }),
    });
    return isRecovery ? next.recoveryHashes.length : null;
  }

  /** The time step of a right code that was not used before. @throws {AppError} as {@link spend} */
  stepOf(user: User, { factor, code, client }: Attempt): Promise<number> {
    return this.guarded(user, client, async () => {
      const text = await open(factor.sealed, {
        wrapping: this.#options.wrapping,
        bound: bindingOf(user),
      });
      const timestamp = this.#options.time.nowMs();
      const delta = totpOf(user, OTPAuth.Secret.fromBase32(text)).validate({
        token: code,
        timestamp,
        window: FACTOR_WINDOW_STEPS,
      });
      const step = Math.floor(timestamp / 1_000 / FACTOR_STEP_SECONDS) +
        (delta ?? 0);
      if (delta === null || step <= factor.lastStep) throw wrongCode();
      return step;
    });
  }

  /** Runs an attempt that counts against guessing until it has succeeded. */
  async guarded<T>(
    user: User,
    { address, via }: Client,
    attempt: () => Promise<T>,
  ): Promise<T> {
    const source = { account: `factor:${user.id}`, address, via };
    this.#options.delays.begin(source);
    const result = await attempt();
    this.#options.delays.succeed(source);
    return result;
  }

  /** Stores a change of what is kept. @throws {AppError} FACTOR_INVALID where another one was first. */
  async replace(
    user: User,
    change: Parameters<SecondFactorStore["replace"]>[1],
  ): Promise<void> {
    if (await this.#options.store.replace(user.id, change)) return;
    // The same code twice at once: one of the two was first.
    throw wrongCode();
  }

  /** The entry of the audit trail of something that was done. */
  audit(
    action: string,
    { user, client }: { user: User; client: Client },
  ): AuditEntry {
    return {
      at: this.#options.time.nowMs(),
      actor: userActor(user),
      ...cameBy(client),
      action,
      target: user.id,
      outcome: "ok",
      reason: "",
      detail: { address: client.address },
    };
  }

  #withoutCode(
    user: User,
    { factor, code, client }: Attempt,
  ): Promise<readonly string[]> {
    return this.guarded(user, client, async () => {
      const hash = await hashRecoveryCode(code);
      if (!factor.recoveryHashes.includes(hash)) throw wrongCode();
      return factor.recoveryHashes.filter((other) => other !== hash);
    });
  }
}
