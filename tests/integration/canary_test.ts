import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { ExchangeKeyView } from "../../lib/contracts/exchange_key.ts";
import { Secret } from "../../lib/core/secret.ts";
import { createBackup } from "../../lib/store/backup/create_backup.ts";
import { openStore } from "../../lib/store/open_store.ts";
import { readKeyring } from "../../lib/vault/keyring.ts";
import { openKey } from "../../lib/vault/open_key.ts";
import { chaosConfig } from "../chaos/plan.ts";
import { systemTime } from "../lib/store/support.ts";
import { setUp } from "../support/api.ts";
import { CANARY_PLACES } from "../support/canary/places.ts";
import {
  filesOf,
  findLeaks,
  type Searched,
  searchedText,
} from "../support/canary/search.ts";
import { CanaryWorld } from "../support/canary/world.ts";
import { atVenue, liveEnv } from "../support/live.ts";
import {
  readSetupToken,
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
  type TestServer,
} from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import { startVenueProcess } from "../venue/process.ts";

const PAGES = [
  "/",
  "/logs",
  "/dead-letters",
  "/backtests",
  "/settings",
  "/settings/keys",
  "/settings/second-factor",
  "/login",
  "/setup",
];
const READS = [
  "/api/agents",
  "/api/logs?limit=500",
  "/api/logs/export",
  "/api/dead-letters",
  "/api/exchange-keys",
  "/api/health/ready",
  "/api/audit",
  "/api/audit/export",
  "/api/sessions",
  "/api/tokens",
  "/api/account/second-factor",
];

/** A key of 32 readable bytes, so that it can be found in both forms. */
function keyText(): { raw: string; base64: string } {
  const raw = `kek-${crypto.getRandomValues(new Uint8Array(14)).toHex()}`;
  return { raw, base64: new TextEncoder().encode(raw).toBase64() };
}

/** Trades with a key that the venue knows, until the desk has opened with it. */
async function tradeLive(world: CanaryWorld): Promise<string> {
  const { api } = world;
  const { apiKey, secret } = venueKey;
  world.know("API key that trades", apiKey);
  world.know("secret that trades", secret);
  const added = await world.call({
    path: "/api/exchange-keys",
    body: { label: "trading", exchange: "binance", apiKey, secret },
  });
  const { id } = JSON.parse(added.text) as ExchangeKeyView;
  const live = { method: "PUT", path: `/api/exchange-keys/${id}/live` };
  assert.equal(
    (await world.call({ ...live, body: { allowed: true } })).status,
    200,
  );
  const config = atVenue(chaosConfig("canary", { kind: "simulated" }), {
    symbol: "BTC/USDT",
    market: "swap",
    exchangeKeyId: id,
  });
  const { id: agent } = await api.send<AgentView>("POST", "/api/agents/spawn", {
    config: { ...config, record: true },
    acknowledgeWarnings: true,
    confirmName: "canary",
  });
  await api.waitForAgent(
    agent,
    ({ account }) =>
      (account?.trades ?? 0) > 0 || (account?.position ?? null) !== null,
  );
  return id;
}

const venueKey = {
  apiKey: `canary${crypto.randomUUID()}`,
  secret: `canary${crypto.randomUUID()}`,
};

/** Refused because it may withdraw: it must not even be stored. */
async function addRefused(world: CanaryWorld): Promise<void> {
  await world.venue.control("POST rights", { enableWithdrawals: true });
  const refused = await world.call({
    path: "/api/exchange-keys",
    body: { label: "greedy", exchange: "binance", ...venueKey },
  });
  assert.equal(refused.status, 422, refused.text);
  assert.match(refused.text, /"KEY_REFUSED"/);
  await world.venue.control("POST rights", {
    enableWithdrawals: false,
    ipRestrict: false,
  });
  const unbound = await world.call({
    path: "/api/exchange-keys",
    body: { label: "unbound", exchange: "binance", ...venueKey },
  });
  const { id } = JSON.parse(unbound.text) as ExchangeKeyView;
  const live = await world.call({
    method: "PUT",
    path: `/api/exchange-keys/${id}/live`,
    body: { allowed: true },
  });
  assert.match(live.text, /"KEY_NOT_BOUND"/);
  await world.call({ method: "DELETE", path: `/api/exchange-keys/${id}` });
  await world.venue.control("POST rights", { ipRestrict: true });
}

/** Pages and lists, as their owner sees them. */
async function readEverything(world: CanaryWorld): Promise<void> {
  const { cookie } = world;
  for (const path of PAGES) {
    // deno-lint-ignore no-await-in-loop -- one after the other, as a person would
    const page = await world.call({ method: "GET", path, headers: { cookie } });
    if (path === "/settings/keys") {
      assert.match(page.text, /data-testid="key-used"/);
    }
  }
  for (const path of READS) {
    // deno-lint-ignore no-await-in-loop -- as above
    await world.call({ method: "GET", path });
  }
}

/** What a server prints that cannot start, with the store of another key. */
async function printedAtFailedStart(
  dataDir: string,
  env: Record<string, string>,
): Promise<string> {
  try {
    const server = await startServer({ dataDir, env });
    await server.kill();
  } catch (error) {
    return String(error);
  }
  throw new Error("The server should not start");
}

