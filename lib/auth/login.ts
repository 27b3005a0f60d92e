import type { LoginRequest, User } from "../contracts/auth.ts";
import { cameBy, userActor } from "../contracts/audit.ts";
import { AppError } from "../core/errors.ts";
import type { TimeSource } from "../core/time.ts";
import type { AuditEntry, PeopleStore, UserStore } from "../store/port.ts";
import { PENDING_LOGIN_MS, PENDING_LOGINS_MAX } from "./limits.ts";
import type { AttemptSource, LoginDelays } from "./login_delays.ts";
import { refusalEntry } from "./login_entries.ts";
import {
  isOutdated,
  NOBODYS_HASH,
  type PasswordHasher,
} from "./password_hasher.ts";
import { factorNeeded, loginInvalid, proofInvalid } from "./refusals.ts";
import type { SecondFactor } from "./second_factor.ts";
import { ShortLived } from "./short_lived.ts";

/** What proofs at the login are checked with. */
export interface LoginProofOptions {
  users: Pick<UserStore, "byEmail" | "byId">;
  people: Pick<PeopleStore, "rehash">;
  hasher: PasswordHasher;
  delays: LoginDelays;
  factor: SecondFactor;
  time: TimeSource;
  /** Audits, also while the store takes no writes. */
  record(entry: AuditEntry): Promise<void>;
}

/** Who asks. */
export interface LoginClient {
  address: string;
  /** The kind of client; "api" where it is not known. */
  via?: string;
  /** Id of the HTTP request; left out where there is none. */
  requestId?: string | undefined;
}

/** Somebody who proved to be who they are. */
export interface Proven {
  user: User;
  /** How many recovery codes are left, where one was used. */
  recoveryCodesLeft: number | null;
}

/** A first step that was right; the ticket stands for it in the second. */
export type FirstStep =
  | { kind: "proven"; proven: Proven }
  | { kind: "factor"; ticket: string; takesCode: boolean };

/** How somebody was recognised, for the audit trail. */
export type LoginFactor = "none" | "code" | "recovery code" | "passkey";

/**
 * Proofs at the login: the password, and a second factor of who has one. What
 * is refused, and how long it takes, tells nothing about accounts; only who has
 * the password learns that a factor is missing.
 */
export class LoginProof {
  readonly #options: LoginProofOptions;
  readonly #pending: ShortLived<{ userId: string; epoch: number }>;

