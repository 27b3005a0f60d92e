import * as OTPAuth from "otpauth";
import { AppError } from "../core/errors.ts";
import { userActor } from "../contracts/audit.ts";
import type { TimeSource } from "../core/time.ts";
import type { User } from "../contracts/auth.ts";
import type {
  EnrolmentResponse,
  SecondFactorView,
  StoredFactor,
} from "../contracts/second_factor.ts";
import type { AuditEntry, SecondFactorStore } from "../store/port.ts";
import { type Keyring, open, seal } from "../vault/envelope.ts";
import {
  bindingOf,
  type Client,
  conflict,
  totpOf,
  wrongCode,
} from "./factor_parts.ts";
import { FreshProofs } from "./fresh_proofs.ts";
import {
  FACTOR_STEP_SECONDS,
  FACTOR_WINDOW_STEPS,
  RECOVERY_CODES,
} from "./limits.ts";
import type { LoginDelays } from "./login_delays.ts";
import type { Identity } from "./port.ts";
import { freshProofNeeded } from "./refusals.ts";
import { hashRecoveryCode, makeRecoveryCode } from "./recovery_codes.ts";

/** What the second factor works with. */
export interface SecondFactorOptions {
  store: SecondFactorStore;
  wrapping: Keyring;
  time: TimeSource;
  delays: LoginDelays;
  /** Whether this is the person's password. */
  isPassword(user: User, password: string): Promise<boolean>;
}

/** A code that is tried. */
interface Attempt {
  factor: StoredFactor;
  code: string;
  client: Client;
}

/**
 * An authenticator (RFC 6238) as second factor, with recovery codes. A code
 * works once. What is proven counts for a few minutes in the session that
 * proved it, in memory: a restart asks again.
 */
export class SecondFactor {
  readonly #options: SecondFactorOptions;
  readonly #proofs: FreshProofs;

  constructor(options: SecondFactorOptions) {
    this.#options = options;
    this.#proofs = new FreshProofs(() => options.time.nowMs());
  }

  /** What a person has and how fresh this session is. */
  async view({ user, sessionId }: Identity): Promise<SecondFactorView> {
    const factor = await this.#options.store.get(user.id);
    const freshUntil = this.#proofs.until(sessionId);
    return {
      isEnrolled: factor?.isConfirmed ?? false,
      recoveryCodesLeft: factor?.isConfirmed === true
        ? factor.recoveryHashes.length
        : 0,
      freshUntil: freshUntil === null
        ? null
        : new Date(freshUntil).toISOString(),
    };
  }

