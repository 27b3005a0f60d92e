/** States of the pages of backtests. */
import { refuse } from "../acts.ts";
import type { StateCase } from "../states.ts";

export function backtestCases(run: string): readonly StateCase[] {
  return [
    {
      name: "backtests: a run that is refused",
      who: "owner",
      path: "/backtests",
      see: async (page) => {
        await page.route(
          "**/api/backtests",
          (route) =>
            route.request().method() === "POST"
              ? refuse(route)
              : route.continue(),
        );
        await page.getByRole("button", { name: /^Run backtest/ }).click();
        await page.getByText(/The store does not answer/).first().waitFor();
      },
    },
    {
      name: "backtest: it is not there",
      who: "owner",
      path: "/backtests/bt_01ARZ3NDEKTSV4RRFFQ69G5FAV",
      see: async (page) => {
        const error = page.locator(".error-state");
        await error.getByText(/bt_01ARZ3NDEKTSV4RRFFQ69G5FAV/).waitFor();
        await error.getByRole("link", { name: "Go to the fleet" }).waitFor();
      },
    },
    {
      name: "backtest: its result",
      who: "guest",
      path: `/backtests/${run}`,
      see: (page) => page.getByTestId("verdict").first().waitFor(),
    },
    {
      name: "replay: a candle that cannot be read, and again",
      who: "owner",
      path: `/backtests/${run}/replay`,
      see: async (page) => {
        await page.route("**/replay?*", refuse);
        await page.keyboard.press("ArrowRight");
        const failure = page.getByTestId("chart-failure");
        await failure.getByText(/The store does not answer/).waitFor();
        await page.unroute("**/replay?*");
        await failure.getByRole("button").click();
        await failure.waitFor({ state: "detached" });
      },
    },
    {
      name: "replay: the session has ended",
      who: "owner",
      path: `/backtests/${run}/replay`,
      see: async (page) => {
        await page.context().clearCookies();
        await page.keyboard.press("ArrowRight");
        await page.getByTestId("page-standing").getByText(/session has ended/)
          .waitFor();
      },
    },
  ];
}
