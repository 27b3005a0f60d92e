/** Who may do what to whose things, with real agents over a real store. */
import assert from "node:assert/strict";
import type { AgentDetail } from "../../lib/contracts/agent.ts";
import { parseEnv } from "../../lib/core/env.ts";
import { createConsole } from "../../lib/server/console.ts";
import { type Platform, startPlatform } from "../../lib/server/platform.ts";
import { ensureBuilt } from "../support/built.ts";
import { agentConfig, guardConfig } from "../support/config.ts";
import { enrolFactor } from "../support/live.ts";
import {
  type Answer,
  emailOf,
  logInAs,
  type Person,
  storePeople,
} from "../support/people.ts";
import { withTempDir } from "../support/temp.ts";

const PEOPLE = {
  vera: "viewer",
  olga: "operator",
  ada: "trader",
  bob: "trader",
  ria: "risk",
  root: "admin",
} as const;
type Name = keyof typeof PEOPLE;

const CANARY = "canary-label-of-a-key";

interface World {
  people: Readonly<Record<Name, Person>>;
  services: Platform["services"];
}

async function withPeople(
  run: (world: World) => Promise<void>,
): Promise<void> {
  await ensureBuilt();
  await withTempDir(async (dir) => {
    const dataDir = `${dir}/data`;
    await storePeople(dataDir, PEOPLE);
    const variables: Record<string, string> = {
      DATA_DIR: dataDir,
      EXCHANGES: "none",
    };
    const platform = await startPlatform({
      env: parseEnv((name) => variables[name]),
      root: new URL("../../", import.meta.url),
      console: createConsole("error"),
    });
    try {
      const people: Partial<Record<Name, Person>> = {};
      for (const name of Object.keys(PEOPLE) as Name[]) {
        // deno-lint-ignore no-await-in-loop -- many at once look like guessing
        people[name] = await logInAs(platform.services, name);
      }
      await run({
        people: people as World["people"],
        services: platform.services,
      });
    } finally {
      await platform.drain("The test ends");
    }
  });
}

function done({ status, body }: Answer) {
  assert.ok(status < 300, JSON.stringify(body));
  return body;
}

async function spawn(person: Person, config: unknown): Promise<string> {
  const request = { config, acknowledgeWarnings: true };
  return done(await person("POST", "/api/agents/spawn", { body: request })).id;
}

function control(person: Person, path: string, action: string) {
  return person("POST", `${path}/control`, { body: { action } });
}

/** Writes the configuration back with another daily limit. */
async function configure(person: Person, id: string): Promise<Answer> {
  const { body } = await person("GET", `/api/agents/${id}`);
  const { config, configVersion } = body as AgentDetail;
  return await person("PUT", `/api/agents/${id}/config`, {
    headers: { "if-match": `"${configVersion}"` },
    body: {
      config: { ...config, risk: { ...config.risk, riskPerTradePct: 0.3 } },
    },
  });
}

/** Operators run them, the role risk changes them, no other trader does. */
async function agentsOfOthers({ people }: World): Promise<void> {
  const { vera, olga, ada, bob, ria, root } = people;
  const id = await spawn(ada, agentConfig({ name: "hers" }));
  const path = `/api/agents/${id}`;
  const seen = done(await vera("GET", path));
  assert.deepEqual(seen.owner, { id: "usr_ada", email: emailOf("ada") });
  assert.equal((await control(vera, path, "pause")).code, "ROLE_MISSING");
  assert.equal((await control(olga, path, "pause")).status, 202);
  assert.equal((await control(bob, path, "resume")).status, 202);
  assert.equal((await control(bob, path, "kill")).code, "ROLE_MISSING");
  const refused = await configure(bob, id);
  assert.equal(refused.code, "NOT_OWNER");
  assert.match(refused.body.detail, /ada@example\.com.*role risk/);
  assert.equal((await configure(olga, id)).code, "ROLE_MISSING");
  assert.equal((await configure(ada, id)).status, 200);
  // Within what its owner has: names and quota of the other do not matter.
  await spawn(ria, agentConfig({ name: "hers" }));
  assert.equal((await configure(ria, id)).status, 200);
  assert.equal(
    (await control(ria, path, "rearm")).code,
    "FRESH_PROOF_NEEDED",
  );
  assert.equal((await bob("DELETE", path)).code, "NOT_OWNER");
  assert.equal((await root("DELETE", path)).status, 204);

  const guard = await spawn(
    ada,
    guardConfig("warden", {
      measure: "drawdown_pct",
      action: "reducing",
      latched: false,
    }),
  );
  assert.equal(
    (await bob("DELETE", `/api/agents/${guard}`)).code,
    "NOT_OWNER",
  );
  assert.equal((await ada("DELETE", `/api/agents/${guard}`)).status, 204);
}

