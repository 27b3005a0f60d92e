import assert from "node:assert/strict";
import type { EmergencyResponse } from "../../lib/contracts/emergency.ts";
import { CHROMIUM_PATH } from "../support/browser.ts";
import { TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import {
  openSocket,
  REBOUND,
  type Scene,
  submitForm,
  withScene,
} from "./attack_scene.ts";

const STOP = { scope: "all", level: "block", reason: "an attack" };

async function attackByForms({ server, context, evil }: Scene) {
  for (const origin of evil) {
    const attacks: [path: string, fields: Record<string, string>][] = [
      ["/emergency-stop", STOP],
      ["/logout", {}],
      ["/settings/second-factor", { action: "enrol", password: TEST_PASSWORD }],
      // Of the attacker's own account: what is done next would be theirs to see.
      ["/login", { email: TEST_EMAIL, password: TEST_PASSWORD }],
    ];
    for (const [path, fields] of attacks) {
      // deno-lint-ignore no-await-in-loop -- one attack after the other
      const page = await context.newPage();
      // deno-lint-ignore no-await-in-loop -- one attack after the other
      await page.goto(origin);
      // deno-lint-ignore no-await-in-loop -- one attack after the other
      const status = await submitForm(page, `${server.url}${path}`, fields);
      assert.equal(status, 403, `${origin} ${path}`);
      // deno-lint-ignore no-await-in-loop -- one attack after the other
      await page.close();
    }
  }
}

/** Who is not logged in shall not be logged in as the attacker. */
async function attackByLogin({ server, context, evil }: Scene) {
  const stranger = await context.browser()!.newContext();
  for (const origin of evil) {
    // deno-lint-ignore no-await-in-loop -- one attack after the other
    const page = await stranger.newPage();
    // deno-lint-ignore no-await-in-loop -- one attack after the other
    await page.goto(origin);
    const fields = { email: TEST_EMAIL, password: TEST_PASSWORD };
    assert.equal(
      // deno-lint-ignore no-await-in-loop -- one attack after the other
      await submitForm(page, `${server.url}/login`, fields),
      403,
    );
  }
  assert.deepEqual(await stranger.cookies(), []);
  await stranger.close();
}

async function attackByFetch({ server, context, evil }: Scene) {
  let sent = 0;
  context.on("request", (request) => {
    if (request.method() === "POST") sent++;
  });
  for (const origin of evil) {
    // deno-lint-ignore no-await-in-loop -- one attack after the other
    const page = await context.newPage();
    // deno-lint-ignore no-await-in-loop -- one attack after the other
    await page.goto(origin);
    // deno-lint-ignore no-await-in-loop -- one attack after the other
    const outcomes = await page.evaluate(async (url) => {
      const read = async (path: string, init: RequestInit) => {
        try {
          const response = await fetch(url + path, {
            credentials: "include",
            ...init,
          });
          return response.type === "opaque" ? "opaque" : await response.text();
        } catch {
          return "refused by the browser";
        }
      };
      const body = JSON.stringify({ level: "block", reason: "an attack" });
      return [
        await read("/api/emergency", { method: "POST", mode: "no-cors", body }),
        await read("/api/emergency", {
          method: "POST",
          body,
          headers: { "content-type": "application/json", "x-own": "1" },
        }),
        await read("/api/auth/me", {}),
        await read("/", {}),
      ];
    }, server.url);
    // Answers are never there to be read, whatever was sent.
    for (const outcome of outcomes) {
      assert.match(outcome, /^(opaque|refused by the browser)$/, origin);
    }
    // deno-lint-ignore no-await-in-loop -- one attack after the other
    await page.close();
  }
  // They were sent; that they did nothing is seen at the end.
  assert.ok(sent >= evil.length, "no request was sent at all");
}

async function attackBySocket({ server, context, victim, evil }: Scene) {
  const url = `${server.url}/api/socket`;
  const ticket = await victim.evaluate(async () => {
    const response = await fetch("/api/socket/ticket", { method: "POST" });
    return (await response.json()).ticket as string;
  });
  const frame = JSON.stringify({ type: "ticket", ticket });
  for (const origin of evil) {
    // deno-lint-ignore no-await-in-loop -- one attack after the other
    const page = await context.newPage();
    // deno-lint-ignore no-await-in-loop -- one attack after the other
    await page.goto(origin);
    // deno-lint-ignore no-await-in-loop -- one attack after the other
    assert.equal(await openSocket(page, url), "closed 1006", origin);
    assert.equal(
      // deno-lint-ignore no-await-in-loop -- with a ticket that it stole
      await openSocket(page, `${url}/with-ticket`, frame),
      "closed 1006",
      origin,
    );
    // deno-lint-ignore no-await-in-loop -- one attack after the other
    await page.close();
  }
  // The own page may do both: what is refused above is the site, not the socket.
  assert.equal(await openSocket(victim, url), "hello");
  assert.equal(await openSocket(victim, `${url}/with-ticket`, frame), "hello");
  const again = await openSocket(victim, `${url}/with-ticket`, frame);
  assert.equal(again, "closed 4401");
}

async function attackByFrame({ server, context, evil }: Scene) {
  const query = ["/", "/emergency-stop", "/favicon.svg", "/api/auth/me"]
    .map((path) => `frame=${encodeURIComponent(server.url + path)}`).join("&");
  for (const origin of evil) {
    // deno-lint-ignore no-await-in-loop -- one attack after the other
    const page = await context.newPage();
    // deno-lint-ignore no-await-in-loop -- one attack after the other
    await page.goto(`${origin}/?${query}`);
    const [, ...frames] = page.frames();
    assert.equal(frames.length, 4);
    for (const frame of frames) {
      // What the browser shows in place of a page that may not be framed.
      // deno-lint-ignore no-await-in-loop -- one frame after the other
      await frame.waitForURL("chrome-error://chromewebdata/", {
        waitUntil: "commit",
      });
    }
    // deno-lint-ignore no-await-in-loop -- one attack after the other
    await page.close();
  }
}

async function attackByRebinding({ server, context }: Scene) {
  const page = await context.newPage();
  const origin = `http://${REBOUND}:${server.port}`;
  const answer = await page.goto(`${origin}/login`);
  assert.equal(answer!.status(), 421);
  assert.match(await page.innerText("body"), /not called "evil\.test"/);
  const status = await page.evaluate(async () => {
    const response = await fetch("/api/auth/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "a@b.example", password: "guess" }),
    });
    return response.status;
  });
  assert.equal(status, 421);
  await page.close();
}

