import type { IdFactory } from "../core/ids.ts";
import type { TimeSource } from "../core/time.ts";
import { type AuditEntry, userActor } from "../contracts/audit.ts";
import type { SetupRequest, User } from "../contracts/auth.ts";
import type { UserStore } from "../store/port.ts";
import { setupRefusal } from "./login_entries.ts";
import { type LoginDelays, SETUP_ACCOUNT } from "./login_delays.ts";
import type { PasswordHasher } from "./password_hasher.ts";
import { checkNewPassword } from "./password_policy.ts";
import { setupDone, setupTokenInvalid } from "./refusals.ts";
import { isSameToken } from "./setup_token.ts";

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

  /** Makes it. @throws {AppError} SETUP_DONE, SETUP_TOKEN_INVALID, REQUEST_INVALID, LOGIN_DELAYED */
  async create(
    request: SetupRequest,
    client: { address: string },
  ): Promise<User> {
    const { delays, readSetupToken, record, removeSetupToken } = this.#options;
    if (!await this.isNeeded()) throw setupDone();
    const source = { account: SETUP_ACCOUNT, address: client.address };
    delays.begin(source);
    const expected = await readSetupToken();
    const isRight = expected !== null &&
      await isSameToken(request.token, expected);
    if (!isRight) {
      await record(setupRefusal(client.address, this.#options));
      throw setupTokenInvalid();
    }
    delays.succeed(source);
    checkNewPassword(request.password, request.email);
    const user = await this.#createAdmin(request, client);
    await removeSetupToken();
    return user;
  }

  async #createAdmin(
    request: SetupRequest,
    client: { address: string },
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
        via: "panel",
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
