import assert from "node:assert/strict";
import {
  readSetupToken,
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
} from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

Deno.test("server behind a proxy: secure cookies, HSTS, and the client's own address", async () => {
  await withTempDir(async (dataDir) => {
    const server = await startServer({
      dataDir,
      env: {
        PUBLIC_ORIGINS: "https://fleet.example",
        TRUSTED_PROXIES: "127.0.0.1",
      },
    });
    try {
      const send = (path: string, body: unknown, from: string) =>
        fetch(`${server.url}${path}`, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            origin: "https://fleet.example",
            "sec-fetch-site": "same-origin",
            // As a client wrote it, and the proxy appended.
            "x-forwarded-for": `127.0.0.1, 10.0.0.1, ${from}`,
            "x-forwarded-proto": "https",
          },
          body: JSON.stringify(body),
        });
      const setup = await send("/api/auth/setup", {
        token: await readSetupToken(dataDir),
        email: TEST_EMAIL,
        password: TEST_PASSWORD,
      }, "203.0.113.1");
      assert.equal(setup.status, 201, await setup.text());
      assert.match(
        setup.headers.get("set-cookie")!,
        /^__Host-session=[^;]+; Path=\/; HttpOnly; SameSite=Strict; .*Secure$/,
      );
      assert.ok(setup.headers.get("strict-transport-security"));
      // One address has used up its rate; another behind the same proxy has not.
      const guess = { email: "nobody@example.com", password: TEST_PASSWORD };
      const statuses = await Promise.all(
        Array.from(
          { length: 300 },
          () => send("/api/auth/logout", guess, "203.0.113.2"),
        ).map(async (answer) => {
          const response = await answer;
          await response.body?.cancel();
          return response.status;
        }),
      );
      assert.ok(statuses.includes(429), "the rate of one address was not met");
      const other = await send("/api/auth/logout", guess, "203.0.113.3");
      assert.equal(other.status, 401);
      await other.body?.cancel();
    } finally {
      await server.stop();
    }
  });
});
