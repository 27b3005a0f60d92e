import { AppError } from "../../core/errors.ts";
import type { IdFactory } from "../../core/ids.ts";
import type { TimeSource } from "../../core/time.ts";
import {
  cameBy,
  type RequestClient,
  userActor,
} from "../../contracts/audit.ts";
import type { User } from "../../contracts/auth.ts";
import type {
  AcceptedInvite,
  AcceptInviteRequest,
  InviteRequest,
  InviteView,
  PersonView,
  UserChangeRequest,
} from "../../contracts/people.ts";
import type {
  AuditEntry,
  InviteStore,
  PeopleStore,
  StorePage,
  UserStore,
} from "../../store/port.ts";
import { CHANGE_TRIES } from "../limits.ts";
import type { LoginDelays } from "../login_delays.ts";
import type { PasswordHasher } from "../password_hasher.ts";
import { userNotFound } from "../refusals.ts";
import { Invites } from "./invites.ts";
import type { ActingAdmin, MadeInvite, People } from "./port.ts";

/** What accounts are managed with. */
export interface PeopleOptions {
  users: Pick<UserStore, "byId">;
  people: PeopleStore;
  invites: InviteStore;
  hasher: PasswordHasher;
  delays: LoginDelays;
  ids: IdFactory;
  time: TimeSource;
  /** The audit log, for what changes nothing. */
  audit: (entry: AuditEntry) => Promise<void>;
  /** Whether somebody has a second factor. */
  hasFactor(user: User): Promise<boolean>;
  /** Ends every login of somebody. */
  endLogins(userId: string): Promise<void>;
}

/** Makes the service. */
export function createPeople(options: PeopleOptions): People {
  return new PeopleService(options);
}

class PeopleService implements People {
  readonly #options: PeopleOptions;
  readonly #invites: Invites;

  constructor(options: PeopleOptions) {
    this.#options = options;
    this.#invites = new Invites(options);
  }

  async page(
    options: { limit: number; cursor: string | null },
  ): Promise<StorePage<PersonView>> {
    const { items, nextCursor } = await this.#options.people.page(options);
    return {
      items: await Promise.all(items.map((user) => this.#view(user))),
      nextCursor,
    };
  }

  async change(
    userId: string,
    change: UserChangeRequest,
    admin: ActingAdmin,
  ): Promise<PersonView> {
    refuseSelf(userId, admin);
    for (let tries = 0; tries < CHANGE_TRIES; tries++) {
      // deno-lint-ignore no-await-in-loop -- each try looks at what the other change left
      const expected = await this.#require(userId);
      const user: User = {
        ...expected,
        role: change.role ?? expected.role,
        status: change.status ?? expected.status,
        epoch: expected.epoch + 1,
      };
      if (user.role === expected.role && user.status === expected.status) {
        // deno-lint-ignore no-await-in-loop -- it is the answer
        return await this.#view(expected);
      }
      const audit = this.#entry({ expected, user }, admin);
      // deno-lint-ignore no-await-in-loop -- as above
      const outcome = await this.#options.people.change({
        expected,
        user,
        audit,
      });
      if (outcome === "last_admin") throw lastAdmin();
      if (outcome === "done") {
        // deno-lint-ignore no-await-in-loop -- it ends the loop
        await this.#options.endLogins(userId);
        // deno-lint-ignore no-await-in-loop -- as above
        return await this.#view(user);
      }
    }
    throw new AppError(
      "USER_CHANGED",
      "The account was changed by somebody else at the same moment; look at it and try again",
      { status: 409 },
    );
  }

  invites(): Promise<readonly InviteView[]> {
    return this.#invites.list();
  }

  invite(request: InviteRequest, admin: ActingAdmin): Promise<MadeInvite> {
    return this.#invites.make({
      ...request,
      kind: "invite",
      userId: null,
      removesFactor: false,
    }, admin);
  }

  async resetLink(
    userId: string,
    { removesFactor }: { removesFactor: boolean },
    admin: ActingAdmin,
  ): Promise<MadeInvite> {
    refuseSelf(userId, admin);
    const { email } = await this.#require(userId);
    return await this.#invites.make({
      kind: "reset",
      email,
      role: null,
      userId,
      removesFactor,
    }, admin);
  }

  revoke(inviteId: string, admin: ActingAdmin): Promise<void> {
    return this.#invites.revoke(inviteId, admin);
  }

  accept(
    request: AcceptInviteRequest,
    client: RequestClient,
  ): Promise<AcceptedInvite> {
    return this.#invites.accept(request, client);
  }

  async #require(userId: string): Promise<User> {
    const user = await this.#options.users.byId(userId);
    if (user === null) throw userNotFound();
    return user;
  }

  async #view(user: User): Promise<PersonView> {
    const { id, email, role, status, createdAt } = user;
    return {
      id,
      email,
      role,
      status,
      createdAt: new Date(createdAt).toISOString(),
      hasFactor: await this.#options.hasFactor(user),
    };
  }

  #entry(
    { expected, user }: { expected: User; user: User },
    admin: ActingAdmin,
  ): AuditEntry {
    const part = ({ role, status }: User) => ({ role, status });
    return {
      at: this.#options.time.nowMs(),
      actor: userActor(admin.user),
      ...cameBy(admin),
      action: "users.manage",
      target: user.id,
      outcome: "ok",
      reason: "",
      detail: {
        address: admin.address,
        email: user.email,
        before: part(expected),
        after: part(user),
      },
    };
  }
}

/** Who changes their own access can lock themselves out, or cover what they did. */
function refuseSelf(userId: string, { user }: ActingAdmin): void {
  if (userId !== user.id) return;
  throw new AppError(
    "USER_SELF",
    "This is your own account; another admin has to do it. Your own password is under Settings, Password",
    { status: 409 },
  );
}

function lastAdmin(): AppError {
  return new AppError(
    "LAST_ADMIN",
    "This is the last active admin, so nobody could manage accounts any more; make somebody else an admin first",
    { status: 409 },
  );
}
