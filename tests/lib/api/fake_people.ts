/** Accounts and passkeys for tests of the API's own rules: there is nobody but who is logged in. */
import type { Passkeys } from "../../../lib/auth/passkeys/port.ts";
import type { People } from "../../../lib/auth/people/port.ts";
import type { StoredInvite } from "../../../lib/contracts/people.ts";
import { AppError } from "../../../lib/core/errors.ts";

function refuse(code: string, detail: string): Promise<never> {
  return Promise.reject(new AppError(code, detail));
}

export function createFakePasskeys(): Passkeys {
  const invalid = () => refuse("PASSKEY_INVALID", "No such passkey");
  const notFound = () => refuse("PASSKEY_NOT_FOUND", "No such passkey");
  return {
    list: () => Promise.resolve([]),
    registration: (identity, { rpId }) =>
      Promise.resolve({
        rp: { id: rpId, name: "SMC Fleet" },
        user: {
          id: identity.user.id,
          name: identity.user.email,
          displayName: identity.user.email,
        },
        challenge: "Y2hhbGxlbmdl",
        pubKeyCredParams: [],
      }),
    register: invalid,
    rename: notFound,
    remove: notFound,
    loginOptions: ({ rpId }) =>
      Promise.resolve({ rpId, challenge: "Y2hhbGxlbmdl" }),
    proofOptions: (_identity, { rpId }) =>
      Promise.resolve({ rpId, challenge: "Y2hhbGxlbmdl" }),
    proveLogin: invalid,
    proveFresh: invalid,
  };
}

export function createFakePeople(clock: { now: number }): People {
  const notFound = () => refuse("USER_NOT_FOUND", "There is nobody of this id");
  return {
    page: () => Promise.resolve({ items: [], nextCursor: null }),
    change: notFound,
    invites: () => Promise.resolve([]),
    invite: ({ email, role }, { user }) => {
      const made: Pick<StoredInvite, "kind" | "email" | "role"> = {
        kind: "invite",
        email,
        role,
      };
      const at = new Date(clock.now).toISOString();
      return Promise.resolve({
        token: "token-of-the-link",
        invite: {
          ...made,
          id: "inv_1",
          removesFactor: false,
          createdBy: user.email,
          createdAt: at,
          expiresAt: at,
        },
      });
    },
    resetLink: notFound,
    revoke: () => refuse("INVITE_NOT_FOUND", "There is no such link"),
    accept: () => refuse("INVITE_INVALID", "The link is not valid"),
  };
}
