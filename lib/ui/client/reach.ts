/**
 * Whether the server answers, for pages without a live connection: they hear of
 * it by their own requests alone. What cannot be sent is then not offered.
 *
 * @module
 */
import { signal } from "@preact/signals";

/** How the last request of the page went. */
export type Reach =
  | { kind: "reached" }
  /** No answer came; since when, in epoch milliseconds. */
  | { kind: "silent"; since: number }
  | { kind: "signedOut" };

/** How the server can be reached, as far as this page knows. */
export const reach = signal<Reach>({ kind: "reached" });

/** The server has answered. */
export function noteAnswer(response: Response): void {
  if (response.status !== 401) {
    reach.value = { kind: "reached" };
    return;
  }
  // A wrong password or code is a 401, too, and ends no login.
  response.clone().json().then(({ code }: { code?: unknown }) => {
    reach.value = { kind: code === "AUTH_REQUIRED" ? "signedOut" : "reached" };
  }, () => {});
}

/** The server has not answered. */
export function noteSilence(): void {
  if (reach.peek().kind === "silent") return;
  reach.value = { kind: "silent", since: Date.now() };
}

/** Why nothing can be sent now, or null. */
export function reachRefusal({ kind }: Reach): string | null {
  switch (kind) {
    case "reached":
      return null;
    case "silent":
      return "The server does not answer";
    case "signedOut":
      return "Log in again first";
  }
}

/** The login, which then leads back to the page that is open. */
export function loginAgainHref(): string {
  const { pathname, search } = globalThis.location;
  return `/login?ended&next=${encodeURIComponent(pathname + search)}`;
}
