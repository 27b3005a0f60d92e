/**
 * Every place that takes a secret. Whoever adds an endpoint, a form or a
 * variable that takes one adds it here; the test does the rest.
 *
 * @module
 */
import { TEST_EMAIL } from "../server.ts";
import { type CanaryPlace, endpoint, READ } from "./place.ts";
import { EXCHANGE_KEYS, FACTOR, ISSUED } from "./made_places.ts";

/** What came of it does not matter: endpoints that are not there refuse. */
const WRONG_INPUTS: readonly CanaryPlace[] = [
  endpoint("/api/auth/login", ["password"], {
    known: { email: TEST_EMAIL },
    isAnonymous: true,
  }),
  endpoint("/api/auth/login", ["email", "password"], { isAnonymous: true }),
  endpoint("/api/auth/login", ["password", "code"], {
    known: { email: TEST_EMAIL },
    isAnonymous: true,
  }),
  endpoint("/api/auth/setup", ["token", "password"], {
    known: { email: "second@example.com" },
    isAnonymous: true,
  }),
  endpoint("/api/auth/token", ["password", "code"], {
    known: { email: TEST_EMAIL },
    isAnonymous: true,
  }),
  endpoint("/api/auth/refresh", ["refreshToken"], { isAnonymous: true }),
  endpoint("/api/auth/invite", ["token", "password"], { isAnonymous: true }),
  endpoint("/api/account/password", ["password", "newPassword"]),
  endpoint("/api/account/second-factor", ["password"]),
  endpoint("/api/account/second-factor/confirm", ["code"]),
  endpoint("/api/account/step-up", ["code"]),
  endpoint("/api/exchange-keys", ["apiKey", "secret", "passphrase"], {
    known: { label: "!", exchange: "nowhere" },
  }),
];

/** Right in its form, and wrong. */
const WRONG_CODE: CanaryPlace = {
  name: "a recovery code that is none",
  enter: async (world) => {
    const code = world.make(
      "wrong recovery code",
      (canary) => `${canary.slice(-10, -5)}-${canary.slice(-5)}`,
    );
    await world.call({ path: "/api/account/step-up", body: { code } });
    await world.call({
      path: "/api/account/second-factor/remove",
      body: { code },
    });
  },
};

function repeated(body: (canary: string) => string): CanaryPlace["enter"] {
  return async (world) => {
    for (const path of ["/api/auth/login", "/api/exchange-keys"]) {
      // deno-lint-ignore no-await-in-loop -- a handful
      await world.call({ path, body: body(world.make(`body of ${path}`)) });
    }
  };
}

const BODIES: readonly CanaryPlace[] = [
  {
    name: "a body cut off",
    enter: repeated((canary) => `{"password":"${canary}`),
  },
  {
    name: "a body that is no JSON",
    enter: repeated((canary) => `secret=${canary}`),
  },
  {
    name: "a body of another shape",
    enter: repeated((canary) => JSON.stringify({ password: { text: canary } })),
  },
  {
    name: "a body that is a text",
    enter: repeated((canary) => JSON.stringify(canary)),
  },
];

const HEADERS: readonly CanaryPlace[] = [
  ["authorization", (canary: string) => `Bearer ${canary}`],
  ["authorization", (canary: string) => `Bearer smc_${canary}`],
  ["authorization", (canary: string) => `Basic ${btoa(`a:${canary}`)}`],
  ["cookie", (canary: string) => `session=${canary}; __Host-session=${canary}`],
  ["sec-websocket-protocol", (canary: string) => `bearer.${canary}`],
  ["x-api-key", (canary: string) => canary],
].map(([name, value]) => ({
  name: `header ${name}`,
  async enter(world) {
    for (const path of ["/api/agents", "/api/socket", "/"]) {
      const canary = world.make(`${name} at ${path}`);
      const text = (value as (canary: string) => string)(canary);
      // deno-lint-ignore no-await-in-loop -- a handful
      await world.call({ ...READ, path, headers: { [name as string]: text } });
    }
  },
}));

const QUERIES: readonly CanaryPlace[] = [
  "/api/agents?token=",
  "/api/stream?ticket=",
  "/api/logs?cursor=",
  "/login?password=",
  "/logs?secret=",
  "/settings/keys?add=1&apiKey=",
  "/nowhere?token=",
].map((path) => ({
  name: `query ${path}`,
  enter: async (world) => {
    const query = path + world.make(`query of ${path}`);
    // After a login one is led back to where one wanted to go, and with what.
    const mayShow = !path.startsWith("/api/");
    await world.call({ ...READ, path: query, mayShow });
    const headers = { cookie: world.cookie };
    await world.call({ method: "GET", path: query, headers });
  },
}));

const FORMS: readonly CanaryPlace[] = [
  {
    name: "form of the login",
    enter: (world) =>
      world.call({
        path: "/login",
        isAnonymous: true,
        headers: { origin: world.server.url },
        form: { email: TEST_EMAIL, password: world.make("form password") },
      }),
  },
  {
    name: "form of exchange keys",
    enter: (world) =>
      world.call({
        path: "/settings/keys",
        headers: {
          origin: world.server.url,
          cookie: world.cookie,
        },
        form: {
          action: "add",
          label: "!",
          exchange: "binance",
          apiKey: world.make("form API key"),
          secret: world.make("form secret"),
          passphrase: world.make("form passphrase"),
        },
      }),
  },
];

/** All of them, in this order: the second factor first, because keys want its proof. */
export const CANARY_PLACES: readonly CanaryPlace[] = [
  FACTOR,
  ...EXCHANGE_KEYS,
  ...BODIES,
  ...HEADERS,
  ...QUERIES,
  ...FORMS,
  ...ISSUED,
  // Last: after some of them logins and codes have to wait.
  ...WRONG_INPUTS,
  WRONG_CODE,
];
