import type { Clock } from "../../actors/mod.ts";
import type { AuthService } from "../auth/port.ts";
import { createAuthService } from "../auth/service.ts";
import type { SetupTokenFile } from "../auth/setup_token.ts";
import { workerUrl } from "../build/worker_urls.ts";
import type { OpenedStore } from "../store/open_store.ts";
import type { WrappingKey } from "../vault/envelope.ts";
import { loadWrappingKey } from "../vault/wrapping_key.ts";
import { keySecretPathOf } from "./data_paths.ts";
import type { PlatformOptions } from "./platform.ts";

/** Who may log in, and the key that seals what must be readable again. */
export async function openIdentity(
  { env, root }: Pick<PlatformOptions, "env" | "root">,
  { store, clock, setupToken }: {
    store: OpenedStore;
    clock: Clock;
    setupToken: SetupTokenFile;
  },
): Promise<{ auth: AuthService; wrapping: WrappingKey }> {
  const wrapping = await loadWrappingKey({
    secret: env.EXCHANGE_KEY_SECRET,
    path: keySecretPathOf(env),
  });
  const auth = await createAuthService({
    users: store.users,
    people: store.people,
    invites: store.invites,
    passkeys: store.passkeys,
    secondFactors: store.secondFactors,
    wrapping,
    secret: (name, create) => store.secret(name, create),
    audit: (entry) => store.audit(entry),
    time: clock,
    readSetupToken: () => setupToken.read(),
    removeSetupToken: () => setupToken.remove(),
    passwordWorkerUrl: workerUrl(root, "password"),
  });
  return { auth, wrapping };
}