/** They are left alone; of keys others do not even learn that they exist. */
async function thingsOfOthers({ people, services }: World): Promise<void> {
  const { ada, bob, olga, ria, root } = people;
  const templates = done(await ada("GET", "/api/teams/templates")).items;
  const team = done(
    await ada("POST", "/api/teams/spawn", {
      body: {
        name: "pair",
        template: templates[0].name,
        market: { feed: { kind: "simulated" } },
        acknowledgeWarnings: true,
      },
    }),
  );
  assert.equal(team.owner.email, emailOf("ada"));
  const teamPath = `/api/teams/${team.id}`;
  assert.equal((await control(olga, teamPath, "pause")).status, 202);
  assert.equal((await bob("DELETE", teamPath)).code, "NOT_OWNER");
  assert.equal((await ria("DELETE", teamPath)).status, 204);

  const run = done(
    await ada("POST", "/api/backtests", {
      body: {
        config: agentConfig({ name: "tested" }),
        data: { kind: "simulated", candles: 500, seed: 1 },
      },
    }),
  );
  assert.equal(run.ownerEmail, emailOf("ada"));
  const runPath = `/api/backtests/${run.id}`;
  assert.equal((await bob("DELETE", runPath)).code, "NOT_OWNER");
  await olga("POST", `${runPath}/cancel`);
  assert.equal((await ada("DELETE", runPath)).status, 204);

  const builtIn = services.fleet.templates()[0]!.name;
  const file = JSON.parse(services.fleet.exportTemplate(builtIn));
  assert.ok(!JSON.stringify(file).includes("owner"));
  const agent = await spawn(ada, agentConfig({ name: "source" }));
  const own = done(
    await ada("GET", `/api/agents/${agent}/template?name=mine`),
  );
  done(await ada("POST", "/api/templates", { body: own }));
  assert.equal(
    (await bob("DELETE", "/api/templates/mine")).code,
    "NOT_OWNER",
  );
  assert.equal(
    (await ria("DELETE", "/api/templates/mine")).code,
    "NOT_OWNER",
  );
  assert.equal((await ada("DELETE", "/api/templates/mine")).status, 204);
  assert.equal(
    (await bob("DELETE", `/api/templates/${builtIn}`)).code,
    "ROLE_MISSING",
  );

  await enrolFactor(async (method, path, body) =>
    done(await ada(method, path, { body }))
  );
  const key = await addKey(ada);
  for (const stranger of [bob, ria, root]) {
    const known = await stranger("POST", `/api/exchange-keys/${key}/test`);
    const unknown = await stranger("POST", "/api/exchange-keys/none/test");
    assert.equal(known.status, 404);
    assert.equal(known.body.detail, unknown.body.detail);
  }
  assert.equal(
    (await bob("DELETE", `/api/exchange-keys/${key}`)).status,
    404,
  );
  assert.equal(
    (await root("DELETE", `/api/exchange-keys/${key}`)).status,
    204,
  );
}

async function addKey(person: Person): Promise<string> {
  const body = {
    label: CANARY,
    exchange: "binance",
    apiKey: `${CANARY}-api-key`,
    secret: `${CANARY}-secret`,
  };
  return done(await person("POST", "/api/exchange-keys", { body })).id;
}

/** What is one person's is not streamed: no key, no login, no second factor, no refusal. */
async function streamsOfAll({ people, services }: World): Promise<void> {
  const { vera, ada, bob } = people;
  const key = await addKey(ada);
  done(await ada("POST", `/api/exchange-keys/${key}/test`));
  const id = await spawn(ada, agentConfig({ name: "seen" }));
  assert.equal((await bob("DELETE", `/api/agents/${id}`)).code, "NOT_OWNER");
  assert.equal(
    (await vera("DELETE", `/api/agents/${id}`)).code,
    "ROLE_MISSING",
  );
  await assert.rejects(
    services.auth.login({ email: emailOf("ada"), password: "wrong" }, {
      userAgent: "",
      address: "127.0.0.1",
    }),
  );
  done(await ada("DELETE", `/api/exchange-keys/${key}`));
  done(await ada("DELETE", `/api/agents/${id}`));
  const topics = "agent:update,market:update,backtest:update,logs:all," +
    "trade:alert,system:event";
  const events = await vera.follow(
    `/api/stream?topics=${topics}&after=0`,
    ({ type }) => type === "agent.removed",
  );
  const text = JSON.stringify(events);
  assert.ok(events.some(({ data }) => data?.owner?.email === emailOf("ada")));
  for (
    const secret of [
      CANARY,
      key,
      "ses_",
      "argon2",
      "otpauth",
      "NOT_OWNER",
      "ROLE_MISSING",
      emailOf("vera"),
    ]
  ) {
    assert.ok(!text.includes(secret), secret);
  }
}

Deno.test("people of every role may do to their own and to others' things what the policy says, and streams tell of nobody's secrets", async () => {
  await withPeople(async (world) => {
    await agentsOfOthers(world);
    await thingsOfOthers(world);
    await streamsOfAll(world);
  });
});
