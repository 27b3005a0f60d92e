import type { IdFactory } from "../../core/ids.ts";
import type { TimeSource } from "../../core/time.ts";
import { cameBy, userActor } from "../../contracts/audit.ts";
import type { User } from "../../contracts/auth.ts";
import type {
  PasskeyAssertion,
  PasskeyRequest,
  PasskeyView,
  StoredPasskey,
} from "../../contracts/passkey.ts";
import type { AuditEntry, PasskeyStore, UserStore } from "../../store/port.ts";
import type { Client } from "../factor_parts.ts";
import { CHALLENGE_MS, CHALLENGES_MAX } from "../limits.ts";
import type { Identity } from "../port.ts";
import { passkeyInvalid } from "../refusals.ts";
import { ShortLived } from "../short_lived.ts";
import { passkeyLibrary } from "./library.ts";
import type {
  AssertionOptions,
  CeremonyPlace,
  Passkeys,
  RegistrationOptions,
  RelyingParty,
} from "./port.ts";
import {
  bytesOf,
  challengeOf,
  descriptorOf,
  handleOf,
  notFound,
  tooMany,
  toView,
} from "./parts.ts";
import { verifyNewPasskey, verifySignature } from "./verify.ts";

const PRODUCT = "SMC Fleet";

/** What passkeys work with. */
export interface PasskeysOptions {
  store: PasskeyStore;
  users: Pick<UserStore, "byId">;
  ids: IdFactory;
  time: TimeSource;
  /** The audit log, for what changes nothing. */
  audit: (entry: AuditEntry) => Promise<void>;
}

/** Makes the service. */
export function createPasskeys(options: PasskeysOptions): Passkeys {
  return new PasskeyService(options);
}

class PasskeyService implements Passkeys {
  readonly #options: PasskeysOptions;
  /** What each challenge was asked for. Anybody may ask for one of a login, so those push out only each other. */
  readonly #loginChallenges: ShortLived<string>;
  readonly #ownChallenges: ShortLived<string>;

  constructor(options: PasskeysOptions) {
    this.#options = options;
    const book = {
      nowMs: () => options.time.nowMs(),
      lifeMs: CHALLENGE_MS,
      max: CHALLENGES_MAX,
    };
    this.#loginChallenges = new ShortLived(book);
    this.#ownChallenges = new ShortLived(book);
  }

