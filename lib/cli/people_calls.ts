import type {
  InviteView,
  LinkResponse,
  PersonView,
  UserChangeRequest,
} from "../contracts/people.ts";
import type { Line } from "./api_sender.ts";

/** Calls about accounts. */
export interface PeopleCalls {
  people(): Promise<readonly PersonView[]>;
  invites(): Promise<readonly InviteView[]>;
  invite(request: { email: string; role: string }): Promise<LinkResponse>;
  changePerson(id: string, change: UserChangeRequest): Promise<PersonView>;
  resetLink(id: string, removesFactor: boolean): Promise<LinkResponse>;
  revokeInvite(id: string): Promise<void>;
  changePassword(newPassword: string): Promise<void>;
}

type Page<T> = { items: readonly T[]; nextCursor: string | null };

/** Makes the calls over a client's requests. */
export function peopleCalls(
  { read, send, readAll }: Pick<Line, "read" | "send"> & {
    readAll: <T>(
      readPage: (page: { limit: string; cursor: string }) => Promise<Page<T>>,
    ) => Promise<readonly T[]>;
  },
): PeopleCalls {
  const path = (id: string) => `/users/${encodeURIComponent(id)}`;
  return {
    people: () =>
      readAll<PersonView>(({ limit, cursor }) =>
        read(
          "GET",
          `/users?limit=${limit}${cursor === "" ? "" : `&cursor=${cursor}`}`,
        )
      ),
    invites: async () =>
      (await read<Page<InviteView>>("GET", "/invites")).items,
    invite: (body) => read("POST", "/users", { body }),
    changePerson: (id, body) => read("PUT", path(id), { body }),
    resetLink: (id, removesFactor) =>
      read("POST", `${path(id)}/reset-link`, { body: { removesFactor } }),
    revokeInvite: async (id) =>
      void await send("DELETE", `/invites/${encodeURIComponent(id)}`),
    changePassword: async (newPassword) =>
      void await send("POST", "/account/password", { body: { newPassword } }),
  };
}
