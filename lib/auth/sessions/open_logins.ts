import type { IdFactory } from "../../core/ids.ts";
import type { SecretStore } from "../../store/port.ts";
import { ApiTokenService } from "../api_tokens/api_tokens.ts";
import { AccessTokens } from "./access_tokens.ts";
import { Sessions, type SessionsOptions } from "./sessions.ts";
import { SigningKeys } from "./signing_keys.ts";

/** What logins and tokens are made of. */
export interface LoginsOptions extends Omit<SessionsOptions, "tokens"> {
  /** Where the signing keys are kept. */
  secrets: SecretStore;
  ids: IdFactory;
}

/** Logins of people and programs, and personal API tokens. */
export interface Logins {
  sessions: Sessions;
  apiTokens: ApiTokenService;
}

/** Loads the signing keys, of which the first start makes one, and puts logins together. */
export async function openLogins(options: LoginsOptions): Promise<Logins> {
  const { secrets, time, users, ids, apiTokens } = options;
  const nowMs = () => time.nowMs();
  const keys = await SigningKeys.open({ secrets, nowMs });
  const tokens = new AccessTokens({ keys, nowMs });
  const sessions = new Sessions({ ...options, tokens });
  return {
    sessions,
    apiTokens: new ApiTokenService({
      store: apiTokens,
      users,
      nowMs,
      ids,
      onEnded: (userId) => sessions.forgetUser(userId),
    }),
  };
}
