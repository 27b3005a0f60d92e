/** Places that take secrets one after the other, and what the product makes and shows once. */
import * as OTPAuth from "otpauth";
import { TEST_EMAIL, TEST_PASSWORD } from "../server.ts";
import type { CanaryWorld } from "./world.ts";
import { type CanaryPlace, READ } from "./place.ts";

/** An authenticator, its recovery codes, and codes that are wrong. */
export const FACTOR: CanaryPlace = {
  name: "second factor",
  async enter(world) {
    const path = "/api/account/second-factor";
    const enrolment = JSON.parse(
      (await world.call({
        path,
        body: { password: TEST_PASSWORD },
        mayShow: true,
      }))
        .text,
    );
    world.know("secret of the authenticator", enrolment.secret);
    const totp = OTPAuth.URI.parse(enrolment.uri) as OTPAuth.TOTP;
    const confirmed = await world.call({
      path: `${path}/confirm`,
      body: { code: totp.generate() },
      mayShow: true,
    });
    const { recoveryCodes } = JSON.parse(confirmed.text);
    for (const code of recoveryCodes) world.know("recovery code", code);
    await world.call({
      path: "/api/account/step-up",
      body: { code: recoveryCodes[0] },
    });
    // A used one and a wrong one.
    await world.call({
      path: "/api/account/step-up",
      body: { code: recoveryCodes[0] },
    });
  },
};

/** Adds a key whose parts are secrets; the venue answers what it will. */
async function addKey(world: CanaryWorld, label: string) {
  const path = "/api/exchange-keys";
  const answer = await world.call({
    path,
    body: {
      label,
      exchange: "binance",
      apiKey: world.make(`API key of "${label}"`),
      secret: world.make(`secret of "${label}"`),
      passphrase: world.make(`passphrase of "${label}"`),
    },
  });
  return JSON.parse(answer.text) as { id: string; code?: string };
}

/** Keys at a venue that does not know them, and at one that is closed. */
export const EXCHANGE_KEYS: readonly CanaryPlace[] = [
  {
    name: "exchange key that the venue does not know",
    enter: async (world) => {
      const { id } = await addKey(world, "unknown");
      await world.call({ path: `/api/exchange-keys/${id}/test` });
      await world.call({ method: "DELETE", path: `/api/exchange-keys/${id}` });
    },
  },
  {
    name: "exchange key while the venue is closed",
    async enter(world) {
      await world.venue.control("POST maintenance", { isOn: true });
      await addKey(world, "closed");
      await world.venue.control("POST maintenance", { isOn: false });
    },
  },
];

/** Something that is made and shown once, where the product has it. */
function issued(path: string, body: unknown, member: string): CanaryPlace {
  return {
    name: `what POST ${path} issues`,
    async enter(world) {
      const answer = await world.call({ path, body, mayShow: true });
      if (answer.status >= 300) return;
      const made = JSON.parse(answer.text)[member];
      if (typeof made !== "string") return;
      world.know(`issued by ${path}`, made);
      await world.call({
        ...READ,
        path: "/api/agents",
        headers: { authorization: `Bearer ${made}` },
      });
    },
  };
}

/** Tokens and links, each of which is used once. */
export const ISSUED: readonly CanaryPlace[] = [
  issued(
    "/api/tokens",
    { name: "canary", scopes: ["agents.read"], expiresInDays: 1 },
    "token",
  ),
  issued(
    "/api/auth/token",
    { email: TEST_EMAIL, password: TEST_PASSWORD },
    "refreshToken",
  ),
  {
    name: "one-time link of an invitation",
    async enter(world) {
      const answer = await world.call({
        path: "/api/users",
        body: { email: "third@example.com", role: "viewer" },
        mayShow: true,
      });
      const { link } = JSON.parse(answer.text);
      const fragment = new URLSearchParams(new URL(link).hash.slice(1));
      world.know("token of the link", fragment.get("token") ?? "");
      await world.call({
        path: "/api/auth/invite",
        isAnonymous: true,
        body: {
          token: fragment.get("token"),
          password: world.make("password of an invited person"),
        },
      });
    },
  },
];
