import type { ProgramLogin } from "../../lib/contracts/auth.ts";
import { TEST_EMAIL, TEST_PASSWORD } from "./server.ts";

/** An access token that ends within this time is renewed first. */
const RENEW_BEFORE_MS = 120_000;

/** The tokens of a test that is logged in as a program, renewed as it goes on. */
export class ProgramTokens {
  /** Sends a request without a login; null for an answer that is no success. */
  readonly #post: (path: string, body: unknown) => Promise<ProgramLogin | null>;
  /** Codes of the second factor that were not used yet. */
  codes: string[];
  #login: ProgramLogin | null = null;
  #renewing: Promise<ProgramLogin> | null = null;

  /** @param codes Of the second factor, where there is one: each works for one login. */
  constructor(
    post: (path: string, body: unknown) => Promise<ProgramLogin | null>,
    codes: readonly string[] = [],
  ) {
    this.#post = post;
    this.codes = [...codes];
  }

  /** The access token for a request now. */
  async token(): Promise<string> {
    const login = this.#login;
    const isFresh = login !== null &&
      Date.parse(login.expiresAt) - Date.now() > RENEW_BEFORE_MS;
    if (isFresh) return login.accessToken;
    this.#renewing ??= this.#renew().finally(() => this.#renewing = null);
    this.#login = await this.#renewing;
    return this.#login.accessToken;
  }

  async #renew(): Promise<ProgramLogin> {
    const refreshToken = this.#login?.refreshToken;
    const refreshed = refreshToken === undefined
      ? null
      : await this.#post("/api/auth/refresh", { refreshToken });
    // A server that died with the answer on its way has ended the login.
    const login = refreshed ?? await this.#post("/api/auth/token", {
      email: TEST_EMAIL,
      password: TEST_PASSWORD,
      ...(this.codes.length === 0 ? {} : { code: this.codes.shift() }),
    });
    if (login === null) throw new Error("The test cannot log in");
    return login;
  }
}