  constructor(options: LoginProofOptions) {
    this.#options = options;
    this.#pending = new ShortLived({
      nowMs: () => options.time.nowMs(),
      lifeMs: PENDING_LOGIN_MS,
      max: PENDING_LOGINS_MAX,
    });
  }

  /** Everything at once. @throws {AppError} AUTH_INVALID, FACTOR_NEEDED, FACTOR_INVALID, LOGIN_DELAYED */
  async prove(request: LoginRequest, client: LoginClient): Promise<Proven> {
    const user = await this.#provePassword(request, client);
    const { takesCode, hasPasskey } = await this.#options.factor.factorsOf(
      user.id,
    );
    if (!takesCode && !hasPasskey) {
      await this.recordLogin(user, { client, factor: "none" });
      return { user, recoveryCodesLeft: null };
    }
    if (request.code === undefined || !takesCode) {
      await this.#recordHalf(user, client);
      throw factorNeeded({ takesCode });
    }
    return await this.#proveCode(user, request.code, client);
  }

  /** The first of two steps. @throws {AppError} AUTH_INVALID, LOGIN_DELAYED */
  async begin(
    request: Omit<LoginRequest, "code">,
    client: LoginClient,
  ): Promise<FirstStep> {
    const user = await this.#provePassword(request, client);
    const { takesCode, hasPasskey } = await this.#options.factor.factorsOf(
      user.id,
    );
    if (!takesCode && !hasPasskey) {
      await this.recordLogin(user, { client, factor: "none" });
      return { kind: "proven", proven: { user, recoveryCodesLeft: null } };
    }
    await this.#recordHalf(user, client);
    const { id: userId, epoch } = user;
    const ticket = this.#pending.issue({ userId, epoch });
    return { kind: "factor", ticket, takesCode };
  }

  /** The second step. @throws {AppError} AUTH_REQUIRED where the first is too long ago, FACTOR_INVALID, LOGIN_DELAYED */
  async finish(
    { ticket, code }: { ticket: string; code: string },
    client: LoginClient,
  ): Promise<Proven> {
    const pending = this.#pending.find(ticket);
    const user = pending === null
      ? null
      : await this.#options.users.byId(pending.userId);
    const isStill = user?.status === "active" && user.epoch === pending?.epoch;
    if (user === null || !isStill) {
      await this.refused("the first step was too long ago", client);
      throw new AppError(
        "AUTH_REQUIRED",
        "The first step of this login is too long ago; enter e-mail and password again",
        { status: 401 },
      );
    }
    const proven = await this.#proveCode(user, code, client);
    this.#pending.take(ticket);
    return proven;
  }

  /** The password of somebody who is logged in. @throws {AppError} PROOF_INVALID, LOGIN_DELAYED */
  async proveAgain(
    user: User,
    password: string,
    client: LoginClient,
  ): Promise<void> {
    // Nothing was tried: it counts as no attempt.
    if (password === "") throw proofInvalid();
    const source = sourceOf(user.email, client);
    this.#options.delays.begin(source);
    const known = await this.#check(password, source);
    if (known?.id !== user.id) throw proofInvalid();
    this.#options.delays.succeed(source);
  }

  /** Audits a login of nobody knows whom that was refused. */
  refused(reason: string, client: LoginClient): Promise<void> {
    const { record, time } = this.#options;
    const at = time.nowMs();
    return record(refusalEntry({ at, action: "auth.login", reason, client }));
  }

  /** Audits a login that was carried out. */
  recordLogin(
    user: User,
    { client, factor }: { client: LoginClient; factor: LoginFactor },
  ): Promise<void> {
    return this.#record({ user, email: user.email, client }, { factor });
  }

  async #provePassword(
    { email, password }: Pick<LoginRequest, "email" | "password">,
    client: LoginClient,
  ): Promise<User> {
    const source = sourceOf(email, client);
    // A delayed attempt is not audited: it costs nothing and could fill the log.
    this.#options.delays.begin(source);
    const user = await this.#check(password, source);
    if (user === null) {
      await this.#record({ user, email, client }, {
        reason: "wrong e-mail or password",
      });
      throw loginInvalid();
    }
    this.#options.delays.succeed(source);
    return user;
  }

  async #proveCode(
    user: User,
    code: string,
    client: LoginClient,
  ): Promise<Proven> {
    const via = client.via ?? "api";
    try {
      const recoveryCodesLeft = await this.#options.factor.spend(user, {
        code,
        client: { ...client, via },
      });
      await this.recordLogin(user, {
        client,
        factor: recoveryCodesLeft === null ? "code" : "recovery code",
      });
      return { user, recoveryCodesLeft };
    } catch (error) {
      if (error instanceof AppError && error.code === "FACTOR_INVALID") {
        await this.#record({ user, email: user.email, client }, {
          reason: "wrong code of the second factor",
        });
      }
      throw error;
    }
  }

  /** Who this is the password of; null for nobody who may log in. It takes the same time in every case. */
  async #check(password: string, source: AttemptSource): Promise<User | null> {
    const { users, hasher, delays } = this.#options;
    try {
      const known = await users.byEmail(source.account);
      const hash = known?.passwordHash ?? NOBODYS_HASH;
      const isRight = await hasher.verify(password, hash);
      if (!isRight || known?.user.status !== "active") return null;
      if (isOutdated(hash)) await this.#rehash(known.user, { password, hash });
      return known.user;
    } catch (error) {
      // A store or worker that fails is not the person's failure.
      delays.forget(source);
      throw error;
    }
  }

  /** The one moment at which the password is at hand. It may fail: the next login tries again. */
  async #rehash(
    { id }: User,
    { password, hash }: { password: string; hash: string },
  ): Promise<void> {
    const { hasher, people } = this.#options;
    try {
      await people.rehash(id, { from: hash, to: await hasher.hash(password) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }

  #recordHalf(user: User, client: LoginClient): Promise<void> {
    return this.#record({ user, email: user.email, client }, {
      action: "auth.password",
    });
  }

  #record(
    { user, email, client }: {
      user: User | null;
      email: string;
      client: LoginClient;
    },
    { action = "auth.login", reason = "", factor }: {
      action?: string;
      /** Why it was refused. */
      reason?: string;
      factor?: LoginFactor;
    },
  ): Promise<void> {
    return this.#options.record({
      at: this.#options.time.nowMs(),
      actor: user === null
        ? { kind: "anonymous", id: null, name: email }
        : userActor(user),
      ...cameBy(client),
      action,
      target: email,
      outcome: reason === "" ? "ok" : "refused",
      reason,
      detail: {
        address: client.address,
        ...(factor === undefined ? {} : { factor }),
      },
    });
  }
}

/** Whom an attempt counts against, and where it came from. */
function sourceOf(account: string, client: LoginClient): AttemptSource {
  const { address, via, requestId } = client;
  return { account, address, via, requestId };
}
