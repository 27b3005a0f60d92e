/** `csp()`: sends a content security policy with every response. */
import { INTERNALS } from "../app/internals.ts";
import type { Middleware } from "../app/middleware.ts";

/** Options of `csp()`. */
export interface CSPOptions {
  /** Report violations without preventing them. */
  reportOnly?: boolean;
  /** The URL that violations are reported to. */
  reportTo?: string;
  /**
   * Directives that are added, or that replace the default of the same name.
   */
  csp?: string[];
  /** Allow inline scripts and styles by the nonce of the rendered page only. */
  useNonce?: boolean;
}

/**
 * `upgrade-insecure-requests` is missing on purpose: it breaks a panel on a
 * plain-http network.
 */
const DEFAULTS: readonly string[] = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];

/** The directives that take a nonce in place of `'unsafe-inline'`. */
const NONCE_DIRECTIVES: ReadonlySet<string> = new Set([
  "default-src",
  "script-src",
  "script-src-elem",
  "style-src",
  "style-src-attr",
  "style-src-elem",
]);

/** The group name of the reporting endpoint. */
const REPORT_GROUP = "csp-endpoint";

/**
 * Sets the policy. With `useNonce` a rendered page allows the inline scripts
 * and styles that carry its nonce and no others, and a response that was not
 * rendered allows none; style attributes are refused as well, since they cannot
 * carry a nonce. A response that already has a policy,
 * such as a stricter one of an API, keeps it.
 */
export function csp<State>(options: CSPOptions = {}): Middleware<State> {
  const { reportOnly = false, reportTo, csp: custom = [], useNonce = false } =
    options;
  const name = `Content-Security-Policy${reportOnly ? "-Report-Only" : ""}`;
  const directives = new Map<string, string>();
  for (
    const directive of [...DEFAULTS, ...custom].flatMap((line) =>
      line.split(";")
    )
  ) {
    const trimmed = directive.trim();
    if (trimmed !== "") {
      directives.set(trimmed.split(/\s/)[0]!.toLowerCase(), trimmed);
    }
  }
  if (reportTo !== undefined) {
    directives.set("report-to", `report-to ${REPORT_GROUP}`);
    directives.set("report-uri", `report-uri ${reportTo}`);
  }
  const policy = [...directives.values()].join("; ");

  return async (ctx) => {
    const response = await ctx.next();
    // An upgraded connection has no document, and its response cannot be
    // copied.
    if (response.status === 101 || response.headers.has(name)) return response;
    const { nonce } = ctx[INTERNALS];
    const result = new Response(response.body, response);
    result.headers.set(
      name,
      useNonce ? withNonce(directives, nonce) : policy,
    );
    if (reportTo !== undefined) {
      result.headers.set(
        "Reporting-Endpoints",
        `${REPORT_GROUP}="${reportTo}"`,
      );
    }
    return result;
  };
}

function withNonce(
  directives: ReadonlyMap<string, string>,
  nonce: string | null,
): string {
  const allowed = nonce === null ? "" : ` 'nonce-${nonce}'`;
  return [...directives].map(([name, directive]) =>
    NONCE_DIRECTIVES.has(name)
      ? directive.replaceAll(/\s+'unsafe-inline'/g, allowed)
      : directive
  ).join("; ");
}
