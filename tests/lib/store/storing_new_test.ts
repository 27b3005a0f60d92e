/** What is new and of which the store did not say whether it took it. */
import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { sharedTemplateSchema } from "../../../lib/contracts/template.ts";
import { AppError } from "../../../lib/core/errors.ts";
import type { KvCall, KvOutcome } from "../../../lib/store/kv/faults.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import { COMMAND_BUDGET_MS } from "../../../lib/store/limits.ts";
import { createStore } from "../../../lib/store/open_store.ts";
import type { Store } from "../../../lib/store/port.ts";
import { TEMPLATE } from "../api/samples.ts";
import { sampleView } from "../backtest/sample_report.ts";
import { agentIdOf, auditOf, recordOf } from "./support.ts";

/** Runs a command on a store whose next commit arrives, and from there on no answer comes. */
async function withoutAnswer(
  command: (store: Store) => Promise<unknown>,
  before: (store: Store) => Promise<unknown> = () => Promise.resolve(),
): Promise<AppError> {
  const clock = createSimulatedClock();
  let answers: "come" | "come until the next write" | "are lost" = "come";
  const fateOf = (kind: KvCall["kind"]): KvOutcome => {
    if (answers === "come") return "ok";
    if (kind === "write") answers = "are lost";
    // What looks for a proof of the write hears nothing either.
    return answers === "are lost" ? "hang_done" : "ok";
  };
  const connection = createMemoryDatabase().connect({
    faults: { onCall: ({ kind }) => ({ outcome: fateOf(kind) }) },
  });
  const store = await createStore(connection, { time: clock });
  await before(store);
  answers = "come until the next write";
  const failed = command(store).then(() => null, (error) => error);
  await clock.advance(COMMAND_BUDGET_MS);
  const error = await failed;
  assert.ok(error instanceof AppError);
  assert.equal(error.code, "STORE_UNAVAILABLE");
  answers = "come";
  await store.close();
  return error;
}

const audit = auditOf("test");
const record = recordOf(agentIdOf(1));
const { origin: _, ...shared } = TEMPLATE;
const template = sharedTemplateSchema.parse(shared);

Deno.test("what makes an agent, a backtest or a template is of unknown outcome where the store did not answer", async () => {
  const commands: Record<string, (store: Store) => Promise<unknown>> = {
    "agents.save": ({ agents }) =>
      agents.save(record, { expected: null, audit }),
    "backtests.create": ({ backtests }) =>
      backtests.create(sampleView(), audit),
    "templates.createAll": ({ templates }) =>
      templates.createAll([{ template }], audit),
  };
  for (const [name, command] of Object.entries(commands)) {
    // deno-lint-ignore no-await-in-loop -- each has a store of its own
    const error = await withoutAnswer(command);
    assert.equal(error.isOutcomeUnknown, true, name);
  }
});

Deno.test("a change of an agent may be asked for again with its key: it makes nothing new", async () => {
  const error = await withoutAnswer(
    ({ agents }) =>
      agents.save({ ...record, updatedAt: 2 }, { expected: record, audit }),
    ({ agents }) => agents.save(record, { expected: null, audit }),
  );
  assert.equal(error.isOutcomeUnknown, false);
});

Deno.test("what never got its turn at the store is certainly not there, and may be asked for again with its key", async () => {
  const error = await withoutAnswer(({ agents, backtests }) => {
    const ahead = agents.save(record, { expected: null, audit });
    const behind = backtests.create(sampleView(), audit);
    ahead.catch(() => {});
    return behind;
  });
  assert.match(error.message, /nothing of it was stored; send it again/);
  assert.equal(error.isOutcomeUnknown, false);
});
