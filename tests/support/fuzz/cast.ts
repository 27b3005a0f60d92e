/**
 * Accounts besides the one that asks. What ends a login, changes a password or
 * takes a second factor away is asked for by a second account, so that the rest
 * of the run goes on; logins by password are a third one's.
 */
import * as OTPAuth from "otpauth";
import type { LinkResponse } from "../../../lib/contracts/people.ts";
import type { ProgramLogin } from "../../../lib/contracts/auth.ts";
import type { Role } from "../../../lib/contracts/policy.ts";
import type { TestApi } from "../api.ts";
import { type Authenticator, createAuthenticator } from "../authenticator.ts";
import type { Answer } from "./answers.ts";
import type { FuzzRequest } from "./endpoints.ts";
import type { Draw } from "./random.ts";

const PASSWORD = "amber kettle under seven stairs";
const SECOND_EMAIL = "second@example.com";
const THIRD_EMAIL = "third@example.com";
/** Logins of the third account that `POST /api/auth/logout` may end. */
const SPARE_LOGINS = 4;

interface Challenge {
  challenge: string;
}

/** Prepares the accounts. The login that asks must have proven itself a moment ago. */
export async function prepareCast(api: TestApi, url: string): Promise<Cast> {
  const post = async <T>(path: string, body: unknown): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
    return await response.json();
  };
  const join = async (email: string, role: Role): Promise<void> => {
    const wish = { email, role };
    const made = await api.send<LinkResponse>("POST", "/api/users", wish);
    const token = tokenOf(made);
    await post("/api/auth/invite", { token, password: PASSWORD });
  };
  await join(SECOND_EMAIL, "viewer");
  await join(THIRD_EMAIL, "viewer");
  const logIn = (email: string) =>
    post<ProgramLogin>("/api/auth/token", { email, password: PASSWORD });
  const spares: string[] = [];
  for (let n = 0; n < SPARE_LOGINS; n++) {
    // deno-lint-ignore no-await-in-loop -- one login after the other
    spares.push((await logIn(THIRD_EMAIL)).accessToken);
  }
  const second = new SecondAccount(new URL(url), await logIn(SECOND_EMAIL));
  return new Cast({ url, second, spares, post });
}

/** The accounts, and what is known of them. */
export class Cast {
  readonly login = { email: THIRD_EMAIL, password: PASSWORD };
  readonly second: SecondAccount;
  /** Of links that were made and not taken yet, newest last. */
  readonly inviteTokens: string[] = [];
  readonly #url: string;
  readonly #spares: readonly string[];
  readonly #post: <T>(path: string, body: unknown) => Promise<T>;

  constructor(
    { url, second, spares, post }: {
      url: string;
      second: SecondAccount;
      spares: readonly string[];
      post: <T>(path: string, body: unknown) => Promise<T>;
    },
  ) {
    this.#url = url;
    this.second = second;
    this.#spares = spares;
    this.#post = post;
  }

  /** The token that a request goes out with. */
  tokenFor(
    { endpoint: { path } }: FuzzRequest,
    { draw, own }: { draw: Draw; own: string },
  ): string {
    if (path === "/api/auth/logout") return draw.pick(this.#spares);
    return path.startsWith("/api/account/") ? this.second.accessToken : own;
  }

  /** Whether somebody may be changed: who the others here are must stay. */
  isSpare({ email }: { email: string }): boolean {
    return email !== SECOND_EMAIL && email !== THIRD_EMAIL;
  }

  /** Goes on with the login of the second account, whose tokens last for minutes. */
  async goOn(): Promise<void> {
    const { refreshToken } = this.second.login;
    this.second.login = await this.#post("/api/auth/refresh", { refreshToken });
  }

  /** Ids of the second account's passkeys. */
  async passkeys(): Promise<readonly string[]> {
    const response = await fetch(`${this.#url}/api/account/passkeys`, {
      headers: { authorization: `Bearer ${this.second.accessToken}` },
    });
    const { items }: { items: { id: string }[] } = await response.json();
    return items.map(({ id }) => id);
  }

  /** Learns from an answer what later requests need. */
  note({ endpoint, body }: FuzzRequest, { response, text }: Answer): void {
    if (!response.ok) return;
    const { method, path } = endpoint;
    if (method !== "POST") return;
    if (path === "/api/users") {
      this.inviteTokens.push(tokenOf(JSON.parse(text)));
    } else if (path === "/api/auth/passkey/options") {
      this.second.loginChallenge = JSON.parse(text);
    } else if (path.startsWith("/api/account/")) {
      this.second.note(path, { sent: body, text });
    }
  }
}

/** An account with passkeys and an authenticator that come and go. */
export class SecondAccount {
  login: ProgramLogin;
  password = PASSWORD;
  loginChallenge: Challenge = { challenge: "none" };
  proofChallenge: Challenge = { challenge: "none" };
  #makeChallenge: Challenge = { challenge: "none" };
  #secret: string | null = null;
  #recoveryCodes: string[] = [];
  readonly #site: { origin: string; rpId: string };
  readonly #devices: Authenticator[] = [];

  constructor({ origin, hostname }: URL, login: ProgramLogin) {
    this.#site = { origin, rpId: hostname };
    this.login = login;
  }

  get accessToken(): string {
    return this.login.accessToken;
  }

  /** A code that works, unless it was used. */
  code(draw: Draw): string {
    const recovery = this.#recoveryCodes.length > 0 && draw.chance(0.3);
    if (recovery) return draw.pick(this.#recoveryCodes);
    if (this.#secret === null) return "000000";
    const secret = OTPAuth.Secret.fromBase32(this.#secret);
    return new OTPAuth.TOTP({ secret }).generate();
  }

  /** A new passkey for the options that came last. */
  make() {
    const device = createAuthenticator(this.#site);
    this.#devices.push(device);
    return device.make(this.#makeChallenge);
  }

  /** What one of the passkeys signs; of some it was never taken that they were made. */
  sign(challenge: Challenge, draw: Draw) {
    const known = this.#devices.slice(-3);
    const device = known.length === 0
      ? createAuthenticator(this.#site)
      : draw.pick(known);
    return device.sign(challenge);
  }

  note(path: string, { sent, text }: { sent: string | null; text: string }) {
    switch (path) {
      case "/api/account/password":
        this.password = JSON.parse(sent ?? "").newPassword;
        return;
      case "/api/account/second-factor":
        this.#secret = JSON.parse(text).secret;
        return;
      case "/api/account/second-factor/confirm":
        this.#recoveryCodes = JSON.parse(text).recoveryCodes;
        return;
      case "/api/account/step-up/options":
        this.proofChallenge = JSON.parse(text);
        return;
      case "/api/account/passkeys/options":
        this.#makeChallenge = JSON.parse(text);
    }
  }
}

/** What is behind the # of a link. */
function tokenOf({ link }: LinkResponse): string {
  return new URLSearchParams(new URL(link).hash.slice(1)).get("token") ?? "";
}
