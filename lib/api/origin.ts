/**
 * Whether a browser's request comes from our own pages. Used by the API and by
 * the pages.
 *
 * @module
 */

import { connectionOf } from "./connection.ts";
import { MAX_TOLD_ORIGIN } from "./limits.ts";

/** Options that say which origins are ours. */
export interface OriginOptions {
  allowedOrigins: readonly string[];
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
    // The plain page of the same name may be anybody's in the network.
    const isDowngrade = origin.startsWith("http:") && isHttps(request, options);
    if (isDowngrade) return "foreign";
    return site === null || site === "same-origin" ? "own" : "foreign";
  }
  if (site === "same-origin") return "own";
  return site === null || site === "none" ? "unknown" : "foreign";
}

/** What a browser says of the page behind a request, for the audit trail; null where it says nothing. */
export function originDetail(
  request: Request,
): { origin: string | null; fetchSite: string | null } {
  const told = (name: string) =>
    request.headers.get(name)?.slice(0, MAX_TOLD_ORIGIN) ?? null;
  return { origin: told("origin"), fetchSite: told("sec-fetch-site") };
}

/** TLS may end at a proxy; then the configured origins or a trusted proxy say so. */
export function isHttps(
  request: Request,
  { allowedOrigins }: OriginOptions,
): boolean {
  const url = new URL(request.url);
  return url.protocol === "https:" || connectionOf(request)?.isHttps === true ||
    allowedOrigins.includes(`https://${url.host}`);
}

/** The scheme is left out of the comparison because a proxy may have changed it. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