/** What is printed on purpose: the link of the first account, which works once. */
function withoutOffer(output: string): string {
  return output.replaceAll(/^First start: create your account at .*$/gm, "");
}

/** The store in words: every event, log line and audit entry. */
async function readStore(dataDir: string): Promise<Searched[]> {
  const store = await openStore({
    path: `${dataDir}/store.sqlite`,
    time: systemTime,
  });
  try {
    const { events } = await store.events.after(0, 100_000);
    const page = { limit: 500, cursor: null };
    const audit = (await Promise.all([
      store.auditPage({ ...page, stream: "commands" }),
      store.auditPage({ ...page, stream: "access" }),
    ])).flatMap(({ items }) => items);
    const actions = audit.map(({ action }) => action);
    for (const action of ["key.add", "key.live", "key.use", "key.revoke"]) {
      assert(actions.includes(action), `${action} should be on record`);
    }
    return [
      searchedText("events", JSON.stringify(events)),
      searchedText("audit trail", JSON.stringify(audit)),
    ];
  } finally {
    await store.close();
  }
}

/** The key is there, sealed, and it is the installation's key that opens it. */
async function assertSealed(
  { dataDir, id, kek }: { dataDir: string; id: string; kek: string },
): Promise<void> {
  const store = await openStore({
    path: `${dataDir}/store.sqlite`,
    time: systemTime,
  });
  try {
    const key = (await store.exchangeKeys.list())
      .find(({ view }) => view.id === id)!;
    assert.notEqual(key.view.lastUsedAt, null, "its use should be noted");
    const keyring = await readKeyring({ secret: new Secret(kek), path: "" });
    const opened = (await openKey(key, keyring!)).reveal();
    assert.deepEqual(opened, { ...venueKey, passphrase: null });
  } finally {
    await store.close();
  }
}

Deno.test("a secret put into any place that takes one is found in no log, answer, page, store, journal, recording or backup", async () => {
  await withTempDir(async (folder) => {
    const dataDir = `${folder}/data`;
    const kek = keyText();
    const venue = await startVenueProcess({
      seed: 7,
      minuteEveryMs: 60,
      credentials: venueKey,
    });
    const env = {
      ...liveEnv(venue.url),
      LOG_LEVEL: "debug",
      EXCHANGE_KEY_SECRET: kek.base64,
    };
    let server: TestServer | null = await startServer({ dataDir, env });
    try {
      const setupToken = await readSetupToken(dataDir);
      const api = await setUp(server, dataDir);
      const world = new CanaryWorld({ server, venue, api });
      world.know("setup token", setupToken);
      world.know("password", TEST_PASSWORD);
      world.know("login token", await api.token());
      await world.logIn({ email: TEST_EMAIL, password: TEST_PASSWORD });
      world.know("key that seals, raw", kek.raw);
      world.know("key that seals, as it is given", kek.base64);

      const [factor, ...others] = CANARY_PLACES;
      await factor!.enter(world);
      await addRefused(world);
      const id = await tradeLive(world);
      for (const place of others) {
        // deno-lint-ignore no-await-in-loop -- one after the other
        await place.enter(world);
      }
      await readEverything(world);
      const outputs = [withoutOffer(server.output())];
      await server.stop();
      outputs.push(withoutOffer(server.output()));
      server = null;

      const wrong = keyText();
      world.know("another key that seals", wrong.base64);
      const failed = await printedAtFailedStart(dataDir, {
        ...env,
        EXCHANGE_KEY_SECRET: wrong.base64,
      });
      assert.match(
        failed,
        /Cannot start: The store holds what no key .* opens/,
      );
      const mistyped = world.make("mistyped key that seals");
      outputs.push(
        failed,
        await printedAtFailedStart(dataDir, { EXCHANGE_KEY_SECRET: mistyped }),
      );

      await assertSealed({ dataDir, id, kek: kek.base64 });
      const read = await readStore(dataDir);
      await createBackup({ dataDir, out: `${folder}/backup`, nowMs: 0 });
      const searched = [
        ...outputs.map((text) => searchedText("standard output", text)),
        ...world.answers.map(({ request, status, text }) =>
          searchedText(`answer ${status} to ${request}`, text)
        ),
        ...read,
        ...filesOf(folder),
      ];
      const kinds = searched.map(({ where }) => where).join("\n");
      for (
        const part of ["/journal/", "/recordings/", "/backup/store.sqlite"]
      ) {
        assert(kinds.includes(part), `${part} should have been searched`);
      }
      assert(world.secrets.length > 60, `${world.secrets.length} secrets`);
      assert.deepEqual(findLeaks(world.secrets, searched), []);
      // The search itself finds what is there.
      await Deno.writeTextFile(`${dataDir}/planted`, btoa(venueKey.secret));
      assert.equal(findLeaks(world.secrets, filesOf(dataDir)).length, 1);
    } finally {
      await server?.kill().catch(() => {});
      await venue.stop();
    }
  });
});
