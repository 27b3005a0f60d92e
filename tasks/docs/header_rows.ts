/** Rows of the table of security headers. */
import {
  API_HEADERS,
  PAGE_HEADERS,
  pageHeadersOverTls,
} from "../../lib/api/security_headers.ts";

export const HEADER_HEAD = ["header", "pages and files", "API", "over TLS"];

/** One row a header; the last column says what is added or takes its place where the browser speaks TLS. */
export function headerRows(): string[][] {
  const overTls = pageHeadersOverTls();
  return Object.keys(overTls).toSorted().map((name) => [
    `\`${name}\``,
    shown(PAGE_HEADERS[name]),
    shown(API_HEADERS[name]),
    overTls[name] === PAGE_HEADERS[name] ? "the same" : shown(overTls[name]),
  ]);
}

function shown(value: string | undefined): string {
  return value === undefined ? "–" : `\`${value}\``;
}
