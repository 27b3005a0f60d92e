import { deepEqual, equal, ok } from "node:assert/strict";
import { signal } from "@preact/signals";
import { FORM_TOKEN_HEADER } from "../../../lib/contracts/form_token.ts";
import type { Problem } from "../../../lib/contracts/problem.ts";
import { AgentStore } from "../../../lib/ui/agent/agent_store.ts";
import {
  ApiProblem,
  createApiClient,
} from "../../../lib/ui/client/api_client.ts";
import { failureOf } from "../../../lib/ui/client/failure.ts";
import { loadWraps, saveWraps } from "../../../lib/ui/logs/wrap_choice.ts";
import { ServerCheck } from "../../../lib/ui/spawn/server_check.ts";
import { sampleConfig, viewOf } from "../api/samples.ts";

const NOW = Date.UTC(2026, 0, 2, 12);

function problem(change: Partial<Problem> = {}): Problem {
  return {
    type: "about:blank",
    title: "There is no such agent",
    status: 404,
    detail: "List them first",
    instance: "req_1",
    code: "AGENT_NOT_FOUND",
    ...change,
  };
}

/** A server that answers everything with one problem. */
function refusing(body: Problem, onSignedOut = () => {}) {
  return createApiClient({
    fetch: () => Promise.resolve(Response.json(body, { status: body.status })),
    onSignedOut,
  });
}

function storeOf(api: ReturnType<typeof refusing>): AgentStore {
  const agent = viewOf("agt_1", sampleConfig(), { now: NOW });
  return new AgentStore({
    agent: { ...agent, desired: "running", observed: "running" },
    chart: null,
    chartFailure: null,
    performance: null,
    trades: null,
    resources: null,
  }, api);
}

Deno.test("failureOf() keeps code and request of a problem, and has neither without an answer", () => {
  deepEqual(failureOf(new ApiProblem(problem(), null)), {
    detail: "There is no such agent: List them first",
    code: "AGENT_NOT_FOUND",
    requestId: "req_1",
  });
  deepEqual(failureOf(new Error("no answer")), {
    detail: "no answer",
    code: null,
    requestId: null,
  });
});

Deno.test("AgentStore that finds its agent gone while it heard nothing says so, and takes that for an answer", async () => {
  const store = storeOf(refusing(problem()));
  await store.refreshAll();
  ok(store.removedAt.value !== null);
  equal(store.agent.value.observed, "stopped");
  store.putView({ ...store.agent.value, observed: "running" });
  equal(store.agent.value.observed, "stopped");
});

Deno.test("AgentStore tells why results could not be read", async () => {
  const store = storeOf(refusing(problem({ status: 503, code: "DRAINING" })));
  await store.refreshTrades();
  equal(store.recordsFailure.value?.code, "DRAINING");
  equal(store.isReadingRecords.value, false);
  equal(store.removedAt.value, null);
});

Deno.test("createApiClient() tells of the end of a login, and not of a wrong proof", async () => {
  let ends = 0;
  for (const code of ["AUTH_REQUIRED", "AUTH_INVALID"] as const) {
    const api = refusing(problem({ status: 401, code }), () => ends++);
    // deno-lint-ignore no-await-in-loop -- one call after the other
    await api.templates().catch(() => {});
  }
  equal(ends, 1);
});

Deno.test("createApiClient() hands on the token of another cookie, also where the rest was refused", async () => {
  const tokens: string[] = [];
  const api = createApiClient({
    fetch: () =>
      Promise.resolve(
        Response.json(problem(), {
          status: 404,
          headers: { [FORM_TOKEN_HEADER]: "of the new cookie" },
        }),
      ),
    onFormToken: (token) => tokens.push(token),
  });
  await api.templates().catch(() => {});
  deepEqual(tokens, ["of the new cookie"]);
});

Deno.test("ServerCheck.settled() asks at once, waits for the answer, and is false for a form that was changed meanwhile", async () => {
  const input = signal(`"one"`);
  const asked: string[] = [];
  const answers: PromiseWithResolvers<void>[] = [];
  const check = new ServerCheck({
    input,
    ask: async (text) => {
      asked.push(text);
      const answer = Promise.withResolvers<void>();
      answers.push(answer);
      await answer.promise;
      return { errors: [], warnings: [] };
    },
    onAnswer: () => {},
  });
  const end = check.start();
  const first = check.settled();
  equal(check.checking.value, true);
  answers[0]!.resolve();
  equal(await first, true);
  equal(check.checking.value, false);
  input.value = `"two"`;
  const second = check.settled();
  input.value = `"three"`;
  answers[1]!.resolve();
  equal(await second, false);
  // The answer to what is there no longer is none to what is.
  equal(check.checking.value, true);
  deepEqual(asked, [`"one"`, `"two"`]);
  end();
});

Deno.test("ServerCheck that gets no answer forgets what was wrong with an earlier form", async () => {
  const input = signal("1");
  const wrong = [{
    pointer: "/name",
    code: "NAME_TAKEN",
    detail: "It is taken",
  }];
  const check = new ServerCheck({
    input,
    ask: (text) =>
      text === "1"
        ? Promise.resolve({ errors: wrong, warnings: [] })
        : Promise.reject(new Error("no answer")),
    onAnswer: () => {},
  });
  const end = check.start();
  await check.settled();
  deepEqual(check.validation.value?.errors, wrong);
  input.value = "2";
  equal(await check.settled(), true);
  deepEqual(check.validation.value?.errors, []);
  equal(check.failure.value, "Not checked by the server: no answer");
  end();
});

Deno.test("loadWraps() gives what saveWraps() kept, and nothing where the browser keeps nothing", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  equal(loadWraps(storage), false);
  saveWraps(storage, true);
  equal(loadWraps(storage), true);
  const refuse = () => {
    throw new Error("refused");
  };
  saveWraps({ setItem: refuse }, true);
  equal(loadWraps({ getItem: refuse }), false);
});
