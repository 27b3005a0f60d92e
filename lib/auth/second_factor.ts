import * as OTPAuth from "otpauth";
import { AppError } from "../core/errors.ts";
import type { User } from "../contracts/auth.ts";
import type {
  EnrolmentResponse,
  SecondFactorView,
  StoredFactor,
} from "../contracts/second_factor.ts";
import type { PasskeyStore } from "../store/port.ts";
import { seal } from "../vault/envelope.ts";
import { bindingOf, type Client, conflict, totpOf } from "./factor_parts.ts";
import { FactorCodes, type FactorCodesOptions } from "./factor_codes.ts";
import { FreshProofs, type ProofKind } from "./fresh_proofs.ts";
import { RECOVERY_CODES } from "./limits.ts";
import type { Identity } from "./port.ts";
import { freshProofNeeded } from "./refusals.ts";
import { hashRecoveryCode, makeRecoveryCode } from "./recovery_codes.ts";

/** What the second factor works with. */
export interface SecondFactorOptions extends FactorCodesOptions {
  /** Passkeys count as a second factor, too; left out where there are none. */
  passkeys?: Pick<PasskeyStore, "of">;
  /** Whether this is the person's password. */
  isPassword(user: User, password: string): Promise<boolean>;
}

/**
 * An authenticator (RFC 6238) as second factor, with recovery codes. A code
 * works once. What is proven counts for a few minutes in the session that
 * proved it, in memory: a restart asks again.
 */
export class SecondFactor {
  readonly #options: SecondFactorOptions;
  readonly #codes: FactorCodes;
  readonly #proofs: FreshProofs;

  constructor(options: SecondFactorOptions) {
    this.#options = options;
    this.#codes = new FactorCodes(options);
    this.#proofs = new FreshProofs(() => options.time.nowMs());
  }

  /** What a person has and how fresh this session is. */
  async view({ user, sessionId }: Identity): Promise<SecondFactorView> {
    const [factor, passkeys] = await Promise.all([
      this.#options.store.get(user.id),
      this.#countPasskeys(user.id),
    ]);
    const isEnrolled = factor?.isConfirmed ?? false;
    const given = this.#proofs.of(sessionId);
    // A password proves nothing of who has a second factor.
    const counts = given?.kind === "factor" || !(isEnrolled || passkeys > 0);
    const proof = counts ? given : null;
    return {
      isEnrolled,
      passkeys,
      recoveryCodesLeft: factor?.isConfirmed === true
        ? factor.recoveryHashes.length
        : 0,
      freshUntil: proof === null ? null : new Date(proof.untilMs).toISOString(),
    };
  }

