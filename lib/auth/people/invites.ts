import { AppError } from "../../core/errors.ts";
import {
  type Actor,
  cameBy,
  type RequestClient,
  userActor,
} from "../../contracts/audit.ts";
import type { User } from "../../contracts/auth.ts";
import type {
  AcceptedInvite,
  AcceptInviteRequest,
  InviteView,
  StoredInvite,
} from "../../contracts/people.ts";
import type { AuditEntry } from "../../store/port.ts";
import { CHANGE_TRIES, INVITE_MS, RESET_MS } from "../limits.ts";
import { checkNewPassword } from "../password_policy.ts";
import { INVITE_ACCOUNT } from "../login_delays.ts";
import { refusalEntry } from "../login_entries.ts";
import { hashOneTimeToken, makeOneTimeToken } from "../one_time_token.ts";
import { inviteInvalid } from "../refusals.ts";
import type { PeopleOptions } from "./people.ts";
import type { ActingAdmin, MadeInvite } from "./port.ts";

type Wish = Pick<
  StoredInvite,
  "kind" | "email" | "role" | "userId" | "removesFactor"
>;

/** One-time links for new accounts and new passwords. */
export class Invites {
  readonly #options: PeopleOptions;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  async list(): Promise<readonly InviteView[]> {
    const now = this.#options.time.nowMs();
    const all = await this.#options.invites.list();
    return all.filter(({ expiresAt }) => expiresAt > now)
      .toSorted((one, other) => other.createdAt - one.createdAt)
      .map(toView);
  }

  async make(wish: Wish, admin: ActingAdmin): Promise<MadeInvite> {
    const { ids, time, invites } = this.#options;
    const token = makeOneTimeToken();
    const now = time.nowMs();
    const invite: StoredInvite = {
      ...wish,
      id: ids("inv"),
      tokenHash: await hashOneTimeToken(token),
      createdAt: now,
      expiresAt: now + (wish.kind === "invite" ? INVITE_MS : RESET_MS),
      createdBy: admin.user.email,
    };
    const outcome = await invites.create(
      invite,
      this.#entry("users.invite", {
        invite,
        actor: userActor(admin.user),
        ...admin,
      }),
    );
    if (outcome === "exists") throw userExists(wish.email);
    if (outcome === "full") throw tooMany();
    return { invite: toView(invite), token };
  }

  async revoke(id: string, admin: ActingAdmin): Promise<void> {
    const { invites } = this.#options;
    const invite = (await invites.list()).find((known) => known.id === id);
    const isRevoked = invite !== undefined && await invites.revoke(
      id,
      this.#entry("users.revoke", {
        invite,
        actor: userActor(admin.user),
        ...admin,
      }),
    );
    if (isRevoked) return;
    throw new AppError(
      "INVITE_NOT_FOUND",
      "There is no open link of this id; it was used, has expired or was taken back",
      { status: 404 },
    );
  }

  async accept(
    request: AcceptInviteRequest,
    client: RequestClient,
  ): Promise<AcceptedInvite> {
    try {
      return await this.#accept(request, client);
    } catch (error) {
      const isWrong = error instanceof AppError &&
        error.code === "INVITE_INVALID";
      if (isWrong) await this.#refused(client);
      throw error;
    }
  }

  /** Puts it on record; a store that takes no entry keeps nobody from the answer. */
  async #refused(client: RequestClient): Promise<void> {
    const { audit, time } = this.#options;
    await audit(refusalEntry({
      at: time.nowMs(),
      action: "users.accept",
      reason: "the link was used, has expired or is none",
      client,
    })).catch(() => {});
  }

  async #accept(
    { token, password }: AcceptInviteRequest,
    client: RequestClient,
  ): Promise<AcceptedInvite> {
    const { delays, hasher, invites, time } = this.#options;
    // By address only: nobody can slow down the links of others.
    const source = { ...client, account: `${INVITE_ACCOUNT}${client.address}` };
    delays.begin(source);
    const invite = await invites.find(await hashOneTimeToken(token));
    if (invite === null || invite.expiresAt <= time.nowMs()) {
      throw inviteInvalid();
    }
    delays.succeed(source);
    checkNewPassword(password, invite.email);
    const passwordHash = await hasher.hash(password);
    const isTaken = invite.kind === "invite"
      ? await this.#admit(invite, { passwordHash, client })
      : await this.#reset(invite, { passwordHash, client });
    // Somebody else had the link, too, and was faster.
    if (!isTaken) throw inviteInvalid();
    return { kind: invite.kind, email: invite.email };
  }

  #admit(
    invite: StoredInvite,
    { passwordHash, client }: {
      passwordHash: string;
      client: RequestClient;
    },
  ): Promise<boolean> {
    const { ids, time, invites } = this.#options;
    const user: User = {
      id: ids("usr"),
      email: invite.email,
      role: invite.role ?? "viewer",
      status: "active",
      epoch: 1,
      createdAt: time.nowMs(),
    };
    const audit = this.#entry("users.accept", {
      invite,
      actor: userActor(user),
      ...client,
    });
    return invites.admit(invite, { user, passwordHash, audit });
  }

  async #reset(
    invite: StoredInvite,
    { passwordHash, client }: {
      passwordHash: string;
      client: RequestClient;
    },
  ): Promise<boolean> {
    const { users, invites, endLogins } = this.#options;
    const id = invite.userId ?? "";
    for (let tries = 0; tries < CHANGE_TRIES; tries++) {
      // deno-lint-ignore no-await-in-loop -- each try looks at what another change left
      const expected = await users.byId(id);
      if (expected?.status !== "active") return false;
      const user = { ...expected, epoch: expected.epoch + 1 };
      const audit = this.#entry("users.reset", {
        invite,
        actor: userActor(user),
        ...client,
      });
      // deno-lint-ignore no-await-in-loop -- as above
      const isDone = await invites.reset(invite, {
        expected,
        user,
        passwordHash,
        audit,
      });
      if (!isDone) continue;
      // deno-lint-ignore no-await-in-loop -- it ends the loop
      await endLogins(id);
      return true;
    }
    return false;
  }

  #entry(
    action: string,
    { invite, actor, ...client }: {
      invite: StoredInvite;
      actor: Actor;
    } & RequestClient,
  ): AuditEntry {
    const { id, kind, email, role, removesFactor, createdBy } = invite;
    return {
      at: this.#options.time.nowMs(),
      actor,
      ...cameBy(client),
      action,
      target: invite.userId ?? id,
      outcome: "ok",
      reason: "",
      detail: {
        address: client.address,
        kind,
        email,
        role,
        removesFactor,
        createdBy,
      },
    };
  }
}

function toView(invite: StoredInvite): InviteView {
  const { id, kind, email, role, removesFactor, createdBy } = invite;
  return {
    id,
    kind,
    email,
    role,
    removesFactor,
    createdBy,
    createdAt: new Date(invite.createdAt).toISOString(),
    expiresAt: new Date(invite.expiresAt).toISOString(),
  };
}

function userExists(email: string): AppError {
  const detail = `${email} has an account already; change its role instead`;
  return new AppError("USER_EXISTS", detail, {
    status: 409,
    errors: [{ pointer: "/email", code: "USER_EXISTS", detail }],
  });
}

function tooMany(): AppError {
  return new AppError(
    "INVITE_LIMIT",
    "There are as many open links or accounts as are allowed; take a link back first",
    { status: 409 },
  );
}
