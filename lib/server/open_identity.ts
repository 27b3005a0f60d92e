import type { Clock } from "../../actors/mod.ts";
import type { AuthService } from "../auth/port.ts";
import { createAuthService } from "../auth/service.ts";
import type { SetupToken } from "../auth/setup_token.ts";
import { workerUrl } from "../build/worker_urls.ts";
import type { OpenedStore } from "../store/open_store.ts";
import type { Keyring } from "../vault/envelope.ts";
import { hasFolder } from "./data_paths.ts";
import type { PlatformOptions } from "./platform.ts";

/** Who may log in. */
export async function openIdentity(
  { root, env }: Pick<PlatformOptions, "root" | "env">,
  { store, clock, setupToken, wrapping, onEnded }: {
    store: OpenedStore;
    clock: Clock;
    setupToken: SetupToken;
    /** Seals what must be readable again. */
    wrapping: Keyring;
    /** Told whenever a login or a token of a user has ended. */
    onEnded: (userId: string) => void;
  },
): Promise<AuthService> {
  return await createAuthService({
    users: store.users,
    people: store.people,
    invites: store.invites,
    passkeys: store.passkeys,
    secondFactors: store.secondFactors,
    wrapping,
    sessions: store.sessions,
    apiTokens: store.apiTokens,
    secrets: store.secrets,
    onEnded,
    audit: (entry) => store.audit(entry),
    time: clock,
    readSetupToken: () => setupToken.read(),
    removeSetupToken: () => setupToken.remove(),
    passwordWorkerUrl: workerUrl(root, "password"),
    isWorkerless: !hasFolder(env),
  });
}
