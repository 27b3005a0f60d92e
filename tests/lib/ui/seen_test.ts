import { equal } from "node:assert/strict";
import { onceSeen } from "../../../lib/ui/client/seen.ts";
import { Due } from "./due.ts";

/** A page that is shown and hidden as the test says. */
class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = "hidden";

  turn(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

Deno.test("onceSeen() runs at its time where the page is seen, and else once as soon as it is", () => {
  const page = new Page();
  const due = new Due();
  const later = due.schedule;
  let runs = 0;
  onceSeen(() => runs++, { afterMs: 9, page, later });
  due.all();
  equal(runs, 0);
  page.turn("hidden");
  equal(runs, 0);
  page.turn("visible");
  equal(runs, 1);
  page.turn("visible");
  equal(runs, 1);
  onceSeen(() => runs++, { afterMs: 9, page, later });
  due.all();
  equal(runs, 2);
});

Deno.test("onceSeen() that is cancelled runs neither at its time nor when the page is seen", () => {
  const page = new Page();
  const due = new Due();
  const later = due.schedule;
  let runs = 0;
  const cancelLate = onceSeen(() => runs++, { afterMs: 9, page, later });
  due.all();
  cancelLate();
  page.turn("visible");
  onceSeen(() => runs++, { afterMs: 9, page, later })();
  due.all();
  equal(runs, 0);
});