  /**
   * Begins an enrolment; the first code confirms it. One that was not confirmed
   * is replaced.
   *
   * @throws {AppError} `AUTH_INVALID` for a wrong password, `FACTOR_STATE_CONFLICT` where one is in force.
   */
  async enrol(
    { user }: Identity,
    { password, client }: { password: string; client: Client },
  ): Promise<EnrolmentResponse> {
    await this.#guarded(user, client, async () => {
      if (!await this.#options.isPassword(user, password)) {
        throw new AppError("AUTH_INVALID", "The password is wrong", {
          status: 401,
        });
      }
    });
    const known = await this.#options.store.get(user.id);
    if (known?.isConfirmed === true) {
      throw conflict(
        "A second factor is in force already; remove it first with one of its codes",
      );
    }
    const secret = new OTPAuth.Secret({ size: 20 });
    const factor: StoredFactor = {
      revision: crypto.randomUUID(),
      sealed: await seal(secret.base32, {
        wrapping: this.#options.wrapping,
        bound: bindingOf(user),
      }),
      isConfirmed: false,
      lastStep: 0,
      recoveryHashes: [],
    };
    await this.#replace(user, {
      expected: known,
      factor,
      audit: this.#audit("factor.enrol", { user, client }),
    });
    return { secret: secret.base32, uri: totpOf(user, secret).toString() };
  }

  /** Confirms an enrolment and makes the recovery codes, which are shown once. @throws {AppError} */
  async confirm(
    identity: Identity,
    { code, client }: { code: string; client: Client },
  ): Promise<readonly string[]> {
    const { user, sessionId } = identity;
    const known = await this.#require(user, { isConfirmed: false });
    const step = await this.#stepOf(user, { factor: known, code, client });
    const codes = Array.from({ length: RECOVERY_CODES }, makeRecoveryCode);
    await this.#replace(user, {
      expected: known,
      factor: {
        ...known,
        revision: crypto.randomUUID(),
        isConfirmed: true,
        lastStep: step,
        recoveryHashes: await Promise.all(codes.map(hashRecoveryCode)),
      },
      audit: this.#audit("factor.confirm", { user, client }),
    });
    this.#proofs.prove(sessionId);
    return codes;
  }

  /** Proves a code: this session is fresh for a few minutes. @throws {AppError} `FACTOR_INVALID`, `FACTOR_STATE_CONFLICT` */
  async stepUp(
    identity: Identity,
    { code, client }: { code: string; client: Client },
  ): Promise<SecondFactorView> {
    const known = await this.#require(identity.user, { isConfirmed: true });
    await this.#spend(identity.user, { factor: known, code, client });
    this.#proofs.prove(identity.sessionId);
    return await this.view(identity);
  }

  /** Removes the second factor with one of its codes. @throws {AppError} */
  async remove(
    { user, sessionId }: Identity,
    { code, client }: { code: string; client: Client },
  ): Promise<void> {
    const known = await this.#require(user, { isConfirmed: true });
    await this.#spend(user, { factor: known, code, client });
    const spent = await this.#require(user, { isConfirmed: true });
    await this.#replace(user, {
      expected: spent,
      factor: null,
      audit: this.#audit("factor.remove", { user, client }),
    });
    this.#proofs.forget(sessionId);
  }

  /** Whether a person has a second factor that is confirmed. */
  async isInForce(user: User): Promise<boolean> {
    const factor = await this.#options.store.get(user.id);
    return factor?.isConfirmed ?? false;
  }

  /** Whether this session proved its second factor a moment ago. */
  isFresh(sessionId: string): boolean {
    return this.#proofs.until(sessionId) !== null;
  }

  /** @throws {AppError} `FRESH_PROOF_NEEDED` where it did not. */
  requireFresh(sessionId: string): void {
    if (!this.isFresh(sessionId)) throw freshProofNeeded();
  }

  /** Takes a code out of use: of the authenticator by its time step, of the recovery codes by itself. */
  async #spend(
    user: User,
    { factor, code, client }: Attempt,
  ): Promise<void> {
    const isRecovery = code.includes("-");
    const revision = crypto.randomUUID();
    const next = isRecovery
      ? {
        ...factor,
        revision,
        recoveryHashes: await this.#withoutCode(user, { factor, code, client }),
      }
      : {
        ...factor,
        revision,
        lastStep: await this.#stepOf(user, { factor, code, client }),
      };
    await this.#replace(user, {
      expected: factor,
      factor: next,
      audit: this.#audit(isRecovery ? "factor.recover" : "factor.prove", {
        user,
        client,
      }),
    });
  }

  #withoutCode(
    user: User,
    { factor, code, client }: Attempt,
  ): Promise<readonly string[]> {
    return this.#guarded(user, client, async () => {
      const hash = await hashRecoveryCode(code);
      if (!factor.recoveryHashes.includes(hash)) throw wrongCode();
      return factor.recoveryHashes.filter((other) => other !== hash);
    });
  }

  /** The time step of a right code that was not used before. */
  #stepOf(
    user: User,
    { factor, code, client }: Attempt,
  ): Promise<number> {
    return this.#guarded(user, client, async () => {
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

  /** An attempt counts against guessing until it has succeeded. */
  async #guarded<T>(
    user: User,
    { address }: Client,
    attempt: () => Promise<T>,
  ): Promise<T> {
    const source = { account: `factor:${user.id}`, address };
    this.#options.delays.begin(source);
    const result = await attempt();
    this.#options.delays.succeed(source);
    return result;
  }

  async #require(
    user: User,
    { isConfirmed }: { isConfirmed: boolean },
  ): Promise<StoredFactor> {
    const factor = await this.#options.store.get(user.id);
    if (factor !== null && factor.isConfirmed === isConfirmed) return factor;
    throw conflict(
      isConfirmed
        ? "You have no second factor yet; set one up first"
        : "There is no enrolment to confirm; begin one first",
    );
  }

  async #replace(
    user: User,
    change: Parameters<SecondFactorStore["replace"]>[1],
  ): Promise<void> {
    if (await this.#options.store.replace(user.id, change)) return;
    // The same code twice at once: one of the two was first.
    throw wrongCode();
  }

  #audit(
    action: string,
    { user, client }: { user: User; client: Client },
  ): AuditEntry {
    return {
      at: this.#options.time.nowMs(),
      actor: userActor(user),
      via: client.via,
      action,
      target: user.id,
      outcome: "ok",
      reason: "",
      detail: { address: client.address },
    };
  }
}
