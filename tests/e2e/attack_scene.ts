/** The scene of attacks by other sites: a server, a victim who is logged in, and pages of somebody else. */
import type { BrowserContext, Page } from "playwright-core";
import { setUp, type TestApi } from "../support/api.ts";
import { launchBrowser } from "../support/browser.ts";
import {
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
  type TestServer,
} from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

/** A name that somebody else owns, and that they make point to this machine. */
export const REBOUND = "evil.test";

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
      const frames = searchParams.getAll("frame");
      return html(
        frames.map((url) => `<iframe src="${url}"></iframe>`).join(""),
      );
    },
  );
}

/** What an attack meets: a victim who is logged in, and pages of others in the same browser. */
export interface Scene {
  server: TestServer;
  api: TestApi;
  context: BrowserContext;
  victim: Page;
  /** Origins of the other site: of another host, and of this host on another port, where cookies go along. */
  evil: readonly string[];
}

/** Sets the scene, and clears it away. */
export async function withScene(test: (scene: Scene) => Promise<void>) {
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
export async function submitForm(
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
export async function openSocket(
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