  async list({ id }: User): Promise<readonly PasskeyView[]> {
    return (await this.#options.store.of(id)).map(toView);
  }

  async registration(
    { user, sessionId }: Identity,
    { rpId }: RelyingParty,
  ): Promise<RegistrationOptions> {
    const known = await this.#options.store.of(user.id);
    const { generateRegistrationOptions } = await passkeyLibrary();
    return await generateRegistrationOptions({
      rpName: PRODUCT,
      rpID: rpId,
      userName: user.email,
      userDisplayName: user.email,
      userID: new TextEncoder().encode(user.id),
      challenge: bytesOf(this.#ownChallenges.issue(`make ${sessionId}`)),
      timeout: CHALLENGE_MS,
      attestationType: "none",
      excludeCredentials: known.map(descriptorOf),
      // It has to be found without an e-mail, and its owner to be verified: it logs in alone.
      authenticatorSelection: {
        residentKey: "required",
        userVerification: "required",
      },
    });
  }

  async register(
    { user, sessionId }: Identity,
    request: PasskeyRequest,
    { site, client }: CeremonyPlace,
  ): Promise<PasskeyView> {
    const made = await verifyNewPasskey(request, {
      site,
      isChallenge: (challenge) =>
        this.#ownChallenges.take(challenge) === `make ${sessionId}`,
    });
    const passkey: StoredPasskey = {
      ...made,
      id: this.#options.ids("psk"),
      userId: user.id,
      transports: request.credential.response.transports ?? [],
      rpId: site.rpId,
      name: request.name,
      createdAt: this.#options.time.nowMs(),
      lastUsedAt: null,
    };
    const entry = this.#entry("passkey.add", { user, client, passkey });
    if (!await this.#options.store.add(passkey, entry)) {
      throw tooMany();
    }
    return toView(passkey);
  }

  async rename(
    { user }: Identity,
    { id, name, client }: { id: string; name: string; client: Client },
  ): Promise<PasskeyView> {
    const known = await this.#own(user, id);
    const passkey = { ...known, name };
    const entry = this.#entry("passkey.rename", { user, client, passkey });
    const audit = { ...entry, detail: { ...entry.detail, before: known.name } };
    if (!await this.#options.store.replace(known, { passkey, audit })) {
      throw notFound();
    }
    return toView(passkey);
  }

  async remove(
    { user }: Identity,
    { id, client }: { id: string; client: Client },
  ): Promise<void> {
    const passkey = await this.#own(user, id);
    const entry = this.#entry("passkey.remove", { user, client, passkey });
    if (!await this.#options.store.remove(passkey, entry)) throw notFound();
  }

  async loginOptions({ rpId }: RelyingParty): Promise<AssertionOptions> {
    const { generateAuthenticationOptions } = await passkeyLibrary();
    return await generateAuthenticationOptions({
      rpID: rpId,
      challenge: bytesOf(this.#loginChallenges.issue("login")),
      timeout: CHALLENGE_MS,
      userVerification: "required",
    });
  }

  async proofOptions(
    { user, sessionId }: Identity,
    { rpId }: RelyingParty,
  ): Promise<AssertionOptions> {
    const known = await this.#options.store.of(user.id);
    const { generateAuthenticationOptions } = await passkeyLibrary();
    return await generateAuthenticationOptions({
      rpID: rpId,
      challenge: bytesOf(this.#ownChallenges.issue(`prove ${sessionId}`)),
      timeout: CHALLENGE_MS,
      allowCredentials: known.map(descriptorOf),
      userVerification: "required",
    });
  }

  async proveLogin(
    assertion: PasskeyAssertion,
    place: CeremonyPlace,
  ): Promise<User> {
    const passkey = await this.#options.store.byCredential(assertion.id);
    const user = passkey === null
      ? null
      : await this.#options.users.byId(passkey.userId);
    const { userHandle } = assertion.response;
    const isTheirs = user !== null && user.status === "active" &&
      (userHandle === undefined || userHandle === null ||
        userHandle === handleOf(user));
    // The challenge is used up whoever answers it.
    const isAsked = this.#isAsked(assertion, this.#loginChallenges, "login");
    if (passkey === null || !isTheirs || !isAsked) throw passkeyInvalid();
    await this.#verify(assertion, { user, passkey, place });
    return user;
  }

  async proveFresh(
    { user, sessionId }: Identity,
    assertion: PasskeyAssertion,
    place: CeremonyPlace,
  ): Promise<void> {
    const passkey = await this.#options.store.byCredential(assertion.id);
    const isAsked = this.#isAsked(
      assertion,
      this.#ownChallenges,
      `prove ${sessionId}`,
    );
    if (passkey?.userId !== user.id || !isAsked) throw passkeyInvalid();
    await this.#verify(assertion, { user, passkey, place });
  }

  #isAsked(
    { response }: PasskeyAssertion,
    book: ShortLived<string>,
    purpose: string,
  ): boolean {
    const challenge = challengeOf(response.clientDataJSON);
    return challenge !== null && book.take(challenge) === purpose;
  }

  /** The challenge was found to be ours before; what is left are the signature and its counter. */
  async #verify(
    assertion: PasskeyAssertion,
    { user, passkey, place: { site, client } }: {
      user: User;
      passkey: StoredPasskey;
      place: CeremonyPlace;
    },
  ): Promise<void> {
    const counter = await verifySignature(assertion, passkey, site);
    const entry = this.#entry("passkey.prove", { user, client, passkey });
    const isCounting = counter > 0 || passkey.counter > 0;
    // It has signed elsewhere meanwhile: there may be a copy of it.
    if (isCounting && counter <= passkey.counter) {
      await this.#options.audit({
        ...entry,
        outcome: "refused",
        reason: "its counter went back, so it may have been copied",
        detail: { ...entry.detail, counter, expectedAbove: passkey.counter },
      });
      throw passkeyInvalid();
    }
    const used = {
      ...passkey,
      counter,
      lastUsedAt: this.#options.time.nowMs(),
    };
    const isStored = await this.#options.store.replace(passkey, {
      passkey: used,
      audit: entry,
    });
    if (!isStored) throw passkeyInvalid();
  }

  async #own(user: User, id: string): Promise<StoredPasskey> {
    const found = (await this.#options.store.of(user.id)).find((passkey) =>
      passkey.id === id
    );
    if (found === undefined) throw notFound();
    return found;
  }

  #entry(
    action: string,
    { user, client, passkey }: {
      user: User;
      client: Client;
      passkey: StoredPasskey;
    },
  ): AuditEntry {
    return {
      at: this.#options.time.nowMs(),
      actor: userActor(user),
      ...cameBy(client),
      action,
      target: passkey.id,
      outcome: "ok",
      reason: "",
      detail: { address: client.address, name: passkey.name },
    };
  }
}
