import { AppError } from "../core/errors.ts";
import { createIdFactory, type IdFactory } from "../core/ids.ts";
import { userActor } from "../contracts/audit.ts";
import type { TimeSource } from "../core/time.ts";
import type {
  LoginRequest,
  ProgramLogin,
  SessionResponse,
  SetupRequest,
  TokenRequest,
  User,
} from "../contracts/auth.ts";
import { type Action, isAllowed } from "../contracts/policy.ts";
import type {
  ApiTokenStore,
  AuditEntry,
  SecondFactorStore,
  SecretStore,
  SessionStore,
  UserStore,
} from "../store/port.ts";
import type { Keyring } from "../vault/envelope.ts";
import { checkFreshProof } from "./fresh_proof.ts";
import {
  type AttemptSource,
  LoginDelays,
  SETUP_ACCOUNT,
} from "./login_delays.ts";
import {
  createPasswordHasher,
  NOBODYS_HASH,
  type PasswordHasher,
} from "./password_hasher.ts";
import { checkNewPassword } from "./password_policy.ts";
import type {
  ApiTokens,
  AuthService,
  FreshProof,
  Identity,
  LoginClient as Client,
  TokenUse,
} from "./port.ts";
import { auditDelayed, logoutEntry, setupRefusal } from "./login_entries.ts";
import { systemRandom } from "./random.ts";
import { SecondFactor } from "./second_factor.ts";
import { proofInvalid, setupDone, setupTokenInvalid } from "./refusals.ts";
import { type Logins, openLogins } from "./sessions/open_logins.ts";
import type { Sessions } from "./sessions/sessions.ts";
import { isSameToken } from "./setup_token.ts";

/** What the service needs. */
export interface AuthServiceOptions {
  users: UserStore;
  secondFactors: SecondFactorStore;
  /** Seals what must be readable again. */
  wrapping: Keyring;
  sessions: SessionStore;
  apiTokens: ApiTokenStore;
  /** Where the signing keys are kept. */
  secrets: SecretStore;
  /** Told whenever a login or a token of a user has ended. */
  onEnded?: (userId: string) => void;
  /** The store's audit log. */
  audit: (entry: AuditEntry) => Promise<void>;
  time: TimeSource;
  /** The one-time token of the first account; null if there is none. */
  readSetupToken: () => Promise<string | null>;
  removeSetupToken: () => Promise<void>;
  /** Module of the password worker: `password_worker.ts` or a bundle of it. */
  passwordWorkerUrl?: URL;
}

/** Creates the service; loads the signing keys, of which the first start creates one. */
export async function createAuthService(
  options: AuthServiceOptions,
): Promise<AuthService> {
  const { time } = options;
  const nowMs = () => time.nowMs();
  const ids = createIdFactory({ nowMs, random: systemRandom });
  const logins = await openLogins({ ...options, ids });
  const workerUrl = options.passwordWorkerUrl ??
    new URL("./password_worker.ts", import.meta.url);
  const hasher = createPasswordHasher({ time, workerUrl });
  return new Service({ ...options, ids, logins, hasher });
}

interface ServiceParts extends AuthServiceOptions {
  ids: IdFactory;
  logins: Logins;
  hasher: PasswordHasher;
}

