import * as OTPAuth from "otpauth";
import type { AuthService, Identity } from "../../../lib/auth/port.ts";
import { SYSTEM_ACTOR } from "../../../lib/contracts/audit.ts";
import type { User } from "../../../lib/contracts/auth.ts";
import type { AppError } from "../../../lib/core/errors.ts";
import { userOf } from "../../support/users.ts";
import { createAuthService } from "../../../lib/auth/service.ts";
import { type OpenedStore, openStore } from "../../../lib/store/open_store.ts";
import { testWrappingKey } from "../../support/vault.ts";
import { ManualTime, systemTime } from "../store/support.ts";

/** A service over a real store and a real password worker. */
export interface AuthSetup {
  auth: AuthService;
  store: OpenedStore;
  /** Time of sessions, tokens and delays; the store's own deadlines use real time. */
  time: ManualTime;
  /** The setup token as it lies in its file; null once it was removed. */
  token: { value: string | null };
}

export const CLIENT = { userAgent: "test", address: "192.0.2.1" };
export const EMAIL = "ada@example.com";
export const PASSWORD = "seven green bottles";
export const SETUP_TOKEN = "the-one-time-token";

/** Runs a test with a service that has no account yet. */
export async function withAuth(
  test: (setup: AuthSetup) => Promise<void>,
): Promise<void> {
  const time = new ManualTime();
  const store = await openStore({
    path: ":memory:",
    time: { ...systemTime, nowMs: () => time.nowMs() },
  });
  const token: { value: string | null } = { value: SETUP_TOKEN };
  const auth = await createAuthService({
    users: store.users,
    people: store.people,
    invites: store.invites,
    passkeys: store.passkeys,
    secondFactors: store.secondFactors,
    wrapping: await testWrappingKey(),
    sessions: store.sessions,
    apiTokens: store.apiTokens,
    secrets: store.secrets,
    audit: store.audit,
    time,
    readSetupToken: () => Promise.resolve(token.value),
    removeSetupToken: () => {
      token.value = null;
      return Promise.resolve();
    },
  });
  try {
    await test({ auth, store, time, token });
  } finally {
    await auth.close();
    await store.close();
  }
}

/** Creates the first account and returns its token. */
export async function setUp({ auth }: AuthSetup): Promise<string> {
  const request = { token: SETUP_TOKEN, email: EMAIL, password: PASSWORD };
  return (await auth.setup(request, CLIENT)).token;
}

/** A refusal with this code. */
export function refusedWith(code: string): (error: AppError) => boolean {
  return (error) => {
    if (error.code === code) return true;
    throw new Error(`${code} was expected, not ${error.code}`, {
      cause: error,
    });
  };
}

/** Where requests of tests come from. */
export const FROM = { address: CLIENT.address, via: "api" };

/** Puts somebody into the store; their password is worth nothing. */
export async function addPerson(
  { store }: Pick<AuthSetup, "store">,
  given: Partial<User> & { id: string },
): Promise<User> {
  const user = userOf(given);
  const isCreated = await store.users.create(user, {
    passwordHash: "x",
    onlyFirst: false,
    audit: {
      at: 0,
      actor: SYSTEM_ACTOR,
      via: "system",
      action: "user.create",
      target: user.id,
      outcome: "ok",
      reason: "",
      detail: {},
    },
  });
  if (!isCreated) throw new Error(`${user.email} is there already`);
  return user;
}

/** The code that an authenticator shows. */
export function codeOf(secret: string, nowMs: number): string {
  return new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) })
    .generate({ timestamp: nowMs });
}

/** Gives the first account an authenticator. */
export async function enrol(
  { auth, time }: AuthSetup,
  identity: Identity,
): Promise<{ secret: string; recoveryCodes: readonly string[] }> {
  const { secret } = await auth.factor.enrol(identity, {
    password: PASSWORD,
    client: FROM,
  });
  const recoveryCodes = await auth.factor.confirm(identity, {
    code: codeOf(secret, time.nowMs()),
    client: FROM,
  });
  return { secret, recoveryCodes };
}
