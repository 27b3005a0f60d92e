import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { setUp } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  collectViolations,
  launchBrowser,
} from "../support/browser.ts";
import { waitAlive } from "../support/panel/alive.ts";
import { violationsOf, withAxe } from "../support/panel/axe.ts";
import { layoutFaultsOf, watchLayout } from "../support/panel/layout.ts";
import {
  addressesOf,
  fillPanel,
  OPEN_PAGES,
  type Shown,
} from "../support/panel/pages.ts";
import { IS_THOROUGH } from "../support/thorough.ts";
import { partsOf } from "../support/panel/parts.ts";
import {
  collectScripts,
  FLEET_SCRIPT_BYTES,
} from "../support/panel/scripts.ts";
import { listUngranted } from "../support/permission_audit.ts";
import {
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
  type TestServer,
} from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

async function logIn(page: Page, server: TestServer): Promise<void> {
  await page.goto(`${server.url}/login`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-submit").click();
  await page.waitForURL(`${server.url}/`);
}

/** A theme and a width, and what is looked for in it beside the layout. */
interface Look {
  colorScheme: "light" | "dark";
  width: number;
  /** Barriers, also of the parts that are opened. */
  looksForBarriers: boolean;
}

/** A desk and a phone; where there is time also a tablet, barriers of the phone, and what is opened on desk and phone. */
const LOOKS: readonly Look[] = [
  { colorScheme: "light", width: 1_440, looksForBarriers: true },
  { colorScheme: "dark", width: 390, looksForBarriers: IS_THOROUGH },
  ...IS_THOROUGH
    ? [{ colorScheme: "dark", width: 820, looksForBarriers: false } as const]
    : [],
];

async function faultsOf(
  page: Page,
  { looksForBarriers }: Look,
): Promise<string[]> {
  const layout = await layoutFaultsOf(page);
  return looksForBarriers ? [...layout, ...await violationsOf(page)] : layout;
}

/** Opens every page, those before the login first; answers with what is wrong with them. */
async function visitPages(
  page: Page,
  { server, shown, look }: { server: TestServer; shown: Shown; look: Look },
): Promise<string[]> {
  const faults: string[] = [];
  for (const path of OPEN_PAGES) {
    // deno-lint-ignore no-await-in-loop -- before the login
    await page.goto(server.url + path);
    // deno-lint-ignore no-await-in-loop -- before the login
    faults.push(...await faultsOf(page, look));
  }
  await logIn(page, server);
  for (const path of await addressesOf(shown)) {
    // deno-lint-ignore no-await-in-loop -- one page after the other
    const response = await page.goto(server.url + path);
    const headers = response!.headers();
    const policy = headers["content-security-policy"] ?? "";
    assert.match(policy, /script-src 'self'/, path);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
    // deno-lint-ignore no-await-in-loop -- islands and their charts are there
    await waitAlive(page);
    // deno-lint-ignore no-await-in-loop -- one page after the other
    faults.push(...await faultsOf(page, look));
  }
  return faults;
}

/** Opens what pages show only then; answers with what is wrong with it. */
async function openParts(
  page: Page,
  { server, shown }: { server: TestServer; shown: Shown },
): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, part] of Object.entries(partsOf(shown))) {
    // deno-lint-ignore no-await-in-loop -- one part after the other
    await page.goto(server.url + part.path);
    // deno-lint-ignore no-await-in-loop -- islands are there
    await waitAlive(page);
    // deno-lint-ignore no-await-in-loop -- each look of it
    for await (const _ of part.open(page)) {
      // What has been scrolled beneath the bar is not out of reach.
      await page.evaluate(() => scrollTo(0, 0));
      const found = await violationsOf(page);
      faults.push(...found.map((fault) => `${name}: ${fault}`));
    }
  }
  return faults;
}

/** Everything that is wrong in one look, and what the browser refused and complained of. */
async function visitAll(
  browser: Browser,
  { server, shown, look }: { server: TestServer; shown: Shown; look: Look },
): Promise<string[]> {
  const context = await browser.newContext({
    colorScheme: look.colorScheme,
    // So high that nothing is behind what sticks to the lower edge.
    viewport: { width: look.width, height: 1_600 },
  });
  const page = await context.newPage();
  const refused = await collectViolations(page);
  const complaints = collectComplaints(page);
  if (look.looksForBarriers) await withAxe(page);
  await watchLayout(page);
  const faults = await visitPages(page, { server, shown, look });
  if (IS_THOROUGH && look.looksForBarriers) {
    faults.push(...await openParts(page, { server, shown }));
  }
  await context.close();
  return [
    ...refused,
    ...faults,
    // The browser names the page that is not there, and the streams that were cut.
    ...complaints.filter((text) => !/status of 404|ERR_FAILED/.test(text)),
  ];
}

Deno.test({
  name:
    "no page of the panel has anything that its policy refuses, a barrier of WCAG 2.2 AA or a layout that moves, light or dark, wide or narrow; the server asks for no permission that it has not",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const auditFile = `${dataDir}/permissions.jsonl`;
      const server = await startServer({ dataDir, auditFile });
      const browser = await launchBrowser();
      try {
        const api = await setUp(server, dataDir);
        const shown = await fillPanel(api);
        const faults: string[] = [];
        for (const look of LOOKS) {
          // deno-lint-ignore no-await-in-loop -- one look after the other
          faults.push(...await visitAll(browser, { server, shown, look }));
        }
        assert.deepEqual(faults, []);
        const bytes = await fleetScripts(browser, server);
        assert.ok(
          bytes <= FLEET_SCRIPT_BYTES,
          `The fleet's page loads ${bytes} bytes of script`,
        );
        assert.doesNotMatch(server.output(), /A browser refused/);
        await seesAViolation(browser, server);
        assert.deepEqual(
          await listUngranted(auditFile, server.permissions),
          [],
        );
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});

/** Bytes of script that the fleet's page loads in a browser that knows none yet. */
async function fleetScripts(
  browser: Browser,
  server: TestServer,
): Promise<number> {
  const before = await browser.newContext();
  await logIn(await before.newPage(), server);
  const storageState = await before.storageState();
  const context = await browser.newContext({ storageState });
  const page = await context.newPage();
  const bytes = collectScripts(page);
  await page.goto(server.url);
  await waitAlive(page);
  await page.waitForLoadState("load");
  await before.close();
  const sum = await bytes();
  await context.close();
  return sum;
}

/** The other half of the proof: something that is refused is seen, here and at the server. */
async function seesAViolation(browser: Browser, server: TestServer) {
  const page = await browser.newPage();
  const refused = await collectViolations(page);
  await page.goto(`${server.url}/login`);
  const reported = page.waitForResponse((response) =>
    response.url().endsWith("/api/csp-report")
  );
  const heading = page.getByRole("heading");
  const color = () =>
    heading.evaluate((element) => getComputedStyle(element).color);
  const before = await color();
  await heading.evaluate((element) =>
    element.setAttribute("style", "color: rgb(1, 2, 3)")
  );
  assert.equal((await reported).status(), 204);
  assert.equal(await color(), before);
  assert.deepEqual(refused, ["/login: style-src-attr refused inline"]);
  assert.match(
    server.output(),
    /A browser refused "inline" on http:\/\/\S+\/login by style-src-attr \(report 1\)/,
  );
  await page.close();
}
