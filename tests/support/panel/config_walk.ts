/** The configuration of an agent, changed on its page. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type {
  AgentDetail,
  ConfigResponse,
} from "../../../lib/contracts/agent.ts";
import { type TestApi } from "../api.ts";
import { TEST_EMAIL, type TestServer } from "../server.ts";

export interface Subject {
  api: TestApi;
  id: string;
}

export const configOf = async ({ api, id }: Subject) =>
  await api.get<AgentDetail>(`/api/agents/${id}`);

export async function openEditor(page: Page): Promise<void> {
  await page.getByTestId("tab-config").click();
  await page.getByTestId("config-edit").click();
  await page.getByTestId("config-editor").waitFor();
}

/** Row of the review: field, now, new, effect. */
export async function rowsOf(page: Page): Promise<string[][]> {
  const rows = page.getByTestId("config-diff-table").locator("tbody tr");
  await rows.first().waitFor();
  const found: string[][] = [];
  for (const row of await rows.all()) {
    found.push(
      // deno-lint-ignore no-await-in-loop -- few rows
      (await row.locator("th code, td").allInnerTexts()).map((text) =>
        text.trim()
      ),
    );
  }
  return found;
}

export async function save(page: Page, version: number): Promise<void> {
  await page.getByTestId("config-save").click();
  await page.getByText(`Saved as version ${version}`).first().waitFor();
  await page.getByTestId("config-editor").waitFor({ state: "detached" });
}

/** By form: what is wrong is told at its field, what changes is marked, and the review tells when it holds. */
export async function editLimit(page: Page, subject: Subject): Promise<void> {
  await openEditor(page);
  const field = page.getByTestId("field-riskPerTradePct");
  await field.fill("99");
  await page.getByTestId("error-riskPerTradePct").waitFor();
  await field.fill("0.75");
  await page.getByTestId("error-riskPerTradePct").waitFor({
    state: "detached",
  });
  await page.getByText("Risk per trade changed").waitFor();
  await page.getByText("1 field changed").waitFor();
  await shoot(page, "agent-config-form");
  await page.getByTestId("config-review").click();
  assert.deepEqual(await rowsOf(page), [
    ["/risk/riskPerTradePct", "0.25", "0.75", "applies now"],
  ]);
  await shoot(page, "agent-config-diff");
  await save(page, 2);
  assert.equal((await configOf(subject)).config.risk.riskPerTradePct, 0.75);
}

/** By JSON: faults have a line; a change of the detector keeps the agent from taking the rest, limits at the desk aside. */
export async function editJson(page: Page, subject: Subject): Promise<void> {
  await openEditor(page);
  await page.getByTestId("config-view-json").click();
  const text = page.getByTestId("config-json-text");
  const before = await text.inputValue();
  await text.fill(before.replace('"leverage": ', '"leverage" '));
  await page.getByTestId("config-errors").getByText(/^Line \d+/).waitFor();
  await text.fill(before.replace(/"swingLength": \d+/, '"swingLength": 9000'));
  await page.getByTestId("config-errors").getByText("/detector/swingLength")
    .waitFor();
  await shoot(page, "agent-config-json");
  const line = before.split("\n").findIndex((one) =>
    one.includes("swingLength")
  );
  await page.getByTestId("config-errors").getByText(`Line ${line + 1}`)
    .waitFor();
  await text.fill(
    before.replace(/"swingLength": \d+/, '"swingLength": 21')
      .replace('"maxOpenOrders": 5', '"maxOpenOrders": 4')
      .replace('"signalsOnly": false', '"signalsOnly": true'),
  );
  await page.getByTestId("config-review").click();
  const effects = Object.fromEntries(
    (await rowsOf(page)).map((row) => [row[0], row.at(-1)]),
  );
  assert.deepEqual(effects, {
    "/detector/swingLength": "needs restart",
    "/safety/maxOpenOrders": "applies now",
    "/signalsOnly": "needs restart",
  });
  await page.getByTestId("config-back").click();
  // A field that an agent keeps for its life is refused before it is sent.
  await page.getByTestId("config-view-json").click();
  await text.fill(before.replace('"timeframe": "1m"', '"timeframe": "5m"'));
  await page.getByTestId("config-review").click();
  assert.equal((await rowsOf(page))[0]!.at(-1), "cannot change");
  assert.equal(
    await page.getByTestId("config-save").getAttribute("aria-disabled"),
    "true",
  );
  await page.getByTestId("config-back").click();
  await page.getByTestId("config-cancel").click();
  assert.equal((await configOf(subject)).configVersion, 2);
}

