/**
 * The data of older builds under the server of this one: nothing is lost, and a
 * kill in between changes nothing.
 *
 * @module
 */
import assert from "node:assert/strict";
import * as OTPAuth from "otpauth";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { Trade } from "../../lib/contracts/order.ts";
import { logIn, type TestApi } from "../support/api.ts";
import {
  FIXTURE_FORMATS,
  ofFamily,
  readFixture,
  type SchemaFixture,
  writeFixture,
} from "../support/schema_fixture.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import { startVenueProcess } from "../venue/process.ts";
import { readTrades, ROOT, tradesOf } from "./backup_support.ts";

/** A market that hardly moves: what is compared is what the older build left. */
const SLOW = { SIMULATION_SPEED: "1" };

for (const format of FIXTURE_FORMATS) {
  Deno.test(`upgrade from schema ${format}: nothing lost, over a kill of the server as well`, () =>
    withTempDir(async (dataDir) => {
      const fixture = readFixture(format);
      await writeFixture(fixture, dataDir);
      const venue = await startVenueProcess();
      const env = {
        ...SLOW,
        EXCHANGES: "binance",
        EXCHANGE_ENDPOINTS: `binance=${venue.url}`,
      };
      try {
        // Killed as soon as it serves; a kill between any two writes is in upgrade_test.ts of the store.
        const killed = await startServer({ dataDir, env });
        assert.match(killed.output(), /a backup was made: \S+\/upgrade-/);
        await killed.kill();
        const server = await startServer({ dataDir, env });
        try {
          assert.doesNotMatch(server.output(), /backup was made/);
          await checkNothingLost(server, fixture);
          await checkAudit(dataDir, fixture);
        } finally {
          assert.equal(await server.stop(), 0);
        }
      } finally {
        await venue.stop();
      }
    }));
}

async function checkNothingLost(
  server: TestServer,
  fixture: SchemaFixture,
): Promise<void> {
  const { about, entries } = fixture;
  const api = await logIn(server, codeOf(fixture));
  for (const { value: { record } } of ofFamily(entries, "agent")) {
    // deno-lint-ignore no-await-in-loop -- two agents
    await checkAgent(api, record, fixture);
  }
  if (about.exchangeKeyId === undefined) return;
  const verdict = await api.send<{ status: string }>(
    "POST",
    `/api/exchange-keys/${about.exchangeKeyId}/test`,
  );
  assert.equal(verdict.status, "verified", "the sealed key opens");
}

/** The configuration, the state and the books of one agent. */
async function checkAgent(
  api: TestApi,
  record: { id: string; desired: string; config: Record<string, unknown> },
  { entries }: SchemaFixture,
): Promise<void> {
  const known = ofFamily(entries, "trade")
    .filter(({ key }) => key[1] === record.id)
    .map(({ value }) => value.trade as Trade);
  const old = ofFamily(entries, "view")
    .find(({ key }) => key[1] === record.id)!.value.value as AgentView;
  const agent = await api.waitForAgent(
    record.id,
    ({ observed }) => observed === record.desired,
  );
  assert.equal(agent.name, record.config["name"]);
  assert.ok(tradesOf(agent) >= tradesOf(old));
  const trades = await readTrades(api, record.id);
  const idsOf = (list: readonly Trade[]) => list.map(({ tradeId }) => tradeId);
  assert.deepEqual(idsOf(trades.slice(0, known.length)), idsOf(known));
  for (const [n, trade] of known.entries()) {
    assert.partialDeepStrictEqual(trades[n], trade);
  }
  const { config } = await api.get<{ config: object }>(
    `/api/agents/${record.id}`,
  );
  assert.partialDeepStrictEqual(config, record.config);
}

/** A code for the login, where there is a second factor. */
function codeOf({ about }: SchemaFixture): string | undefined {
  if (about.factorUri === undefined) return undefined;
  const totp = OTPAuth.URI.parse(about.factorUri);
  assert.ok(totp instanceof OTPAuth.TOTP);
  return totp.generate();
}

/** The chain is whole, and begins over what there was before. */
async function checkAudit(
  dataDir: string,
  { entries }: SchemaFixture,
): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "audit", "verify"],
    cwd: ROOT,
    env: { DATA_DIR: dataDir, NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(new Uint8Array([...stdout, ...stderr]));
  assert.equal(code, 0, text);
  const count = Number(/commands: (\d+) entries/.exec(text)![1]);
  assert.ok(count >= ofFamily(entries, "audit").length, text);
}
