import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { BacktestView } from "../../lib/contracts/backtest.ts";
import { setUp, type TestApi } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  collectViolations,
  launchBrowser,
} from "../support/browser.ts";
import { agentConfig } from "../support/config.ts";
import { listUngranted } from "../support/permission_audit.ts";
import {
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
  type TestServer,
} from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

const ROUTES = new URL("../../routes/", import.meta.url);

/** An agent that trades and a backtest that is done, so that pages have something to show. */
async function fill(api: TestApi): Promise<{ agent: string; run: string }> {
  const { id: agent } = await api.send<AgentView>(
    "POST",
    "/api/agents/spawn",
    { config: agentConfig({ name: "shown" }), acknowledgeWarnings: true },
  );
  const { id: run } = await api.send<BacktestView>("POST", "/api/backtests", {
    config: agentConfig({ name: "shown-run" }),
    data: { kind: "simulated", candles: 300, seed: 7 },
  });
  return { agent, run };
}

/** The address of every page by its file; a file that is not here fails the test. */
function pagesOf({ agent, run }: { agent: string; run: string }) {
  return {
    "_error.tsx": ["/no-such-page"],
    "index.tsx": ["/"],
    "logs.tsx": ["/logs"],
    "dead-letters.tsx": ["/dead-letters"],
    "emergency-stop.tsx": ["/emergency-stop", "/emergency-stop?show=drill"],
    "agents/[id].tsx": [`/agents/${agent}`, `/agents/${agent}?tab=risk`],
    "backtests/index.tsx": ["/backtests", `/backtests?compare=${run}`],
    "backtests/[id]/index.tsx": [`/backtests/${run}`],
    "backtests/[id]/replay.tsx": [`/backtests/${run}/replay`],
  } as Readonly<Record<string, readonly string[]>>;
}

async function listPages(folder = ""): Promise<string[]> {
  const found: string[] = [];
  for await (
    const { name, isDirectory } of Deno.readDir(new URL(folder, ROUTES))
  ) {
    const path = `${folder}${name}`;
    if (isDirectory && !name.startsWith("(")) {
      found.push(...await listPages(`${path}/`));
    } else if (name.endsWith(".tsx")) found.push(path);
  }
  return found.sort();
}

/** Settings and what comes before a login need no parameter: their address is their file's. */
function addressesOf(file: string, known: ReturnType<typeof pagesOf>) {
  const path = `/${file.replace(/(\/?index)?\.tsx$/, "")}`;
  return known[file] ?? (path.includes("[") ? [] : [path]);
}

async function logIn(page: Page, server: TestServer): Promise<void> {
  await page.goto(`${server.url}/login`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-submit").click();
  await page.waitForURL(`${server.url}/`);
}

/** Opens every page in one theme; answers with what the browser refused and complained of. */
async function visitAll(
  browser: Browser,
  { server, addresses, theme }: {
    server: TestServer;
    addresses: readonly string[];
    theme: "light" | "dark";
  },
): Promise<string[]> {
  const context = await browser.newContext({ colorScheme: theme });
  const page = await context.newPage();
  const refused = await collectViolations(page);
  const complaints = collectComplaints(page);
  // deno-lint-ignore no-await-in-loop -- before the login
  for (const path of ["/login", "/setup"]) await page.goto(server.url + path);
  await logIn(page, server);
  for (const path of addresses) {
    // deno-lint-ignore no-await-in-loop -- one page after the other
    const response = await page.goto(server.url + path);
    const headers = response!.headers();
    assert.match(
      headers["content-security-policy"] ?? "",
      /script-src 'self'/,
      path,
    );
    assert.equal(headers["x-content-type-options"], "nosniff", path);
    // deno-lint-ignore no-await-in-loop -- islands and their charts are there
    await page.waitForFunction(() =>
      document.querySelector("script[data-frsh-boot]") === null &&
      new Promise((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)))
      )
    );
  }
  await context.close();
  return [
    ...refused,
    // The browser names the status of the page that is not there.
    ...complaints.filter((text) => !/status of 404/.test(text)),
  ];
}

Deno.test({
  name:
    "no page of the panel has anything that its policy refuses, light or dark; the server asks for no permission that it has not",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const auditFile = `${dataDir}/permissions.jsonl`;
      const server = await startServer({ dataDir, auditFile });
      const browser = await launchBrowser();
      try {
        const known = pagesOf(await fill(await setUp(server, dataDir)));
        const files = (await listPages()).filter((file) =>
          !/^(_app|_layout|login|logout|setup)\.tsx$/.test(file)
        );
        const missing = files.filter((file) =>
          addressesOf(file, known).length === 0
        );
        assert.deepEqual(missing, [], "pages that this test does not open");
        const addresses = files.flatMap((file) => addressesOf(file, known));
        for (const theme of ["light", "dark"] as const) {
          assert.deepEqual(
            // deno-lint-ignore no-await-in-loop -- one theme after the other
            await visitAll(browser, { server, addresses, theme }),
            [],
          );
        }
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
