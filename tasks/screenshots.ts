// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task screenshots`: starts a real server with a few agents on the
 * simulated market and photographs every page in both themes for the docs.
 *
 * @module
 */
import type { Page } from "playwright-core";
import { CHROMIUM_PATH, launchBrowser } from "../tests/support/browser.ts";
import { setUp, type TestApi } from "../tests/support/api.ts";
import { agentConfig } from "../tests/support/config.ts";
import {
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
} from "../tests/support/server.ts";
import { withTempDir } from "../tests/support/temp.ts";
import { build } from "./build.ts";
import { photographLive } from "./live_screenshots.ts";
import { waitAlive } from "../tests/support/panel/alive.ts";

const OUT = new URL("../docs/screenshots/", import.meta.url);
const SIZE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
/** Nothing is ever sent there. */
const ALERT_HOST = "hooks.example.com";

/** The agents of the pictures: two that trade, one that was paused. */
const AGENTS = [
  { name: "btc-structure", template: "structure-combined", symbol: "BTC/USDT" },
  { name: "eth-gaps", template: "fvg-moderate", symbol: "ETH/USDT" },
  {
    name: "sol-blocks",
    template: "order-block-conservative",
    symbol: "SOL/USDT",
  },
] as const;

async function spawnAgents(api: TestApi): Promise<string> {
  const ids = [];
  for (const { name, template, symbol } of AGENTS) {
    // deno-lint-ignore no-await-in-loop -- in the order of the table
    const { id } = await api.send<{ id: string }>("POST", "/api/agents/spawn", {
      template,
      config: agentConfig({ name, symbol }, template),
      acknowledgeWarnings: true,
    });
    ids.push(id);
  }
  await api.waitForAgent(ids[0]!, (agent) => (agent.account?.trades ?? 0) >= 4);
  await api.send("POST", `/api/agents/${ids[2]}/control`, { action: "pause" });
  await api.waitForAgent(ids[2]!, (agent) => agent.observed === "paused");
  return ids[0]!;
}

