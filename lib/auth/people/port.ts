import type { RequestClient } from "../../contracts/audit.ts";
import type { User } from "../../contracts/auth.ts";
import type {
  AcceptedInvite,
  AcceptInviteRequest,
  InviteRequest,
  InviteView,
  PersonView,
  UserChangeRequest,
} from "../../contracts/people.ts";
import type { StorePage } from "../../store/port.ts";

/** The admin who acts. */
export interface ActingAdmin extends RequestClient {
  user: User;
}

/** A link that was just made: the token is nowhere else. */
export interface MadeInvite {
  invite: InviteView;
  token: string;
}

/** Accounts of people. Refusals are thrown as AppError with a code of contracts/problem.ts. */
export interface People {
  /** Oldest first. */
  page(
    options: { limit: number; cursor: string | null },
  ): Promise<StorePage<PersonView>>;
  /** Changes role or status, which ends every login of that person. @throws {AppError} USER_NOT_FOUND, USER_SELF, LAST_ADMIN, USER_CHANGED */
  change(
    userId: string,
    change: UserChangeRequest,
    admin: ActingAdmin,
  ): Promise<PersonView>;
  /** Open links, newest first. */
  invites(): Promise<readonly InviteView[]>;
  /** Makes a link for a new account. @throws {AppError} USER_EXISTS, INVITE_LIMIT */
  invite(request: InviteRequest, admin: ActingAdmin): Promise<MadeInvite>;
  /** Makes a link for a new password. @throws {AppError} USER_NOT_FOUND, USER_SELF, INVITE_LIMIT */
  resetLink(
    userId: string,
    options: { removesFactor: boolean },
    admin: ActingAdmin,
  ): Promise<MadeInvite>;
  /** Takes a link back. @throws {AppError} INVITE_NOT_FOUND */
  revoke(inviteId: string, admin: ActingAdmin): Promise<void>;
  /** Takes a link, by who has it. @throws {AppError} INVITE_INVALID, REQUEST_INVALID, LOGIN_DELAYED */
  accept(
    request: AcceptInviteRequest,
    client: RequestClient,
  ): Promise<AcceptedInvite>;
}
