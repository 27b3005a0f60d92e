import assert from "node:assert/strict";
import fc from "fast-check";
import type { Latch } from "../../../lib/contracts/emergency.ts";
import { DEFAULT_PREFERENCES } from "../../../lib/contracts/preference_values.ts";
import { paintOf } from "../../../lib/ui/paint.ts";
import { PAIR_MS, ShellKeys } from "../../../lib/ui/shell/keys.ts";
import { isLivePage } from "../../../lib/ui/shell/live_pages.ts";
import { NAV } from "../../../lib/ui/shell/nav.ts";
import {
  findItems,
  MAX_SHOWN,
  paletteItems,
} from "../../../lib/ui/shell/palette_items.ts";
import { tradingStanding } from "../../../lib/ui/shell/trading_state.ts";
import { agent } from "./fixtures.ts";

const NO_MODIFIERS = {
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
};

function keysAt(clock: { now: number }): ShellKeys {
  return new ShellKeys({
    pages: NAV.map(({ key }) => key),
    now: () => clock.now,
  });
}

Deno.test("ShellKeys goes to a page by two keys in time, and forgets the first after it", () => {
  const clock = { now: 10_000 };
  const keys = keysAt(clock);
  const press = (key: string) =>
    keys.read({ ...NO_MODIFIERS, key }, { isQuiet: false });
  assert.equal(press("g"), null);
  assert.deepEqual(press("l"), { kind: "go", key: "l" });
  assert.equal(press("g"), null);
  clock.now += PAIR_MS + 1;
  assert.equal(press("l"), null);
  // A second key that leads nowhere is no shortcut of its own.
  assert.equal(press("g"), null);
  assert.equal(press("t"), null);
  assert.deepEqual(press("t"), { kind: "theme" });
});

Deno.test("ShellKeys gives no single key that stops, whatever comes before it", () => {
  fc.assert(fc.property(fc.array(fc.string({ maxLength: 1 })), (pressed) => {
    const keys = keysAt({ now: 0 });
    for (const key of pressed) {
      const wish = keys.read({ ...NO_MODIFIERS, key }, { isQuiet: false });
      assert.notEqual(wish?.kind, "emergency");
    }
  }));
});

Deno.test("ShellKeys keeps quiet while somebody types or has turned single keys off", () => {
  fc.assert(fc.property(fc.array(fc.string({ maxLength: 1 })), (pressed) => {
    const keys = keysAt({ now: 0 });
    for (const key of pressed) {
      assert.equal(
        keys.read({ ...NO_MODIFIERS, key }, { isQuiet: true }),
        null,
      );
    }
    const palette = { ...NO_MODIFIERS, ctrlKey: true, key: "k" };
    assert.deepEqual(keys.read(palette, { isQuiet: true }), {
      kind: "palette",
    });
    const stop = { ...palette, shiftKey: true, key: ">" };
    assert.deepEqual(keys.read(stop, { isQuiet: true }), {
      kind: "emergency",
    });
  }));
});

const ADMIN = { id: "usr_1", role: "admin" } as const;

Deno.test("findItems finds agents by words, and says why an action cannot be chosen", () => {
  const items = paletteItems(ADMIN, [
    agent({ id: "a", name: "btc blocks" }),
    agent({ id: "b", name: "eth gaps" }),
  ]);
  const found = findItems(items, { query: "BLOCKS btc", recent: [] });
  assert.equal(found[0]!.label, "btc blocks");
  assert.ok(
    found.some(({ label, refusal }) =>
      label === "Stop btc blocks…" && refusal === null
    ),
  );
  assert.ok(
    found.some(({ label, refusal }) =>
      label === "Resume btc blocks…" && refusal === "Not paused"
    ),
  );
  assert.ok(found.every(({ label }) => !label.includes("eth")));
});

Deno.test("findItems without a query begins with what was chosen last, and does nothing to agents", () => {
  const many = Array.from(
    { length: 500 },
    (_, n) => agent({ id: `a${n}`, name: `agent ${n}` }),
  );
  const shown = findItems(paletteItems(ADMIN, many), {
    query: "",
    recent: ["agent a7", "page /logs", "gone"],
  });
  assert.deepEqual(
    shown.slice(0, 3).map(({ label, group }) => [group, label]),
    [["Recent", "agent 7"], ["Recent", "Logs"], ["Pages", "Fleet"]],
  );
  assert.equal(shown.length, MAX_SHOWN);
  assert.ok(shown.every(({ effect }) => effect.kind !== "control"));
});

Deno.test("paletteItems leads nobody to a page that is not theirs", () => {
  const items = paletteItems({ id: "usr_2", role: "viewer" }, [agent()]);
  assert.ok(items.every(({ label }) => label !== "Audit"));
  assert.ok(items.some(({ label }) => label === "Risk"));
  const stop = items.find(({ label }) => label.startsWith("Stop "));
  assert.equal(stop?.refusal, "Needs role operator");
});

Deno.test("tradingStanding is active only while no stop is in force and all is known", () => {
  const latch = (kind: "all" | "agent") =>
    ({ scope: kind === "all" ? { kind } : { kind, id: "a" } }) as Latch;
  const word = (latches: Latch[], fileProblem: string | null = null) =>
    tradingStanding({ latches: latches as never, fileProblem }).word;
  assert.equal(word([]), "Active");
  assert.equal(word([latch("agent")]), "Partly stopped");
  assert.equal(word([latch("agent"), latch("all")]), "Stopped");
  assert.equal(word([], "The file cannot be written"), "Not certain");
});

Deno.test("paintOf leaves the theme to the system until somebody chooses", () => {
  assert.ok(!("data-theme" in paintOf(DEFAULT_PREFERENCES, "UTC")));
  const light = paintOf({ ...DEFAULT_PREFERENCES, theme: "light" }, "UTC");
  assert.equal(light["data-theme"], "light");
});

Deno.test("isLivePage() is true where an island joins the stream, and not on pages of forms", () => {
  const isLive = (path: string) =>
    isLivePage(new URL(path, "https://panel.example"));
  for (const path of ["/", "/logs", "/risk", "/agents/agt_1", "/backtests"]) {
    assert.equal(isLive(path), true, path);
  }
  for (
    const path of [
      "/agents/agt_1/command?action=pause",
      "/backtests?compare=bt_1",
      "/settings/tokens",
    ]
  ) {
    assert.equal(isLive(path), false, path);
  }
});
