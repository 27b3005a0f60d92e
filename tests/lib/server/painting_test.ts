import assert from "node:assert/strict";
import {
  DEFAULT_PREFERENCES,
  type Preferences,
} from "../../../lib/contracts/preference_values.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { paintingOf } from "../../../lib/server/painting.ts";

function paint(
  { cookie, userId, get }: {
    cookie: string;
    userId: string | null;
    get: () => Promise<Preferences | null>;
  },
) {
  const request = new Request("http://localhost/", { headers: { cookie } });
  const services = { preferences: { get, put: () => Promise.resolve() } };
  return paintingOf(request, { services, userId });
}

Deno.test("paintingOf paints as was chosen, whatever the cookie says", async () => {
  const chosen: Preferences = {
    ...DEFAULT_PREFERENCES,
    theme: "dark",
    timeZone: "browser",
  };
  const painted = await paint({
    cookie: "theme=light; zone=Asia%2FTokyo",
    userId: "usr_1",
    get: () => Promise.resolve(chosen),
  });
  assert.deepEqual(painted, { preferences: chosen, zone: "Asia/Tokyo" });
});

Deno.test("paintingOf takes the cookie's theme before a login, before a choice and without a store", async () => {
  const down = () =>
    Promise.reject(new AppError("STORE_UNAVAILABLE", "The store is down"));
  for (
    const given of [
      { userId: null, get: down },
      { userId: "usr_1", get: () => Promise.resolve(null) },
      { userId: "usr_1", get: down },
    ]
  ) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    const painted = await paint({ cookie: "theme=light", ...given });
    assert.equal(painted.preferences.theme, "light");
    assert.equal(painted.zone, "UTC");
  }
});

Deno.test("paintingOf lets no cookie into the page that is no zone and no theme", async () => {
  const chosen = { ...DEFAULT_PREFERENCES, timeZone: "browser" };
  const broken = await paint({
    cookie: 'theme="><script>; zone=%E0%A4%A',
    userId: null,
    get: () => Promise.resolve(null),
  });
  assert.equal(broken.preferences.theme, "system");
  const markup = await paint({
    cookie: "zone=%22%3E%3Cb%3E",
    userId: "usr_1",
    get: () => Promise.resolve(chosen),
  });
  assert.equal(markup.zone, "UTC");
});
