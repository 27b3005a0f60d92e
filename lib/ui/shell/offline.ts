/**
 * Gives the browser the worker that shows a page of its own while the server
 * cannot be reached. It keeps that page and its style, and nothing of the
 * fleet: what is shown of trading always comes from the server.
 *
 * @module
 */

const WORKER = "/sw.js";

/** Trusted types as far as they are used here. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: () => string },
  ): { createScriptURL(text: string): string };
}

/** Registers it. Where the browser has none, or the page came by plain HTTP from another machine, nothing happens. */
export async function registerWorker(): Promise<void> {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  // Whatever is asked for, it is this file.
  const url = trustedTypes === undefined
    ? WORKER
    : trustedTypes.createPolicy("fleet-offline", {
      createScriptURL: () => WORKER,
    }).createScriptURL(WORKER);
  try {
    await navigator.serviceWorker?.register(url);
  } catch {
    // The panel works without it.
  }
}
