/** States of the page of alerts. */
import type { StateCase } from "../states.ts";

/** Listed as a receiver of alerts. */
export const NOBODY_LISTENS = "127.0.0.1:9";

/** Empty, and with a channel that fails. */
export const ALERT_CASES: readonly StateCase[] = [
  {
    name: "alerts: empty, and switched off kinds say how they are switched on",
    who: "guest",
    path: "/settings/alerts",
    see: async (page) => {
      await page.getByText("You have no channel yet").waitFor();
      await page.getByText("You have no rule yet").waitFor();
      await page.getByTestId("add-telegram").click();
      await page.getByTestId("submit-telegram").and(
        page.locator("[aria-disabled=true]"),
      ).waitFor();
    },
  },
  {
    name: "alerts: a channel whose receiver is not there fails, and a rule",
    who: "owner",
    path: "/settings/alerts",
    see: async (page) => {
      await page.getByTestId("add-webhook").click();
      await page.getByTestId("name-webhook").fill("dead end");
      await page.getByTestId("field-url").fill("https://elsewhere.example/x");
      await page.getByTestId("submit-webhook").click();
      await page.getByTestId("error-webhook-url").getByText(/ALERT_HOSTS/)
        .waitFor();
      await page.getByTestId("field-url").fill(`http://${NOBODY_LISTENS}/x`);
      await page.getByTestId("submit-webhook").click();
      await page.getByTestId("signing-secret").waitFor();
      await page.getByTestId("channel-test").click();
      await page.getByTestId("alert-test").getByText(/did not arrive/)
        .waitFor();
      await page.getByTestId("channel-error").waitFor();
      await page.getByTestId("rule-save").click();
      await page.getByTestId("alerts-done").waitFor();
      await page.getByTestId("rules").waitFor();
    },
  },
];