/** A form of the panel without the session's token is refused, although it comes from its own page. */
async function attackWithoutToken({ server, context }: Scene) {
  const page = await context.newPage();
  await page.goto(`${server.url}/emergency-stop`);
  const path = `${server.url}/settings/second-factor`;
  const fields = { action: "enrol", password: TEST_PASSWORD };
  assert.equal(await submitForm(page, path, fields), 403);
  await page.getByText(/older than your login/).waitFor();
  // A stop that is urgent is shown again as it was filled in.
  await page.goto(`${server.url}/emergency-stop`);
  const status = await submitForm(page, `${server.url}/emergency-stop`, STOP);
  assert.equal(status, 403);
  await page.getByText(/press the button once more/).waitFor();
  assert.match(await page.content(), /an attack/);
  await page.close();
}

/** Who has not logged in can make nobody hold a large form. */
async function attackBySize({ server }: Scene) {
  const answer = await fetch(`${server.url}/login`, {
    method: "POST",
    headers: { origin: server.url },
    body: new URLSearchParams({ email: "x".repeat(70_000) }),
  });
  assert.equal(answer.status, 413);
  assert.match(await answer.text(), /larger than 64 KiB/);
  assert.equal(answer.headers.get("x-frame-options"), "DENY");
}

Deno.test({
  name:
    "other sites can neither act, listen, frame nor log in through a browser that is logged in",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withScene(async (scene) => {
      await attackByForms(scene);
      await attackByLogin(scene);
      await attackByFetch(scene);
      await attackBySocket(scene);
      await attackByFrame(scene);
      await attackByRebinding(scene);
      await attackWithoutToken(scene);
      await attackBySize(scene);
      const { latches } = await scene.api.get<EmergencyResponse>(
        "/api/emergency",
      );
      assert.deepEqual(latches, []);
      await scene.victim.reload();
      await scene.victim.getByTestId("emergency-stop").waitFor();
      assert.equal(scene.victim.url(), `${scene.server.url}/`);
      // With the token the same form works: it is the page's own.
      await scene.victim.locator("details.menu summary").click();
      await scene.victim.getByTestId("logout").click();
      await scene.victim.waitForURL(/\/login/);
    });
  },
});