/** A backtest that is done; returns its id. */
async function runBacktest(api: TestApi): Promise<string> {
  const { id } = await api.send<{ id: string }>("POST", "/api/backtests", {
    template: "breakout-structure",
    config: agentConfig({ name: "breakout of swings" }, "breakout-structure"),
    data: { kind: "simulated", candles: 20_000 },
  });
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- asked again until the run is done
    const { state } = await api.send<{ state: string }>(
      "GET",
      `/api/backtests/${id}`,
    );
    if (state === "done") return id;
    if (state !== "queued" && state !== "running") throw new Error(state);
    // deno-lint-ignore no-await-in-loop -- asked again until the run is done
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A channel and a rule that nothing of the pictures sets off. */
async function makeAlerts(api: TestApi): Promise<void> {
  const { channel } = await api.send<{ channel: { id: string } }>(
    "POST",
    "/api/alerts/channels",
    {
      kind: "webhook",
      name: "on call",
      url: `https://${ALERT_HOST}/fleet`,
    },
  );
  await api.send("POST", "/api/alerts/rules", {
    classes: ["agent_quarantined"],
    leastSeverity: "warning",
    channelIds: [channel.id],
    scope: "own",
    quietHours: null,
  });
}

async function photograph(page: Page, name: string): Promise<void> {
  const file = new URL(`${name}.png`, OUT).pathname;
  await page.screenshot({ path: file });
  console.log(`Wrote docs/screenshots/${name}.png`);
}

async function photographTheme(
  page: Page,
  options: {
    url: string;
    id: string;
    backtestId: string;
    theme: "dark" | "light";
  },
): Promise<void> {
  const { url, id, backtestId, theme } = options;
  await page.emulateMedia({ colorScheme: theme });
  await page.goto(`${url}/`);
  await page.getByTestId("connection-chip").getByText(/Live/).first().waitFor();
  await photograph(page, `fleet-${theme}`);
  await waitAlive(page);
  await page.getByTestId("spawn-open").first().click();
  const dialog = page.getByTestId("spawn-dialog");
  await dialog.waitFor();
  await dialog.getByTestId("template-structure-combined").click();
  await dialog.getByTestId("spawn-next").click();
  await dialog.getByTestId("field-name").fill("btc-second");
  await dialog.getByTestId("spawn-next").click();
  await dialog.getByTestId("spawn-estimate").getByText(/MB/).first().waitFor();
  await photograph(page, `spawn-${theme}`);
  // The draft would be offered again in the next theme.
  await page.evaluate(() => sessionStorage.clear());
  await page.goto(`${url}/agents/${id}`);
  await page.locator("canvas").first().waitFor();
  await photograph(page, `agent-${theme}`);
  await page.goto(`${url}/logs`);
  await page.getByTestId("log-row").first().waitFor();
  await photograph(page, `logs-${theme}`);
  await page.goto(`${url}/backtests/${backtestId}`);
  await page.getByTestId("verdict").waitFor();
  await photograph(page, `backtest-${theme}`);
  await page.goto(`${url}/backtests/${backtestId}/replay`);
  await page.locator("canvas").first().waitFor();
  await photograph(page, `replay-${theme}`);
  await photographPlain(page, { url, theme });
  await photographPhone(page, { url, theme });
}

/** Pages that show what they have at once, by the name of their picture. */
const PLAIN = {
  "backtests": "/backtests",
  "analytics": "/analytics",
  "templates": "/templates",
  "template": "/templates/structure-combined",
  "compare": "/templates/compare?names=structure-combined&names=fvg-moderate",
  "alerts": "/settings/alerts",
  "risk": "/risk",
  "audit": "/audit",
  "emergency": "/emergency-stop",
  "spawn-page": "/spawn?template=structure-combined",
  "password": "/settings/password",
  "sessions": "/settings/sessions",
  "tokens": "/settings/tokens",
  "people": "/settings/users",
  "roles": "/settings/roles",
  "preferences": "/settings/preferences",
  "system": "/settings/system",
} as const;

async function photographPlain(
  page: Page,
  { url, theme }: { url: string; theme: "dark" | "light" },
): Promise<void> {
  for (const [name, path] of Object.entries(PLAIN)) {
    // deno-lint-ignore no-await-in-loop -- one page after the other
    await page.goto(url + path);
    // deno-lint-ignore no-await-in-loop -- its islands are alive and painted
    await page.waitForFunction(() =>
      document.querySelector("script[data-frsh-boot]") === null &&
      new Promise((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)))
      )
    );
    // deno-lint-ignore no-await-in-loop -- one page after the other
    await photograph(page, `${name}-${theme}`);
  }
}

async function photographPhone(
  page: Page,
  { url, theme }: { url: string; theme: "dark" | "light" },
): Promise<void> {
  await page.setViewportSize(PHONE);
  await page.goto(`${url}/`);
  await page.getByTestId("connection-chip").getByText(/Live/).first().waitFor();
  await photograph(page, `fleet-phone-${theme}`);
  await page.setViewportSize(SIZE);
}

if (import.meta.main) {
  if (CHROMIUM_PATH === null) {
    console.error("Screenshots need Chromium; install it and try again");
    Deno.exit(1);
  }
  await build({ onlyIfStale: true });
  await Deno.mkdir(OUT, { recursive: true });
  await withTempDir(async (dataDir) => {
    const server = await startServer({
      dataDir,
      env: { SIMULATION_SPEED: "600", ALERT_HOSTS: ALERT_HOST },
    });
    const browser = await launchBrowser();
    try {
      const api = await setUp(server, dataDir);
      const backtestId = await runBacktest(api);
      const id = await spawnAgents(api);
      await makeAlerts(api);
      const page = await (await browser.newContext({ viewport: SIZE }))
        .newPage();
      await page.goto(`${server.url}/login`);
      await photograph(page, "login-dark");
      await page.getByTestId("field-email").fill(TEST_EMAIL);
      await page.getByTestId("field-password").fill(TEST_PASSWORD);
      await page.getByTestId("login-form").locator("button[type=submit]")
        .click();
      await page.waitForURL(`${server.url}/`);
      for (const theme of ["dark", "light"] as const) {
        // deno-lint-ignore no-await-in-loop -- one page after the other
        await photographTheme(page, {
          url: server.url,
          id,
          backtestId,
          theme,
        });
      }
      await photographLive({ browser, size: SIZE, photograph });
    } finally {
      await browser.close();
      await server.stop();
    }
  });
}
