/**
 * Accounts, links and passkeys as the rest of the product sees them; port.ts
 * hands these on.
 *
 * @module
 */
import type { AuditEntry } from "../contracts/audit.ts";
import type { User } from "../contracts/auth.ts";
import type { StoredPasskey } from "../contracts/passkey.ts";
import type { StoredInvite } from "../contracts/people.ts";
import type { StorePage } from "./port.ts";

/** An account in the place of the one that was read. */
export interface UserChange {
  /** As it was read; its epoch tells whether it was changed meanwhile. */
  expected: User;
  /** With a higher epoch. */
  user: User;
  /** Left out where the password stays. */
  passwordHash?: string;
  audit: AuditEntry;
}

/** `last_admin`: nobody could manage the accounts any more, so nothing was changed. */
export type ChangeOutcome = "done" | "stale" | "last_admin";

/** Accounts after they were made. */
export interface PeopleStore {
  /** In the order of their ids, oldest first; the cursor is the last id of the page before. */
  page(
    options: { limit: number; cursor: string | null },
  ): Promise<StorePage<User>>;
  /** Puts one account in the place of another, with its audit entry in one commit. */
  change(change: UserChange): Promise<ChangeOutcome>;
  /** Stores another hash of the same password; nothing happens if it is not `from` any more. */
  rehash(
    userId: string,
    hashes: { from: string; to: string },
  ): Promise<void>;
}

/** One-time links. */
export interface InviteStore {
  /** Those that have not been pruned, in no order; expired ones may be among them. */
  list(): Promise<readonly StoredInvite[]>;
  find(tokenHash: string): Promise<StoredInvite | null>;
  /**
   * Stores a link in the place of every other one for the same e-mail.
   *
   * @returns `exists` if an invited e-mail has an account, `full` if there are
   *   too many links or accounts.
   */
  create(
    invite: StoredInvite,
    audit: AuditEntry,
  ): Promise<"done" | "exists" | "full">;
  /** @returns false if there is none. */
  revoke(id: string, audit: AuditEntry): Promise<boolean>;
  /** Takes an invitation and makes its account. @returns false if the link was taken or the e-mail has an account. */
  admit(
    invite: StoredInvite,
    account: { user: User; passwordHash: string; audit: AuditEntry },
  ): Promise<boolean>;
  /** Takes a reset and changes its account; the factors go where it says so. @returns false if the link was taken or the account changed. */
  reset(
    invite: StoredInvite,
    change: UserChange & { passwordHash: string },
  ): Promise<boolean>;
}

/** Passkeys of people. */
export interface PasskeyStore {
  of(userId: string): Promise<readonly StoredPasskey[]>;
  byCredential(credentialId: string): Promise<StoredPasskey | null>;
  /** @returns false if the credential is known, or the person has too many. */
  add(passkey: StoredPasskey, audit: AuditEntry): Promise<boolean>;
  /** Puts `passkey` in the place of the one that was read. @returns false if that one was used or changed meanwhile. */
  replace(
    expected: StoredPasskey,
    change: { passkey: StoredPasskey; audit: AuditEntry },
  ): Promise<boolean>;
  /** @returns false if there is none. */
  remove(passkey: StoredPasskey, audit: AuditEntry): Promise<boolean>;
}
