import type { RequestClient } from "../contracts/audit.ts";
import { AppError } from "../core/errors.ts";
import { createIdFactory, type IdFactory } from "../core/ids.ts";
import type {
  LoginRequest,
  ProgramLogin,
  SessionResponse,
  SetupRequest,
  User,
} from "../contracts/auth.ts";
import type { PasskeyAssertion } from "../contracts/passkey.ts";
import { type Action, isAllowed } from "../contracts/policy.ts";
import type { ProblemCode } from "../contracts/problem.ts";
import type { SecondFactorView } from "../contracts/second_factor.ts";
import { conflict } from "./factor_parts.ts";
import { FirstAccount } from "./first_account.ts";
import { checkFreshProof } from "./fresh_proof.ts";
import { LoginProof, type Proven } from "./login.ts";
import { LoginDelays } from "./login_delays.ts";
import { changePassword } from "./password_change.ts";
import {
  createInlineHasher,
  createPasswordHasher,
  type PasswordHasher,
} from "./password_hasher.ts";
import { createPasskeys } from "./passkeys/passkeys.ts";
import type { Passkeys, RelyingParty } from "./passkeys/port.ts";
import { createPeople } from "./people/people.ts";
import type { People } from "./people/port.ts";
import { auditDelayed, logoutEntry } from "./login_entries.ts";
import type {
  ApiTokens,
  AuthService,
  FreshProof,
  Identity,
  LoginClient,
  LoginStep,
  SetupIssue,
  StepUpProof,
  TokenUse,
} from "./port.ts";
import { systemRandom } from "./random.ts";
import type { SecondFactor } from "./second_factor.ts";
import { createFactor } from "./create_factor.ts";
import type { AuthServiceOptions } from "./service_options.ts";
import { type Logins, openLogins } from "./sessions/open_logins.ts";
import type { Sessions } from "./sessions/sessions.ts";

/** Creates the service; loads the signing key, which the first start creates. */
export async function createAuthService(
  options: AuthServiceOptions,
): Promise<AuthService> {
  const { time } = options;
  const nowMs = () => time.nowMs();
  const ids = createIdFactory({ nowMs, random: systemRandom });
  const logins = await openLogins({ ...options, ids });
  const workerUrl = options.passwordWorkerUrl ??
    new URL("./password_worker.ts", import.meta.url);
  const hasher = options.isWorkerless === true
    ? createInlineHasher()
    : createPasswordHasher({ time, workerUrl });
  return new Service({ ...options, ids, logins, hasher });
}

interface ServiceParts extends AuthServiceOptions {
  ids: IdFactory;
  logins: Logins;
  hasher: PasswordHasher;
}

