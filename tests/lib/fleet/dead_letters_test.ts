import assert from "node:assert/strict";
import {
  createSimulatedClock,
  type SimulatedClock,
  type SupervisorEvent,
} from "../../../actors/mod.ts";
import type { DeadLetter } from "../../../lib/contracts/dead_letter.ts";
import type { FleetContext } from "../../../lib/fleet/context.ts";
import { DeadLetterKeeper } from "../../../lib/fleet/dead_letters.ts";
import {
  DEAD_LETTER_KINDS_MAX,
  DEAD_LETTER_WINDOW_MS,
} from "../../../lib/fleet/limits.ts";
import { AgentRegistry } from "../../../lib/fleet/registry.ts";
import { agentEntry } from "../../support/record.ts";

type LostMessage = Extract<SupervisorEvent, { type: "dead_letter" }>;

interface World {
  keeper: DeadLetterKeeper;
  clock: SimulatedClock;
  kept: Omit<DeadLetter, "n">[];
  lines: string[];
  agentId: string;
}

function createWorld(): World {
  const clock = createSimulatedClock();
  const entry = agentEntry({ name: "loser" });
  const agents = new AgentRegistry();
  agents.add(entry);
  const kept: Omit<DeadLetter, "n">[] = [];
  const lines: string[] = [];
  const context = {
    agents,
    clock,
    store: {
      deadLetters: {
        append: (letter: Omit<DeadLetter, "n">) => {
          kept.push(letter);
          return Promise.resolve();
        },
      },
    },
    track: () => {},
    log: ({ message }: { message: string }) => void lines.push(message),
  } as unknown as FleetContext;
  const keeper = new DeadLetterKeeper(context);
  return { keeper, clock, kept, lines, agentId: entry.record.id };
}

function lost(change: Partial<LostMessage>): LostMessage {
  return {
    type: "dead_letter",
    id: "desk:paper",
    epoch: 2,
    reason: "late_message",
    link: "agent:agt_1",
    detail: "a decision",
    ...change,
  };
}

Deno.test("DeadLetterKeeper keeps the first of a kind at once, with its agent's name", () => {
  const { keeper, kept, lines, agentId } = createWorld();
  keeper.take(lost({ id: agentId, reason: "poison" }));
  keeper.take(lost({}));
  assert.deepEqual(kept.map(({ agentName, actorId }) => [agentName, actorId]), [
    ["loser", agentId],
    [null, "desk:paper"],
  ]);
  assert.match(lines[0]!, /a decision.*crashed twice/);
  assert.match(lines[1]!, /^The desk: /);
});

Deno.test("DeadLetterKeeper keeps a flood of one kind as two letters and two lines", async () => {
  const { keeper, clock, kept, lines } = createWorld();
  for (let n = 0; n < 100_000; n++) keeper.take(lost({ epoch: n }));
  assert.equal(kept.length, 1);
  await clock.advance(DEAD_LETTER_WINDOW_MS);
  assert.equal(kept.length, 2);
  assert.equal(lines.length, 2);
  assert.equal(kept[1]!.epoch, 99_999);
  assert.match(kept[1]!.detail, /newest of 99999 more like it/);
  keeper.take(lost({}));
  assert.equal(kept.length, 3, "the next window begins anew");
});

Deno.test("DeadLetterKeeper bounds kinds, and says how many it only counted", async () => {
  const { keeper, clock, kept, lines } = createWorld();
  for (let n = 0; n < DEAD_LETTER_KINDS_MAX + 7; n++) {
    keeper.take(lost({ link: `link:${n}` }));
  }
  assert.equal(kept.length, DEAD_LETTER_KINDS_MAX);
  await clock.advance(DEAD_LETTER_WINDOW_MS);
  assert.match(lines.at(-1)!, /^7 further messages/);
});
