import assert from "node:assert/strict";
import {
  type MailServer,
  sendMail,
} from "../../../lib/alerts/delivery/mail.ts";
import type { SendOutcome } from "../../../lib/alerts/delivery/outcome.ts";
import { createSmtpServer } from "../../support/smtp_server.ts";

const LETTER = {
  id: "alr_1",
  to: "me@example.org",
  title: "SMC Fleet: Grüße",
  text: "Ein Satz über München\n.\nEnde",
};

function serverAt(port: number, more: Partial<MailServer> = {}): MailServer {
  return {
    hostname: "127.0.0.1",
    port,
    isEncrypted: false,
    mayBePlain: true,
    user: "",
    password: "",
    from: "SMC Fleet <fleet@example.com>",
    ...more,
  };
}

function failure(outcome: SendOutcome) {
  assert.equal(outcome.ok, false);
  return outcome as Extract<SendOutcome, { ok: false }>;
}

Deno.test("sendMail() hands a letter over, with a login and an id that stays", async () => {
  using server = createSmtpServer();
  const to = serverAt(server.port, { user: "fleet", password: "right" });
  assert.deepEqual(await sendMail(LETTER, to), { ok: true });
  const [letter] = server.letters;
  assert.match(letter!.from, /<fleet@example\.com>/);
  assert.match(letter!.to[0]!, /<me@example\.org>/);
  assert.equal(letter!.login, "\0fleet\0right");
  assert.match(letter!.text, /Message-ID: <alr_1@example\.com>/);
  assert.match(letter!.text, /Auto-Submitted: auto-generated/);
});

Deno.test("sendMail() gives up after a 5xx and tries again after a 4xx", async () => {
  for (
    const [answer, isFinal] of [
      ["550 5.1.1 nobody here", true],
      ["451 4.7.1 greylisted", false],
    ] as const
  ) {
    using server = createSmtpServer({ onRecipient: answer });
    const outcome = failure(await sendMail(LETTER, serverAt(server.port)));
    assert.equal(outcome.isFinal, isFinal, answer);
  }
});

Deno.test("sendMail() tells a wrong password, and never the password", async () => {
  using server = createSmtpServer();
  const to = serverAt(server.port, { user: "fleet", password: "hunter2" });
  const outcome = failure(await sendMail(LETTER, to));
  assert.equal(outcome.isFinal, true);
  assert.doesNotMatch(outcome.error, /hunter2/);
});

Deno.test("sendMail() sends nothing in clear text to another machine", async () => {
  using server = createSmtpServer();
  const outcome = failure(
    await sendMail(LETTER, serverAt(server.port, { mayBePlain: false })),
  );
  assert.equal(server.letters.length, 0);
  assert.match(outcome.error, /TLS/i);
});

Deno.test("sendMail() gives a silent server up", async () => {
  using server = createSmtpServer({ isSilent: true });
  const outcome = failure(
    await sendMail(LETTER, serverAt(server.port), { deadlineMs: 200 }),
  );
  assert.equal(outcome.isFinal, false);
});

Deno.test("sendMail() says that nobody listens", async () => {
  const server = createSmtpServer();
  server[Symbol.dispose]();
  const outcome = failure(await sendMail(LETTER, serverAt(server.port)));
  assert.match(outcome.error, /did not take it/);
});
