import { AppError } from "../core/errors.ts";
import type { IdFactory } from "../core/ids.ts";
import type { TimeSource } from "../core/time.ts";
import { type AuditEntry, cameBy, userActor } from "../contracts/audit.ts";
import type { SetupRequest, User } from "../contracts/auth.ts";
import type { UserStore } from "../store/port.ts";
import { refusalEntry } from "./login_entries.ts";
import { type LoginDelays, SETUP_ACCOUNT } from "./login_delays.ts";
import type { PasswordHasher } from "./password_hasher.ts";
import { checkNewPassword } from "./password_policy.ts";
import { setupDone, setupTokenInvalid } from "./refusals.ts";
import { isSameToken } from "./setup_token.ts";

/** Where a setup comes from. */
interface SetupClient {
  address: string;
  /** The kind of client; "api" where it is not known. */
  via?: string;
}

/** Why a setup was refused, for the audit trail. What had to wait is told by who counts attempts. */
const REASONS: Readonly<Record<string, string>> = {
  SETUP_DONE: "the first account exists already",
  SETUP_TOKEN_INVALID: "wrong setup token",
  REQUEST_INVALID: "the password is easily guessed",
};

/** What the first account is made with. */
export interface FirstAccountOptions {
  users: UserStore;
  hasher: PasswordHasher;
  delays: LoginDelays;
  ids: IdFactory;
  time: TimeSource;
  readSetupToken: () => Promise<string | null>;
  removeSetupToken: () => Promise<void>;
  /** Audits, also while the store takes no writes. */
  record(entry: AuditEntry): Promise<void>;
}

/** The first account, an admin's, by the one-time token of the server's console. */
export class FirstAccount {
  readonly #options: FirstAccountOptions;
  #hasUsers = false;

  constructor(options: FirstAccountOptions) {
    this.#options = options;
  }

  /** True until it exists. */
  async isNeeded(): Promise<boolean> {
    // Accounts never disappear altogether, so "no" holds for ever.
    if (!this.#hasUsers) {
      this.#hasUsers = await this.#options.users.count() > 0;
    }
    return !this.#hasUsers;
  }

  /** Makes it; a refusal is on record. @throws {AppError} SETUP_DONE, SETUP_TOKEN_INVALID, REQUEST_INVALID, LOGIN_DELAYED */
  async create(request: SetupRequest, client: SetupClient): Promise<User> {
    try {
      return await this.#create(request, client);
    } catch (error) {
      const reason = error instanceof AppError ? REASONS[error.code] : null;
      if (typeof reason === "string") await this.refused(reason, client);
      throw error;
    }
  }

  /** Puts a refused setup on record. */
  async refused(reason: string, client: SetupClient): Promise<void> {
    const { record, time } = this.#options;
    await record(refusalEntry({
      at: time.nowMs(),
      action: "auth.setup",
      reason,
      client,
    }));
  }

  async #create(request: SetupRequest, client: SetupClient): Promise<User> {
    const { delays, readSetupToken, removeSetupToken } = this.#options;
    if (!await this.isNeeded()) throw setupDone();
    const source = { ...client, account: SETUP_ACCOUNT };
    delays.begin(source);
    const expected = await readSetupToken();
    const isRight = expected !== null &&
      await isSameToken(request.token, expected);
    if (!isRight) throw setupTokenInvalid();
    delays.succeed(source);
    checkNewPassword(request.password, request.email);
    const user = await this.#createAdmin(request, client);
    await removeSetupToken();
    return user;
  }

  async #createAdmin(
    request: SetupRequest,
    client: SetupClient,
  ): Promise<User> {
    const { hasher, users, time, ids } = this.#options;
    const passwordHash = await hasher.hash(request.password);
    const user: User = {
      id: ids("usr"),
      email: request.email,
      role: "admin",
      status: "active",
      epoch: 1,
      createdAt: time.nowMs(),
    };
    const isCreated = await users.create(user, {
      passwordHash,
      onlyFirst: true,
      audit: {
        at: time.nowMs(),
        actor: userActor(user),
        ...cameBy(client),
        action: "auth.setup",
        target: user.id,
        outcome: "ok",
        reason: "",
        detail: { email: user.email, address: client.address },
      },
    });
    if (!isCreated) throw setupDone();
    this.#hasUsers = true;
    return user;
  }
}
