import assert from "node:assert/strict";
import type { AlertChannelCreated } from "../../lib/contracts/alerts/channel.ts";
import type { AlertDeliveryView } from "../../lib/contracts/alerts/delivery.ts";
import { createReceiver } from "../lib/alerts/receivers.ts";
import { setUp } from "../support/api.ts";
import { startServer } from "../support/server.ts";
import { createSmtpServer } from "../support/smtp_server.ts";
import { withTempDir } from "../support/temp.ts";

Deno.test("a server with its exact permissions sends by webhook, e-mail and Telegram, and nowhere else", async () => {
  await using hook = createReceiver();
  await using bot = createReceiver(() => Response.json({ ok: true }));
  using mail = createSmtpServer();
  await withTempDir(async (dataDir) => {
    const server = await startServer({
      dataDir,
      env: {
        ALERT_HOSTS: `127.0.0.1:${hook.port}`,
        SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
        ALERT_MAIL_FROM: "fleet@example.com",
        TELEGRAM_ENDPOINT: `http://127.0.0.1:${bot.port}`,
      },
    });
    try {
      const api = await setUp(server, dataDir);
      const channels = [
        { kind: "webhook", url: `http://127.0.0.1:${hook.port}/x` },
        { kind: "email", to: "me@example.org" },
        { kind: "telegram", token: `123456:${"a".repeat(30)}`, chatId: "5" },
      ];
      for (const channel of channels) {
        // deno-lint-ignore no-await-in-loop -- one channel after the other
        const made = await api.send<AlertChannelCreated>(
          "POST",
          "/api/alerts/channels",
          { ...channel, name: channel.kind },
        );
        // deno-lint-ignore no-await-in-loop -- as above
        const { state, lastError } = await api.send<AlertDeliveryView>(
          "POST",
          `/api/alerts/channels/${made.channel.id}/test`,
        );
        assert.equal(state, "delivered", `${channel.kind}: ${lastError}`);
      }
      assert.equal(hook.received.length, 1);
      assert.equal(mail.letters.length, 1);
      assert.match(bot.received[0]!.path, /^\/bot123456:a+\/sendMessage$/);
      await assert.rejects(
        api.send("POST", "/api/alerts/channels", {
          kind: "webhook",
          name: "other",
          url: `http://127.0.0.1:${bot.port}/x`,
        }),
        /ALERT_HOSTS/,
      );
    } finally {
      assert.equal(await server.stop(), 0);
    }
  });
});
