import { type Caller, callerActor, cameBy } from "../../contracts/audit.ts";
import type { AuditEntry } from "../../contracts/audit.ts";
import type {
  ApiTokenCreated,
  ApiTokenRequest,
  ApiTokenView,
  StoredApiToken,
} from "../../contracts/api_token.ts";
import type { User } from "../../contracts/auth.ts";
import { isAllowed } from "../../contracts/policy.ts";
import { type QuotaUse, refuseBeyond } from "../../contracts/quota.ts";
import { writeToken } from "../../contracts/token_text.ts";
import { AppError } from "../../core/errors.ts";
import type { IdFactory } from "../../core/ids.ts";
import type { ApiTokenStore, UserStore } from "../../store/port.ts";
import { API_TOKENS_PER_USER_MAX } from "../limits.ts";
import type { ApiTokens } from "../port.ts";
import { randomSecret, sha256Hex } from "../sessions/hash.ts";

const DAY_MS = 24 * 60 * 60_000;

/** What API tokens work with. */
export interface ApiTokenOptions {
  store: ApiTokenStore;
  users: Pick<UserStore, "byId">;
  nowMs: () => number;
  ids: IdFactory;
  /** Told when a token of a user was revoked. */
  onEnded: (userId: string) => void;
}

/** Personal API tokens: made, listed and revoked. The text is given once and kept nowhere. */
export class ApiTokenService implements ApiTokens {
  readonly #options: ApiTokenOptions;

  constructor(options: ApiTokenOptions) {
    this.#options = options;
  }

  async create(
    user: User,
    request: ApiTokenRequest,
    caller: Caller,
  ): Promise<ApiTokenCreated> {
    const { store, nowMs, ids } = this.#options;
    checkScopes(user, request);
    for (const use of await this.quotas(user.id)) refuseBeyond(use);
    const text = writeToken("smc_", randomSecret());
    const now = nowMs();
    const token: StoredApiToken = {
      id: ids("tok"),
      userId: user.id,
      hash: await sha256Hex(text),
      name: request.name,
      scopes: request.scopes,
      epoch: user.epoch,
      createdAt: now,
      expiresAt: now + request.expiresInDays * DAY_MS,
      lastUsedAt: null,
    };
    await store.create(token, this.#entryOf("tokens.create", caller, token));
    return { token: text, view: viewOf(token, { user, now }) };
  }

  async quotas(userId: string): Promise<readonly QuotaUse[]> {
    const used = (await this.#options.store.ofUser(userId)).length;
    return [{ quota: "api_tokens", used, limit: API_TOKENS_PER_USER_MAX }];
  }

  async list(userId: string): Promise<readonly ApiTokenView[]> {
    const { store, users, nowMs } = this.#options;
    const [tokens, user] = await Promise.all([
      store.ofUser(userId),
      users.byId(userId),
    ]);
    return tokens.map((token) => viewOf(token, { user, now: nowMs() }));
  }

  async ownerOf(tokenId: string): Promise<string | null> {
    return (await this.#options.store.byId(tokenId))?.userId ?? null;
  }

  async revoke(tokenId: string, caller: Caller): Promise<void> {
    const { store, onEnded } = this.#options;
    const token = await store.byId(tokenId);
    const isRemoved = token !== null && await store.remove(
      tokenId,
      this.#entryOf("tokens.revoke", caller, token),
    );
    if (!isRemoved) {
      throw new AppError(
        "TOKEN_NOT_FOUND",
        `There is no API token "${
          tokenId.slice(0, 40)
        }"; it may have been revoked already`,
        { status: 404 },
      );
    }
    onEnded(token.userId);
  }

  #entryOf(
    action: string,
    caller: Caller,
    { id, userId, name, scopes, expiresAt }: StoredApiToken,
  ): AuditEntry {
    return {
      at: this.#options.nowMs(),
      actor: callerActor(caller),
      ...cameBy(caller),
      action,
      target: id,
      outcome: "ok",
      reason: "",
      detail: {
        userId,
        name,
        scopes,
        expiresAt: new Date(expiresAt).toISOString(),
      },
    };
  }
}

/** A token never may what its owner may not; at each use the role is looked at again. */
function checkScopes({ role }: User, { scopes }: ApiTokenRequest): void {
  const errors = scopes.flatMap((scope, index) =>
    isAllowed(role, scope) ? [] : [{
      pointer: `/scopes/${index}`,
      code: "FIELD_INVALID",
      detail: `Your role ${role} may not do "${scope}"; leave it out`,
    }]
  );
  if (errors.length === 0) return;
  throw new AppError("REQUEST_INVALID", errors[0]!.detail, {
    status: 422,
    errors,
  });
}

function viewOf(
  token: StoredApiToken,
  { user, now }: { user: User | null; now: number },
): ApiTokenView {
  const { id, name, scopes, createdAt, expiresAt, lastUsedAt } = token;
  const holds = user?.status === "active" && user.epoch === token.epoch;
  return {
    id,
    name,
    scopes,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
    state: expiresAt <= now ? "expired" : holds ? "active" : "ended",
  };
}
