import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import type { User } from "../../contracts/auth.ts";
import type {
  PasskeyAssertion,
  PasskeyRequest,
  PasskeyView,
} from "../../contracts/passkey.ts";
import type { Client } from "../factor_parts.ts";
import type { Identity } from "../port.ts";

/** Where a browser shows our pages: a passkey works for one host name only. */
export interface RelyingParty {
  /** Host name. */
  rpId: string;
  /** Origins of our own pages that the browser may name. */
  origins: readonly string[];
}

/** What is asked of a browser that makes a passkey. */
export type RegistrationOptions = PublicKeyCredentialCreationOptionsJSON;
/** What is asked of a browser that signs with one. */
export type AssertionOptions = PublicKeyCredentialRequestOptionsJSON;

/** Where a ceremony takes place, and who asks. */
export interface CeremonyPlace {
  site: RelyingParty;
  client: Client;
}

/** Passkeys of people. Refusals are thrown as AppError with a code of contracts/problem.ts. */
export interface Passkeys {
  list(user: User): Promise<readonly PasskeyView[]>;
  /** Begins to make one; the browser's answer goes to {@link register}. */
  registration(
    identity: Identity,
    site: RelyingParty,
  ): Promise<RegistrationOptions>;
  /** @throws {AppError} PASSKEY_INVALID, PASSKEY_LIMIT */
  register(
    identity: Identity,
    request: PasskeyRequest,
    place: CeremonyPlace,
  ): Promise<PasskeyView>;
  /** @throws {AppError} PASSKEY_NOT_FOUND */
  rename(
    identity: Identity,
    change: { id: string; name: string; client: Client },
  ): Promise<PasskeyView>;
  /** @throws {AppError} PASSKEY_NOT_FOUND */
  remove(
    identity: Identity,
    request: { id: string; client: Client },
  ): Promise<void>;
  /** Begins a login: any passkey of this site may answer. */
  loginOptions(site: RelyingParty): Promise<AssertionOptions>;
  /** Begins a fresh proof of somebody who is logged in. */
  proofOptions(
    identity: Identity,
    site: RelyingParty,
  ): Promise<AssertionOptions>;
  /** Whose passkey has signed for a login. @throws {AppError} PASSKEY_INVALID */
  proveLogin(
    assertion: PasskeyAssertion,
    place: CeremonyPlace,
  ): Promise<User>;
  /** Whether a passkey of this person has signed. @throws {AppError} PASSKEY_INVALID */
  proveFresh(
    identity: Identity,
    assertion: PasskeyAssertion,
    place: CeremonyPlace,
  ): Promise<void>;
}