class Service implements AuthService {
  readonly factor: SecondFactor;
  readonly #parts: ServiceParts;
  readonly #delays: LoginDelays;
  readonly sessions: Sessions;
  readonly apiTokens: ApiTokens;
  #hasUsers = false;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    const nowMs = () => parts.time.nowMs();
    this.#delays = new LoginDelays(
      nowMs,
      (source) => auditDelayed(source, parts),
    );
    this.sessions = parts.logins.sessions;
    this.apiTokens = parts.logins.apiTokens;
    this.factor = new SecondFactor({
      store: parts.secondFactors,
      wrapping: parts.wrapping,
      time: parts.time,
      delays: this.#delays,
      isPassword: async ({ email }, password) => {
        const known = await parts.users.byEmail(email);
        return known !== null &&
          await parts.hasher.verify(password, known.passwordHash);
      },
    });
  }

  async setupNeeded(): Promise<boolean> {
    // Accounts never disappear altogether, so "no" holds for ever.
    if (!this.#hasUsers) {
      this.#hasUsers = await this.#parts.users.count() > 0;
    }
    return !this.#hasUsers;
  }

  async setup(
    request: SetupRequest,
    client: Client,
  ): Promise<SessionResponse> {
    if (!await this.setupNeeded()) throw setupDone();
    const source = { account: SETUP_ACCOUNT, address: client.address };
    this.#delays.begin(source);
    const expected = await this.#parts.readSetupToken();
    const isRight = expected !== null &&
      await isSameToken(request.token, expected);
    if (!isRight) {
      await this.sessions.record(setupRefusal(client.address, this.#parts));
      throw setupTokenInvalid();
    }
    this.#delays.succeed(source);
    checkNewPassword(request.password, request.email);
    const user = await this.#createAdmin(request, client);
    await this.#parts.removeSetupToken();
    return this.sessions.begin(user, client);
  }

  async login(
    request: LoginRequest,
    client: Client,
  ): Promise<SessionResponse> {
    return this.sessions.begin(await this.#prove(request, client), client);
  }

  async loginProgram(
    request: TokenRequest,
    client: Client,
  ): Promise<ProgramLogin> {
    const user = await this.#prove(request, client);
    return this.sessions.beginProgram(user, client);
  }

  /** Who asks to log in, after all proofs. */
  async #prove(
    request: LoginRequest & { code?: string | undefined },
    client: Client,
  ): Promise<User> {
    const source = { account: request.email, address: client.address };
    this.#delays.begin(source);
    const user = await this.#checkPassword(request.password, source);
    if (user === null) {
      await this.#auditLogin(request.email, { client, user });
      throw new AppError(
        "AUTH_INVALID",
        "The e-mail or the password is wrong; check both and try again",
        { status: 401 },
      );
    }
    this.#delays.succeed(source);
    await this.#auditLogin(request.email, { client, user });
    return user;
  }

  proveFresh(
    identity: Identity,
    proof: FreshProof,
    client: { address: string; via: string },
  ): Promise<void> {
    return checkFreshProof(identity, proof, {
      factor: this.factor,
      checkPassword: (user, password) =>
        this.#provePassword(user, password, client.address),
      client,
    });
  }

  async #provePassword(
    user: User,
    password: string,
    address: string,
  ): Promise<void> {
    // Nothing was tried: it counts as no attempt.
    if (password === "") throw proofInvalid();
    const source = { account: user.email, address };
    this.#delays.begin(source);
    const known = await this.#checkPassword(password, source);
    if (known?.id !== user.id) throw proofInvalid();
    this.#delays.succeed(source);
  }

  async countOthers(action: Action, userId: string): Promise<number> {
    const users = await this.#parts.users.list();
    return users.filter(({ id, role }) =>
      id !== userId && isAllowed(role, action)
    ).length;
  }

  authenticate(token: string, use?: TokenUse): Promise<Identity | null> {
    return this.sessions.authenticate(token, use);
  }

  async logout(sessionId: string): Promise<void> {
    const entry = await logoutEntry(sessionId, this.#parts);
    await this.sessions.end(sessionId);
    if (entry !== null) await this.sessions.record(entry);
  }

  async close(): Promise<void> {
    this.#parts.hasher.close();
    await this.sessions.close();
  }

  async #createAdmin(request: SetupRequest, client: Client): Promise<User> {
    const { hasher, users, time } = this.#parts;
    const passwordHash = await hasher.hash(request.password);
    const user: User = {
      id: this.#parts.ids("usr"),
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

  async #checkPassword(
    password: string,
    source: AttemptSource,
  ): Promise<User | null> {
    try {
      const known = await this.#parts.users.byEmail(source.account);
      const isRight = await this.#parts.hasher.verify(
        password,
        known?.passwordHash ?? NOBODYS_HASH,
      );
      return isRight && known !== null ? known.user : null;
    } catch (error) {
      // A store or worker that fails is not the person's failure.
      this.#delays.forget(source);
      throw error;
    }
  }

  #auditLogin(
    email: string,
    { client, user }: { client: Client; user: User | null },
  ): Promise<void> {
    return this.sessions.record({
      at: this.#parts.time.nowMs(),
      actor: user === null
        ? { kind: "anonymous", id: null, name: email }
        : userActor(user),
      via: "api",
      action: "auth.login",
      target: email,
      outcome: user === null ? "refused" : "ok",
      reason: user === null ? "wrong e-mail or password" : "",
      detail: { address: client.address },
    });
  }
}