class Service implements AuthService {
  readonly factor: SecondFactor;
  readonly passkeys: Passkeys;
  readonly people: People;
  readonly #parts: ServiceParts;
  readonly sessions: Sessions;
  readonly apiTokens: ApiTokens;
  readonly #proof: LoginProof;
  readonly #first: FirstAccount;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    const nowMs = () => parts.time.nowMs();
    const delays = new LoginDelays(
      nowMs,
      (source) => auditDelayed(source, parts),
    );
    const { ids, logins } = parts;
    const { sessions } = logins;
    this.factor = createFactor(parts, delays);
    this.passkeys = createPasskeys({ ...parts, store: parts.passkeys, ids });
    this.people = createPeople({
      ...parts,
      ids,
      delays,
      hasFactor: (user) => this.factor.isInForce(user),
      endLogins: (userId) => sessions.revokeAll(userId),
    });
    this.#proof = new LoginProof({
      ...parts,
      delays,
      factor: this.factor,
      record: (entry) => sessions.record(entry),
    });
    this.#first = new FirstAccount({
      ...parts,
      delays,
      record: (entry) => sessions.record(entry),
    });
    this.sessions = sessions;
    this.apiTokens = logins.apiTokens;
  }

  setupNeeded(): Promise<boolean> {
    return this.#first.isNeeded();
  }

  async setup(
    request: SetupRequest,
    client: LoginClient,
  ): Promise<SessionResponse> {
    return this.#begin(await this.#first.create(request, client), client);
  }

  setupRefused(
    [issue]: readonly SetupIssue[],
    client: LoginClient,
  ): Promise<void> {
    const field = issue?.path.map(String).join("/") || "the body";
    const reason = `${field} is not as it should be; ${issue?.message ?? ""}`;
    return this.#first.refused(reason, client);
  }

  async prove(request: LoginRequest, client: LoginClient): Promise<User> {
    return (await this.#proof.prove(request, client)).user;
  }

  async login(
    request: LoginRequest,
    client: LoginClient,
  ): Promise<SessionResponse> {
    return this.#admit(await this.#proof.prove(request, client), client);
  }

  async loginProgram(
    request: LoginRequest,
    client: LoginClient,
  ): Promise<ProgramLogin> {
    const { user, recoveryCodesLeft } = await this.#proof.prove(
      request,
      client,
    );
    const login = await this.sessions.beginProgram(user, client);
    return recoveryCodesLeft === null ? login : { ...login, recoveryCodesLeft };
  }

  async beginLogin(
    request: Omit<LoginRequest, "code">,
    client: LoginClient,
  ): Promise<LoginStep> {
    const step = await this.#proof.begin(request, client);
    if (step.kind === "factor") return step;
    const session = await this.#admit(step.proven, client);
    return { kind: "done", session };
  }

  async finishLogin(
    step: { ticket: string; code: string },
    client: LoginClient,
  ): Promise<SessionResponse> {
    return this.#admit(await this.#proof.finish(step, client), client);
  }

  async loginByPasskey(
    passkey: PasskeyAssertion,
    { site, client }: { site: RelyingParty; client: LoginClient },
  ): Promise<SessionResponse> {
    const via = client.via ?? "api";
    let user: User;
    try {
      user = await this.passkeys.proveLogin(passkey, {
        site,
        client: { ...client, via },
      });
    } catch (error) {
      if (isCode(error, "PASSKEY_INVALID")) {
        await this.#proof.refused("the passkey was not accepted", client);
      }
      throw error;
    }
    await this.#proof.recordLogin(user, { client, factor: "passkey" });
    return this.#begin(user, client);
  }

  proveFresh(
    identity: Identity,
    proof: FreshProof,
    client: RequestClient,
  ): Promise<boolean> {
    return checkFreshProof(identity, proof, {
      factor: this.factor,
      checkPassword: (user, password) =>
        this.#proof.proveAgain(user, password, client),
      client,
    });
  }

  async stepUp(
    identity: Identity,
    proof: StepUpProof,
    client: RequestClient,
  ): Promise<SecondFactorView> {
    if ("code" in proof) {
      return await this.factor.stepUp(identity, { code: proof.code, client });
    }
    const { user, sessionId } = identity;
    if ("passkey" in proof) {
      const { passkey, site } = proof;
      await this.passkeys.proveFresh(identity, passkey, { site, client });
      this.factor.markFresh(sessionId, "factor");
    } else {
      if (await this.factor.isInForce(user)) {
        throw conflict(
          "You have a second factor, so a password proves nothing here; send a code or use your passkey",
        );
      }
      await this.#proof.proveAgain(user, proof.password, client);
      this.factor.markFresh(sessionId, "password");
    }
    return await this.factor.view(identity);
  }

  async renew({ sessionId }: Identity): Promise<SessionResponse> {
    try {
      // The same login goes on, so its fresh proof does, too.
      return await this.sessions.rotate(sessionId);
    } catch (error) {
      // Whoever else knows the secret must not share the proof.
      this.factor.forgetProof(sessionId);
      throw error;
    }
  }

  async changePassword(
    identity: Identity,
    request: { newPassword: string; client: RequestClient },
  ): Promise<void> {
    const { user, sessionId } = identity;
    await this.factor.requireProven(identity);
    await changePassword(identity, request, this.#parts);
    await this.sessions.revokeAll(user.id, sessionId);
  }

  async countOthers(action: Action, userId: string): Promise<number> {
    const users = await this.#parts.users.list();
    return users.filter(({ id, role, status }) =>
      id !== userId && status === "active" && isAllowed(role, action)
    ).length;
  }

  authenticate(token: string, use?: TokenUse): Promise<Identity | null> {
    return this.sessions.authenticate(token, use);
  }

  async logout(
    sessionId: string,
    client: Pick<RequestClient, "via" | "requestId">,
  ): Promise<void> {
    const entry = await logoutEntry({ ...client, sessionId }, this.#parts);
    await this.sessions.end(sessionId);
    if (entry !== null) await this.sessions.record(entry);
  }

  async close(): Promise<void> {
    this.#parts.hasher.close();
    await this.sessions.close();
  }

  async #admit(
    { user, recoveryCodesLeft }: Proven,
    client: LoginClient,
  ): Promise<SessionResponse> {
    const session = await this.#begin(user, client);
    return recoveryCodesLeft === null
      ? session
      : { ...session, recoveryCodesLeft };
  }

  #begin(user: User, client: LoginClient): Promise<SessionResponse> {
    return this.sessions.begin(user, { ...client, via: client.via ?? "api" });
  }
}

function isCode(error: unknown, code: ProblemCode): boolean {
  return error instanceof AppError && error.code === code;
}
