/**
 * Where the login of a request comes from. Used by the API and by the pages.
 *
 * @module
 */
import type { SessionResponse } from "../contracts/auth.ts";
import { isHttps, type OriginOptions } from "./origin.ts";

const SECURE_COOKIE = "__Host-session";
const PLAIN_COOKIE = "session";

/** A token and how it came: a login of the panel by cookie, all others as a bearer. A `malformed` one is told apart from none at all. */
export type Credential =
  | { kind: "bearer" | "cookie"; token: string }
  | { kind: "malformed" }
  | { kind: "none" };

/**
 * Finds the token of a request: header, then cookie. What is explicit wins, so that a script is never taken for a browser.
 */
export function readCredential(
  request: Request,
  options: OriginOptions,
): Credential {
  const header = request.headers.get("authorization");
  if (header !== null) {
    const match = /^Bearer +([\w.~+/=-]+)$/i.exec(header.trim());
    return match === null
      ? { kind: "malformed" }
      : { kind: "bearer", token: match[1]! };
  }
  const token = readSessionCookie(request, options);
  return token === null ? { kind: "none" } : { kind: "cookie", token };
}

/** The token in the session cookie, or null. */
export function readSessionCookie(
  request: Request,
  options: OriginOptions,
): string | null {
  const wanted = cookieName(request, options);
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const [name, ...value] = part.split("=");
    if (name?.trim() === wanted) return value.join("=").trim() || null;
  }
  return null;
}

/** The `Set-Cookie` value that keeps a login in a browser. */
export function sessionCookie(
  request: Request,
  options: OriginOptions & { session: SessionResponse; now: number },
): string {
  const leftMs = Date.parse(options.session.expiresAt) - options.now;
  const maxAge = Math.max(0, Math.floor(leftMs / 1_000));
  return writeCookie(request, {
    ...options,
    value: options.session.token,
    maxAge,
  });
}

/** The `Set-Cookie` value that removes a login from a browser. */
export function clearedSessionCookie(
  request: Request,
  options: OriginOptions,
): string {
  return writeCookie(request, { ...options, value: "", maxAge: 0 });
}

function writeCookie(
  request: Request,
  options: OriginOptions & { value: string; maxAge: number },
): string {
  const secure = isHttps(request, options) ? "; Secure" : "";
  return `${
    cookieName(request, options)
  }=${options.value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${options.maxAge}${secure}`;
}

function cookieName(request: Request, options: OriginOptions): string {
  return isHttps(request, options) ? SECURE_COOKIE : PLAIN_COOKIE;
}
