import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import type { SessionResponse } from "../../contracts/auth.ts";
import type { PasskeyView } from "../../contracts/passkey.ts";
import type {
  InviteRequest,
  InviteView,
  LinkResponse,
  PersonView,
  UserChangeRequest,
} from "../../contracts/people.ts";
import type {
  SecondFactorView,
  StepUpRequest,
} from "../../contracts/second_factor.ts";
import type { ApiPage, Call } from "./api_client.ts";

/** Calls about one's own account and about those of others. */
export function peopleCalls(
  call: <T>(path: string, options?: Call) => Promise<T>,
) {
  const post = <T>(path: string, body: unknown) =>
    call<T>(path, { method: "POST", body });
  const user = (id: string) => `/api/users/${encodeURIComponent(id)}`;
  const passkey = (id: string) =>
    `/api/account/passkeys/${encodeURIComponent(id)}`;
  return {
    factor: () => call<SecondFactorView>("/api/account/second-factor"),
    /** A fresh proof of who asks, for this login. */
    stepUp: (proof: StepUpRequest) =>
      post<SecondFactorView>("/api/account/step-up", proof),
    stepUpOptions: () =>
      post<PublicKeyCredentialRequestOptionsJSON>(
        "/api/account/step-up/options",
        {},
      ),
    changePassword: (newPassword: string) =>
      post<null>("/api/account/password", { newPassword }),
    passkeys: () => call<ApiPage<PasskeyView>>("/api/account/passkeys"),
    passkeyOptions: () =>
      post<PublicKeyCredentialCreationOptionsJSON>(
        "/api/account/passkeys/options",
        {},
      ),
    addPasskey: (request: { name: string; credential: unknown }) =>
      post<PasskeyView>("/api/account/passkeys", request),
    renamePasskey: (id: string, name: string) =>
      call<PasskeyView>(passkey(id), { method: "PUT", body: { name } }),
    removePasskey: (id: string) =>
      call<null>(passkey(id), { method: "DELETE" }),
    loginOptions: () =>
      post<PublicKeyCredentialRequestOptionsJSON>(
        "/api/auth/passkey/options",
        {},
      ),
    loginByPasskey: (credential: unknown) =>
      post<SessionResponse>("/api/auth/passkey", { credential }),
    people: (cursor: string | null) =>
      call<ApiPage<PersonView>>(
        `/api/users?limit=50${cursor === null ? "" : `&cursor=${cursor}`}`,
      ),
    invites: () => call<ApiPage<InviteView>>("/api/invites"),
    invite: (request: InviteRequest) =>
      post<LinkResponse>("/api/users", request),
    changePerson: (id: string, change: UserChangeRequest) =>
      call<PersonView>(user(id), { method: "PUT", body: change }),
    resetLink: (id: string, removesFactor: boolean) =>
      post<LinkResponse>(`${user(id)}/reset-link`, { removesFactor }),
    revokeInvite: (id: string) =>
      call<null>(`/api/invites/${encodeURIComponent(id)}`, {
        method: "DELETE",
      }),
  };
}
