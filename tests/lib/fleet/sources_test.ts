import assert from "node:assert/strict";
import {
  type AgentConfigInput,
  agentConfigSchema,
} from "../../../lib/contracts/agent_config.ts";
import { LISTENERS_MAX, SOURCES_MAX } from "../../../lib/contracts/signal.ts";
import {
  findSourceErrors,
  type SourceCandidate,
  withSourceIds,
} from "../../../lib/fleet/sources/checks.ts";
import { agentConfig } from "../../support/config.ts";

function candidate(
  id: string,
  change: Partial<AgentConfigInput> = {},
  ownerId = "usr_1",
): SourceCandidate {
  const config = agentConfigSchema.parse(
    agentConfig({ name: `Agent ${id}`, signalsOnly: true, ...change }),
  );
  return { id, ownerId, config };
}

function executor(sources: string[], change: Partial<AgentConfigInput> = {}) {
  return agentConfigSchema.parse(
    agentConfig({ name: "Exec", type: "executor", sources, ...change }),
  );
}

const AGENTS = [
  candidate("agt_a"),
  candidate("agt_trader", { signalsOnly: false }),
  candidate("agt_other", {}, "usr_2"),
  candidate("agt_5m", { timeframe: "5m" }),
  candidate("agt_risk", { type: "risk_manager" }),
];
const CONTEXT = { selfId: null, ownerId: "usr_1", agents: AGENTS };

function errorsOf(
  sources: string[],
  change: Partial<AgentConfigInput> = {},
  context = CONTEXT as Parameters<typeof findSourceErrors>[1],
) {
  return findSourceErrors(executor(sources, change), context);
}

Deno.test("findSourceErrors() lets an executor listen to detectors that only report on the same candles", () => {
  assert.deepEqual(errorsOf(["agt_a"]), []);
  assert.deepEqual(
    findSourceErrors(
      agentConfigSchema.parse(agentConfig({ name: "Alone" })),
      CONTEXT,
    ),
    [],
  );
});

const MISTAKES: readonly [string, string[], string, RegExp][] = [
  ["nobody", [], "SOURCES_MISSING", /name at least one/],
  [
    "an agent that is not there",
    ["agt_x"],
    "SOURCE_UNKNOWN",
    /no agent "agt_x"/,
  ],
  [
    "an agent of somebody else",
    ["agt_other"],
    "SOURCE_FOREIGN",
    /somebody else/,
  ],
  ["itself by its name", ["exec"], "SOURCE_ITSELF", /listen to itself/],
  ["one that trades", ["agt_trader"], "SOURCE_TRADES", /traded twice/],
  ["one of another timeframe", ["agt_5m"], "SOURCE_MARKET", /5m.*same candles/],
  ["a risk manager", ["agt_risk"], "SOURCE_SILENT", /Risk Manager/],
];

for (const [what, sources, code, sentence] of MISTAKES) {
  Deno.test(`findSourceErrors() refuses to listen to ${what}`, () => {
    const errors = errorsOf(sources);
    assert.equal(errors.length, 1);
    assert.equal(errors[0]!.code, code);
    assert.match(errors[0]!.detail, sentence);
  });
}

Deno.test("findSourceErrors() refuses sources of a type that listens to nobody, and an executor that only reports", () => {
  const detector = agentConfigSchema.parse(
    agentConfig({ name: "Det", sources: ["agt_a"] }),
  );
  assert.equal(findSourceErrors(detector, CONTEXT)[0]!.code, "SOURCES_UNUSED");
  const only = errorsOf(["agt_a"], { signalsOnly: true });
  assert.deepEqual(only.map(({ code }) => code), ["SIGNALS_ONLY"]);
});

Deno.test("findSourceErrors() refuses a circle, however long", () => {
  const engine = (id: string, sources: string[]) =>
    candidate(id, { type: "decision_engine", sources });
  const agents = [engine("a", ["c"]), engine("b", ["a"]), engine("c", [])];
  const context = { selfId: "c", ownerId: "usr_1", agents };
  const codes = (sources: string[]) =>
    findSourceErrors(engine("c", sources).config, context)
      .map(({ code }) => code);
  assert.deepEqual(codes(["b"]), ["SOURCE_CYCLE"]);
  assert.deepEqual(codes(["c"]), ["SOURCE_ITSELF"]);
});

Deno.test("findSourceErrors() bounds how many listen to one agent, the one that does already not counted twice", () => {
  const listeners = Array.from(
    { length: LISTENERS_MAX },
    (_, index) =>
      candidate(`e${index}`, { type: "executor", sources: ["agt_a"] }),
  );
  const agents = [...AGENTS, ...listeners];
  const busy = errorsOf(["agt_a"], {}, { ...CONTEXT, agents });
  assert.deepEqual(busy.map(({ code }) => code), ["SOURCE_BUSY"]);
  const own = errorsOf(["agt_a"], {}, { ...CONTEXT, agents, selfId: "e3" });
  assert.deepEqual(own, []);
});

Deno.test("findSourceErrors() keeps an agent reporting that others listen to", () => {
  const agents = [
    ...AGENTS,
    candidate("e1", { type: "executor", sources: ["agt_a"] }),
  ];
  const config = { ...AGENTS[0]!.config, signalsOnly: false };
  const errors = findSourceErrors(config, {
    selfId: "agt_a",
    ownerId: "usr_1",
    agents,
  });
  assert.deepEqual(errors.map(({ code }) => code), ["SOURCE_IN_USE"]);
  assert.match(errors[0]!.detail, /"Agent e1" listens/);
});

Deno.test("withSourceIds() takes names of the owner's agents and keeps each agent once", () => {
  const { sources } = withSourceIds(
    executor(["agent AGT_A", "agt_a", "nobody", "Agent agt_other"]),
    CONTEXT,
  );
  assert.deepEqual(sources, ["agt_a", "nobody", "Agent agt_other"]);
});

Deno.test("agentConfigSchema takes a bounded number of sources and none by default", () => {
  const parse = (sources?: string[]) =>
    agentConfigSchema.safeParse({
      ...agentConfig({ name: "Exec" }),
      ...(sources === undefined ? {} : { sources }),
    });
  assert.deepEqual(parse().data!.sources, []);
  const many = parse(
    Array.from({ length: SOURCES_MAX + 1 }, (_, n) => `a${n}`),
  );
  assert.match(many.error!.issues[0]!.message, /at most 8/);
});
