/** A real browser for tests, where the machine has one. */
import { type Browser, chromium, type Page } from "playwright-core";
import { waitForIslands } from "./panel/patience.ts";

/** The shell has the same engine without the windows of a desk, and takes less processor time. */
const CANDIDATES = [
  Deno.env.get("CHROMIUM"),
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Path of the system's Chromium, or null where there is none. */
export const CHROMIUM_PATH =
  CANDIDATES.find((path) => path !== undefined && exists(path)) ?? null;

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

if (CHROMIUM_PATH === null) {
  // deno-lint-ignore no-console -- whoever runs the tests must know what they do not show
  console.warn("No Chromium on this machine: browser tests are skipped");
}

/** Starts the browser without anything that would look for the internet. */
export async function launchBrowser(
  options: { args?: readonly string[] } = {},
): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM_PATH!,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...options.args ?? [],
    ],
  });
  return waitForIslands(browser);
}

/** Collects what a page complains of: uncaught errors, console errors, CSP violations. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`page: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") {
      complaints.push(`console: ${message.text()}`);
    }
  });
  return complaints;
}

/** Takes a window's login away; a page that is open would ask on without it, and complain. */
export async function forgetLogin(page: Page): Promise<void> {
  await page.goto("about:blank");
  await page.context().clearCookies();
}

/** Collects what the pages' policy refuses, as the browser tells the page itself; to be called before it opens any. */
export async function collectViolations(page: Page): Promise<string[]> {
  const refused: string[] = [];
  await page.exposeFunction(
    "tellViolation",
    (text: string) => void refused.push(text),
  );
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { tellViolation } = globalThis as unknown as {
        tellViolation: (text: string) => void;
      };
      tellViolation(
        `${location.pathname}: ${event.effectiveDirective} refused ${event.blockedURI}`,
      );
    });
  });
  return refused;
}

/** Gives a page a device that holds passkeys and lets its owner pass. */
export async function addVirtualAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
