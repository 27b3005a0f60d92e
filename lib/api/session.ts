/**
 * Where the login of a request comes from, and whether a browser's request
 * comes from our own pages. Used by the API and by the pages.
 *
 * @module
 */
import type { SessionResponse } from "../contracts/auth.ts";

const SECURE_COOKIE = "__Host-session";
const PLAIN_COOKIE = "session";

/** Prefix of the WebSocket subprotocol that carries a token, since a browser's WebSocket cannot set headers. */
const BEARER_PROTOCOL = "bearer.";

/** A token and how it came. A `malformed` one is told apart from none at all. */
export type Credential =
  | { kind: "bearer" | "cookie"; token: string }
  | { kind: "malformed" }
  | { kind: "none" };

/** Options that say which origins are ours. */
export interface OriginOptions {
  allowedOrigins: readonly string[];
}

/**
 * Finds the token of a request: header, then WebSocket subprotocol, then
 * cookie. What is explicit wins, so that a script is never taken for a browser.
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
  const protocol = bearerProtocol(request);
  if (protocol !== null) return { kind: "bearer", token: protocol };
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

/**
 * Whether a browser says that a request comes from our own pages. `unknown`
 * where it says nothing: a script, or an old browser.
 */
export function originOf(
  request: Request,
  options: OriginOptions,
): "own" | "foreign" | "unknown" {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  if (origin !== null) {
    if (options.allowedOrigins.includes(origin)) return "own";
    if (hostOf(origin) !== new URL(request.url).host) return "foreign";
    return site === null || site === "same-origin" ? "own" : "foreign";
  }
  if (site === "same-origin") return "own";
  return site === null || site === "none" ? "unknown" : "foreign";
}

function bearerProtocol(request: Request): string | null {
  const offered = request.headers.get("sec-websocket-protocol") ?? "";
  const found = offered.split(",").map((name) => name.trim())
    .find((name) => name.startsWith(BEARER_PROTOCOL));
  return found?.slice(BEARER_PROTOCOL.length) || null;
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

/** TLS may end at a proxy; then the configured origins say so. */
function isHttps(request: Request, { allowedOrigins }: OriginOptions): boolean {
  const url = new URL(request.url);
  return url.protocol === "https:" ||
    allowedOrigins.includes(`https://${url.host}`);
}

/** The scheme is left out of the comparison because a proxy may have changed it. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
