import { equal } from "node:assert/strict";
import { onceSeen } from "../../../lib/ui/client/seen.ts";

/** A page that is shown and hidden as the test says. */
class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = "hidden";

  turn(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

/** Until timers that were set before this call have run. */
async function timersRun(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, 0);
  await promise;
}

Deno.test("onceSeen() runs at its time where the page is seen, and else once as soon as it is", async () => {
  const page = new Page();
  let runs = 0;
  onceSeen(() => runs++, { afterMs: 0, page });
  await timersRun();
  equal(runs, 0);
  page.turn("hidden");
  equal(runs, 0);
  page.turn("visible");
  equal(runs, 1);
  page.turn("visible");
  equal(runs, 1);
  onceSeen(() => runs++, { afterMs: 0, page });
  await timersRun();
  equal(runs, 2);
});

Deno.test("onceSeen() that is cancelled runs neither at its time nor when the page is seen", async () => {
  const page = new Page();
  let runs = 0;
  const cancelLate = onceSeen(() => runs++, { afterMs: 0, page });
  await timersRun();
  cancelLate();
  page.turn("visible");
  onceSeen(() => runs++, { afterMs: 0, page })();
  await timersRun();
  equal(runs, 0);
});
