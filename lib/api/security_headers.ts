/**
 * The headers that go with every answer. The table in docs/security.md is made
 * from here.
 *
 * @module
 */

/** Where browsers tell of what a policy refused. */
export const REPORT_PATH = "/api/csp-report";

/** Name of that address in `Reporting-Endpoints`. */
const REPORT_GROUP = "csp";

/** Everything that a page may load is a file of this server; nothing in it is inline. */
const PAGE_DIRECTIVES: Readonly<Record<string, string>> = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  "img-src": "'self' data:",
  "font-src": "'self'",
  "connect-src": "'self'",
  "manifest-src": "'self'",
  "worker-src": "'self'",
  "form-action": "'self'",
  "base-uri": "'none'",
  "object-src": "'none'",
  "frame-ancestors": "'none'",
  // No script may make markup or scripts of text. The one policy names the one
  // worker of the browser, by a constant; see lib/ui/shell/offline.ts.
  "require-trusted-types-for": "'script'",
  "trusted-types": "fleet-offline",
};

/** A page needs none of these abilities of a browser but the two. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  "accelerometer": "()",
  "browsing-topics": "()",
  "camera": "()",
  "display-capture": "()",
  "geolocation": "()",
  "gyroscope": "()",
  "hid": "()",
  "magnetometer": "()",
  "microphone": "()",
  "midi": "()",
  "payment": "()",
  "serial": "()",
  "usb": "()",
  "xr-spatial-tracking": "()",
  "clipboard-write": "(self)",
  "publickey-credentials-create": "(self)",
  "publickey-credentials-get": "(self)",
};

/** On every answer, page or data; files have a caching of their own. */
const COMMON: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
};

/** On every answer of the API. An answer is data: nothing in it may run, be framed, be guessed at or be kept. */
export const API_HEADERS: Readonly<Record<string, string>> = {
  ...COMMON,
  "Content-Security-Policy":
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
};

/** On everything else: pages, files, redirects and errors. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  ...COMMON,
  "Content-Security-Policy": policy(`report-uri ${REPORT_PATH}`),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": Object.entries(PERMISSIONS)
    .map(([name, allowed]) => `${name}=${allowed}`).join(", "),
  "Referrer-Policy": "same-origin",
  "X-Frame-Options": "DENY",
};

/**
 * In place of and beside them where the browser speaks TLS. Browsers take
 * `report-to` over TLS only, and those that know it ignore `report-uri` where
 * they see it, so a plain connection must not name it.
 */
const PAGE_HEADERS_OVER_TLS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  "Content-Security-Policy": policy(
    `report-uri ${REPORT_PATH}; report-to ${REPORT_GROUP}`,
  ),
  "Reporting-Endpoints": `${REPORT_GROUP}="${REPORT_PATH}"`,
};

/** On every answer over TLS, for a year. Other names of the domain are not ours to speak for. */
export const TLS_HEADERS: Readonly<Record<string, string>> = {
  "Strict-Transport-Security": "max-age=31536000",
};

/** Adds to an answer what it has not got; one that upgrades a connection stays as it is. */
export type AddSecurityHeaders = (
  response: Response,
  connection: { isApi: boolean; isHttps: boolean },
) => Response;

/**
 * Makes what adds the headers.
 *
 * @param socketUrl Address of another place where pages open their socket, and
 * the only one that they may reach besides this server; null for none.
 */
export function createSecurityHeaders(
  { socketUrl }: { socketUrl: string | null },
): AddSecurityHeaders {
  const pages = withSocket(PAGE_HEADERS, socketUrl);
  const pagesOverTls = withSocket(PAGE_HEADERS_OVER_TLS, socketUrl);
  return (response, { isApi, isHttps }) => {
    if (response.status === 101) return response;
    const own = isApi ? API_HEADERS : isHttps ? pagesOverTls : pages;
    addMissing(response.headers, own);
    if (isHttps) addMissing(response.headers, TLS_HEADERS);
    return response;
  };
}

function withSocket(
  headers: Readonly<Record<string, string>>,
  socketUrl: string | null,
): Readonly<Record<string, string>> {
  if (socketUrl === null) return headers;
  const name = "Content-Security-Policy";
  const own = "connect-src 'self'";
  return {
    ...headers,
    [name]: headers[name]!.replace(own, `${own} ${socketUrl}`),
  };
}

/** The headers that pages have over TLS, for the docs. */
export function pageHeadersOverTls(): Readonly<Record<string, string>> {
  return { ...PAGE_HEADERS_OVER_TLS, ...TLS_HEADERS };
}

function addMissing(
  headers: Headers,
  wanted: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(wanted)) {
    if (!headers.has(name)) headers.set(name, value);
  }
}

function policy(reporting: string): string {
  const directives = Object.entries(PAGE_DIRECTIVES)
    .map(([name, sources]) => `${name} ${sources}`);
  return [...directives, reporting].join("; ");
}
