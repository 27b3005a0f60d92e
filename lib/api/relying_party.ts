/**
 * What address a browser shows our pages under: passkeys are for one host name,
 * and links that admins hand on lead there.
 *
 * @module
 */
import type { RelyingParty } from "../auth/passkeys/port.ts";
import { AppError } from "../core/errors.ts";
import type { OriginOptions } from "./origin.ts";

/**
 * The origin of our pages, as the browser behind a request sees it: one of the
 * configured origins where the request comes from there, else the request's own.
 */
export function pageOriginOf(
  request: Request,
  { allowedOrigins }: OriginOptions,
): string {
  const own = new URL(request.url);
  const named = request.headers.get("origin");
  if (named !== null && allowedOrigins.includes(named)) return named;
  const secure = `https://${own.host}`;
  if (allowedOrigins.includes(secure)) return secure;
  const isNamed = named !== null && URL.canParse(named) &&
    new URL(named).host === own.host;
  return isNamed ? named : own.origin;
}

/**
 * Where a ceremony of WebAuthn takes place.
 *
 * @throws {AppError} PASSKEY_INVALID at an address that passkeys cannot be for:
 *   a number, or http beyond this machine.
 */
export function relyingPartyOf(
  request: Request,
  options: OriginOptions,
): RelyingParty {
  const origin = pageOriginOf(request, options);
  const refusal = passkeyRefusal(origin);
  if (refusal !== null) {
    throw new AppError("PASSKEY_INVALID", refusal, { status: 422 });
  }
  return { rpId: new URL(origin).hostname, origins: [origin] };
}

/** Why browsers make no passkeys for an origin; null where they do. */
export function passkeyRefusal(origin: string): string | null {
  const { protocol, hostname, port } = new URL(origin);
  const isLocal = hostname === "localhost" || hostname.endsWith(".localhost");
  if (/^\[|^[\d.]+$/.test(hostname)) {
    const isLoopback = hostname === "[::1]" || hostname.startsWith("127.");
    const at = isLoopback
      ? `http://localhost${port === "" ? "" : `:${port}`}`
      : "its host name";
    return `Passkeys are for host names; open the panel at ${at} instead of ${origin}`;
  }
  return protocol === "https:" || isLocal
    ? null
    : `Passkeys need https; ${origin} is not encrypted`;
}
