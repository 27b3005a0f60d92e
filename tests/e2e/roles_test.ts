import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import {
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import { agentConfig } from "../support/config.ts";
import { emailOf, storePeople } from "../support/people.ts";
import {
  startServer,
  TEST_PASSWORD,
  type TestServer,
} from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

Deno.test({
  name:
    "panel says whose an agent is, keeps its buttons from others with the reason, and shows the roles",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dir) => {
      const dataDir = `${dir}/data`;
      await storePeople(dataDir, { ada: "trader", bob: "trader" });
      const server = await startServer({ dataDir });
      const browser = await launchBrowser();
      try {
        const [ada, bob] = [
          await (await browser.newContext()).newPage(),
          await (await browser.newContext()).newPage(),
        ];
        const complaints = collectComplaints(bob);
        await logIn(ada, server, "ada");
        const id = await spawn(ada);
        await logIn(bob, server, "bob");
        await lookAtForeign(bob, `${server.url}/agents/${id}`);
        await filterByOwner(bob, server);
        await lookAtRoles(bob, server);
        await ada.goto(`${server.url}/agents/${id}?tab=config`);
        await ada.getByTestId("agent-owner").getByText("Owner: you").waitFor();
        assert.ok(await ada.getByTestId("agent-remove").isEnabled());
        assert.deepEqual(complaints, []);
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});

async function logIn(
  page: Page,
  { url }: TestServer,
  name: string,
): Promise<void> {
  await page.goto(`${url}/`);
  await page.getByTestId("field-email").fill(emailOf(name));
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-form").locator("button[type=submit]").click();
  await page.waitForURL(`${url}/`);
}

/** As the panel would: with the page's own cookie and origin. */
async function spawn(page: Page): Promise<string> {
  const body = {
    config: agentConfig({ name: "hers" }),
    acknowledgeWarnings: true,
  };
  return await page.evaluate(async (body) => {
    const response = await fetch("/api/agents/spawn", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "idempotency-key": crypto.randomUUID(),
      },
      body: JSON.stringify(body),
    });
    return (await response.json()).id;
  }, body);
}

async function lookAtForeign(page: Page, url: string): Promise<void> {
  await page.goto(`${url}?tab=config`);
  await page.getByTestId("agent-owner").getByText(emailOf("ada")).waitFor();
  for (const button of ["agent-remove", "config-edit"]) {
    const shown = page.getByTestId(button);
    // deno-lint-ignore no-await-in-loop -- one after the other
    await shown.waitFor();
    // deno-lint-ignore no-await-in-loop -- as above
    const title = await shown.getAttribute("title");
    assert.equal(
      title,
      `Belongs to ${emailOf("ada")}; you may only change your own`,
    );
  }
  // Running the fleet is anybody's work who has the role.
  assert.ok(await page.getByTestId("action-stop").isEnabled());
}

async function filterByOwner(page: Page, { url }: TestServer): Promise<void> {
  await page.goto(`${url}/?q=owner:ada`);
  await page.getByTestId("agent-row-hers").waitFor();
  await page.goto(`${url}/?q=owner:bob`);
  await page.getByText("No agent matches the filter").waitFor();
}

async function lookAtRoles(page: Page, { url }: TestServer): Promise<void> {
  await page.goto(`${url}/settings/keys`);
  await page.getByRole("link", { name: "Roles" }).click();
  await page.getByTestId("roles-table").waitFor();
  await page.locator("th[aria-current]").getByText("Trader").waitFor();
  const row = page.getByTestId("role-row-agents.delete");
  assert.match(await row.innerText(), /your own\s+anybody's\s+anybody's/);
}