  /**
   * Begins an enrolment; the first code confirms it. One that was not confirmed
   * is replaced. Who has a passkey proves it first.
   *
   * @throws {AppError} `AUTH_INVALID` for a wrong password, `FACTOR_STATE_CONFLICT` where one is in force, `FRESH_PROOF_NEEDED`.
   */
  async enrol(
    identity: Identity,
    { password, client }: { password: string; client: Client },
  ): Promise<EnrolmentResponse> {
    const { user } = identity;
    await this.#codes.guarded(user, client, async () => {
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
    if (await this.#countPasskeys(user.id) > 0) {
      await this.requireFresh(identity);
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
    await this.#codes.replace(user, {
      expected: known,
      factor,
      audit: this.#codes.audit("factor.enrol", { user, client }),
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
    const step = await this.#codes.stepOf(user, {
      factor: known,
      code,
      client,
    });
    const codes = Array.from({ length: RECOVERY_CODES }, makeRecoveryCode);
    await this.#codes.replace(user, {
      expected: known,
      factor: {
        ...known,
        revision: crypto.randomUUID(),
        isConfirmed: true,
        lastStep: step,
        recoveryHashes: await Promise.all(codes.map(hashRecoveryCode)),
      },
      audit: this.#codes.audit("factor.confirm", { user, client }),
    });
    this.markFresh(sessionId, "factor");
    return codes;
  }

  /** Proves a code: this session is fresh for a few minutes. @throws {AppError} `FACTOR_INVALID`, `FACTOR_STATE_CONFLICT` */
  async stepUp(
    identity: Identity,
    proof: { code: string; client: Client },
  ): Promise<SecondFactorView> {
    await this.spend(identity.user, proof);
    this.markFresh(identity.sessionId, "factor");
    return await this.view(identity);
  }

  /**
   * Takes a code of somebody out of use.
   *
   * @returns How many recovery codes are left, where it was one of them.
   * @throws {AppError} `FACTOR_INVALID`, `FACTOR_STATE_CONFLICT`, `LOGIN_DELAYED`
   */
  async spend(
    user: User,
    { code, client }: { code: string; client: Client },
  ): Promise<number | null> {
    const factor = await this.#require(user, { isConfirmed: true });
    return await this.#codes.spend(user, { factor, code, client });
  }

  /** Removes the second factor with one of its codes. @throws {AppError} */
  async remove(
    { user, sessionId }: Identity,
    { code, client }: { code: string; client: Client },
  ): Promise<void> {
    await this.spend(user, { code, client });
    const spent = await this.#require(user, { isConfirmed: true });
    await this.#codes.replace(user, {
      expected: spent,
      factor: null,
      audit: this.#codes.audit("factor.remove", { user, client }),
    });
    this.forgetProof(sessionId);
  }

  /** Which second factors a person has. */
  async factorsOf(
    userId: string,
  ): Promise<{ takesCode: boolean; hasPasskey: boolean }> {
    const [factor, passkeys] = await Promise.all([
      this.#options.store.get(userId),
      this.#countPasskeys(userId),
    ]);
    return {
      takesCode: factor?.isConfirmed ?? false,
      hasPasskey: passkeys > 0,
    };
  }

  /** Whether a person has a second factor: an authenticator that is confirmed, or a passkey. */
  async isInForce(user: User): Promise<boolean> {
    const { takesCode, hasPasskey } = await this.factorsOf(user.id);
    return takesCode || hasPasskey;
  }

  /** Whether this session proved a second factor a moment ago. */
  isFresh(sessionId: string): boolean {
    return this.#proofs.of(sessionId)?.kind === "factor";
  }

  /** What this session has proven counts no more. */
  forgetProof(sessionId: string): void {
    this.#proofs.forget(sessionId);
  }

  /** From now on this session counts as proven, for a few minutes. */
  markFresh(sessionId: string, kind: ProofKind): void {
    this.#proofs.prove(sessionId, kind);
  }

  /**
   * For what real money hangs on: a password does not do.
   *
   * @throws {AppError} `FRESH_PROOF_NEEDED`, or `FACTOR_STATE_CONFLICT` of who has proven all they can.
   */
  async requireFresh(identity: Identity): Promise<void> {
    if (this.isFresh(identity.sessionId)) return;
    await this.requireProven(identity);
    throw conflict(
      "Real money hangs on this, so a password is not enough; set up a second factor first",
    );
  }

  /**
   * For everything else: a second factor, or the password of who has none. One
   * that was set up since, wherever that was, leaves the password worth nothing.
   *
   * @throws {AppError} `FRESH_PROOF_NEEDED`
   */
  async requireProven({ user, sessionId }: Identity): Promise<void> {
    const proof = this.#proofs.of(sessionId);
    const counts = proof?.kind === "factor" ||
      proof?.kind === "password" && !await this.isInForce(user);
    if (!counts) throw freshProofNeeded();
  }

  async #countPasskeys(userId: string): Promise<number> {
    return (await this.#options.passkeys?.of(userId))?.length ?? 0;
  }

  async #require(
    user: User,
    { isConfirmed }: { isConfirmed: boolean },
  ): Promise<StoredFactor> {
    const factor = await this.#options.store.get(user.id);
    if (factor !== null && factor.isConfirmed === isConfirmed) return factor;
    throw conflict(
      isConfirmed
        ? "You have no authenticator yet; set one up first"
        : "There is no enrolment to confirm; begin one first",
    );
  }
}
