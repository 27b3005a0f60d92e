/**
 * A server into which secrets are put that can be recognised again, and the
 * record of everything that it answered.
 *
 * @module
 */
import type { VenueProcess } from "../../venue/process.ts";
import type { TestApi } from "../api.ts";
import type { TestServer } from "../server.ts";

/** A secret that must be found nowhere. */
export interface CanarySecret {
  /** What it is, for whoever has to find the leak. */
  label: string;
  text: string;
}

/** One request. */
export interface CanaryCall {
  method?: string;
  path: string;
  /** Sent as JSON; a text is sent as it is. */
  body?: unknown;
  /** Sent as a form of the panel instead. */
  form?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  /** Without the login of the owner. */
  isAnonymous?: boolean;
  /** This answer may show what it is asked for: a secret that is made and shown once, or a form that comes back. */
  mayShow?: boolean;
}

/** An answer in one text. */
export interface Answer {
  request: string;
  status: number;
  text: string;
}

const MIN_LENGTH = 10;

/** Where a place enters its secrets. */
export class CanaryWorld {
  readonly secrets: CanarySecret[] = [];
  /** Answers that must show no secret. */
  readonly answers: Answer[] = [];
  readonly server: TestServer;
  readonly venue: VenueProcess;
  readonly api: TestApi;

  constructor(
    parts: { server: TestServer; venue: VenueProcess; api: TestApi },
  ) {
    this.server = parts.server;
    this.venue = parts.venue;
    this.api = parts.api;
  }

  /** The owner's login, as the panel sends it; before there is a second factor. */
  cookie = "";

  /** Logs in as the panel does. */
  async logIn(request: { email: string; password: string }): Promise<void> {
    const { url } = this.server;
    const response = await fetch(`${url}/api/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url },
      body: JSON.stringify(request),
    });
    await response.body?.cancel();
    const [cookie = ""] = (response.headers.get("set-cookie") ?? "").split(";");
    this.cookie = cookie;
    this.know("secret of the login", cookie.slice(cookie.indexOf("=") + 1));
  }

  /** A new secret; `shape` makes it look as the place wants it. */
  make(label: string, shape = (canary: string) => canary): string {
    const random = crypto.getRandomValues(new Uint8Array(12)).toHex();
    return this.know(label, shape(`canary${random}`));
  }

  /** A secret that somebody else made, such as the server. */
  know(label: string, text: string): string {
    if (text.length < MIN_LENGTH) {
      throw new RangeError(`"${label}" is too short to be told from chance`);
    }
    this.secrets.push({ label, text });
    return text;
  }

  /** Sends a request and keeps what is answered, headers as well. */
  async call(call: CanaryCall): Promise<Answer> {
    const { method = "POST", path, form } = call;
    const body = form !== undefined
      ? new URLSearchParams(form).toString()
      : typeof call.body === "string" || call.body === undefined
      ? call.body
      : JSON.stringify(call.body);
    const response = await fetch(`${this.server.url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...(call.isAnonymous === true
          ? {}
          : { authorization: `Bearer ${await this.api.token()}` }),
        ...(body === undefined ? {} : {
          "content-type": form === undefined
            ? "application/json"
            : "application/x-www-form-urlencoded",
        }),
        "idempotency-key": crypto.randomUUID(),
        ...call.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const answer = {
      request: `${method} ${path.replace(/\?.*/, "?…")}`,
      status: response.status,
      text: `${JSON.stringify([...response.headers])}\n${text}`,
    };
    if (call.mayShow !== true) this.answers.push(answer);
    return { ...answer, text };
  }
}
