import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import type { EmergencyResponse } from "../../lib/contracts/emergency.ts";
import { setUp, type TestApi } from "../support/api.ts";
import { CHROMIUM_PATH, launchBrowser } from "../support/browser.ts";
import {
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
  type TestServer,
} from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

/** A name that somebody else owns, and that they make point to this machine. */
const REBOUND = "evil.test";

/** A site of somebody else. Its pages do nothing but what a test makes them do. */
function serveEvil() {
  const html = (body: string) =>
    new Response(`<!doctype html><title>evil</title>${body}`, {
      headers: { "content-type": "text/html" },
    });
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const { searchParams } = new URL(request.url);
      const frame = searchParams.get("frame");
      return html(frame === null ? "" : `<iframe src="${frame}"></iframe>`);
    },
  );
}

/** What an attack meets: a victim who is logged in, and pages of others in the same browser. */
interface Scene {
  server: TestServer;
  api: TestApi;
  context: BrowserContext;
  victim: Page;
  /** Origins of the other site: of another host, and of this host on another port, where cookies go along. */
  evil: readonly string[];
}

async function withScene(test: (scene: Scene) => Promise<void>) {
  await withTempDir(async (dataDir) => {
    const server = await startServer({ dataDir });
    await using site = serveEvil();
    const { port } = site.addr;
    const browser = await launchBrowser({
      args: [`--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`],
    });
    try {
      const api = await setUp(server, dataDir);
      const context = await browser.newContext();
      const victim = await context.newPage();
      await victim.goto(`${server.url}/login`);
      await victim.getByTestId("field-email").fill(TEST_EMAIL);
      await victim.getByTestId("field-password").fill(TEST_PASSWORD);
      await victim.getByTestId("login-submit").click();
      await victim.waitForURL(`${server.url}/`);
      const evil = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
      await test({ server, api, context, victim, evil });
    } finally {
      await browser.close();
      await server.stop();
    }
  });
}

/** Sends a form as a page does; answers with the status that the browser got. */
async function submitForm(
  page: Page,
  action: string,
  fields: Readonly<Record<string, string>>,
): Promise<number> {
  const answer = page.waitForResponse((response) =>
    response.request().method() === "POST" && response.url() === action
  );
  await page.evaluate(({ action, fields }) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = action;
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement("input");
      input.name = name;
      input.value = value;
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  }, { action, fields });
  return (await answer).status();
}

/** Opens a socket from a page: whether it opened, and what came first. */
async function openSocket(
  page: Page,
  url: string,
  first: string | null = null,
): Promise<string> {
  return await page.evaluate(
    ({ url, first }) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url.replace("http", "ws"));
        socket.onopen = () => first !== null && socket.send(first);
        socket.onmessage = ({ data }) => {
          resolve(JSON.parse(data).type);
          socket.close();
        };
        socket.onclose = ({ code }) => resolve(`closed ${code}`);
      }),
    { url, first },
  );
}

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
  for (const origin of evil) {
    for (
      const path of ["/", "/emergency-stop", "/favicon.svg", "/api/auth/me"]
    ) {
      // deno-lint-ignore no-await-in-loop -- one attack after the other
      const page = await context.newPage();
      const frame = encodeURIComponent(server.url + path);
      // deno-lint-ignore no-await-in-loop -- one attack after the other
      await page.goto(`${origin}/?frame=${frame}`);
      // What the browser shows in place of a page that may not be framed.
      // deno-lint-ignore no-await-in-loop -- one attack after the other
      await page.frames()[1]!.waitForURL("chrome-error://chromewebdata/", {
        waitUntil: "commit",
      });
      // deno-lint-ignore no-await-in-loop -- one attack after the other
      await page.close();
    }
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