/** Another login saves in between: three columns, a choice in each field, and both changes are kept. */
export async function mergeTwo(
  page: Page,
  { server, ...subject }: Subject & { server: TestServer },
): Promise<void> {
  await openEditor(page);
  await page.getByTestId("field-maxDrawdownPct").fill("40");
  await page.getByTestId("field-leverage").fill("4");
  await page.getByTestId("config-review").click();
  await rowsOf(page);
  const { config, configVersion } = await configOf(subject);
  await changeElsewhere(server, subject, {
    ...config,
    risk: { ...config.risk, leverage: 3, dailyLossLimit: "777" },
  }, configVersion);
  await page.getByTestId("config-save").click();
  const merge = page.getByTestId("config-stale");
  await merge.getByText(`Version ${configVersion + 1} was saved meanwhile`)
    .waitFor();
  await shoot(page, "agent-config-merge");
  // Both changed the leverage: nobody chooses for a person.
  const goOn = merge.getByTestId("merge-continue");
  assert.equal(await goOn.getAttribute("aria-disabled"), "true");
  assert.ok(
    await merge.getByTestId("merge-theirs-/risk/dailyLossLimit").isChecked(),
  );
  await merge.getByTestId("merge-yours-/risk/leverage").check();
  await goOn.click();
  assert.deepEqual(
    (await rowsOf(page)).map(([pointer, now, next]) => [pointer, now, next]),
    [["/risk/leverage", "3", "4"], [
      "/risk/maxDrawdownPct",
      "50",
      "40",
    ]],
  );
  await save(page, configVersion + 2);
  const { risk } = (await configOf(subject)).config;
  assert.deepEqual(
    [risk.leverage, risk.maxDrawdownPct, risk.dailyLossLimit],
    [4, 40, "777"],
  );
}

export async function changeElsewhere(
  { url }: TestServer,
  { api, id }: Subject,
  config: unknown,
  version: number,
): Promise<void> {
  const response = await fetch(`${url}/api/agents/${id}/config`, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${await api.token()}`,
      "content-type": "application/json",
      "if-match": `"${version}"`,
    },
    body: JSON.stringify({ config }),
  });
  assert.equal(response.status, 200);
  const answer = await response.json() as ConfigResponse;
  assert.equal(answer.configVersion, version + 1);
}

/** Versions tell who and what; two are compared, and the first is stored again as a new one. */
export async function restoreFirst(
  page: Page,
  subject: Subject,
): Promise<void> {
  const before = await configOf(subject);
  const history = page.getByTestId("config-history");
  await history.getByTestId(`compare-${before.configVersion}`).check();
  await history.getByTestId("compare-1").check();
  await history.getByTestId("config-compare").getByText("/risk/dailyLossLimit")
    .waitFor();
  assert.match(await history.innerText(), new RegExp(TEST_EMAIL));
  await history.scrollIntoViewIfNeeded();
  await shoot(page, "agent-config-history");
  await history.getByTestId("restore-1").click();
  await page.getByText("Restore version 1").waitFor();
  assert.ok(
    (await rowsOf(page)).some(([pointer]) => pointer === "/risk/leverage"),
  );
  await save(page, before.configVersion + 1);
  const after = await configOf(subject);
  assert.equal(after.config.risk.riskPerTradePct, 0.25);
  assert.equal(after.configVersion, before.configVersion + 1);
}

export async function shoot(page: Page, name: string): Promise<void> {
  const dir = Deno.env.get("SHOTS");
  if (dir !== undefined) await page.screenshot({ path: `${dir}/${name}.png` });
}
