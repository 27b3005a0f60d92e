import type { AuthService } from "../../../lib/auth/port.ts";
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
    secret: store.secret,
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
