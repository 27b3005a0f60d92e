import assert from "node:assert/strict";
import type { Behavior } from "../../../../actors/behavior.ts";
import { patternDetector } from "../../../../agents/mod.ts";
import { replaySession } from "../../../../lib/backtest/recording/replay_session.ts";
import { withCompleteConfig } from "../../../../lib/backtest/recording/complete_config.ts";
import { readSession } from "../../../../lib/backtest/recording/session_file.ts";
import type { AgentToDesk } from "../../../../lib/contracts/links.ts";

const SESSION = new URL(
  "../../../fixtures/all-strategies.session",
  import.meta.url,
);

/** What has recorded the session; to be run again when decisions are meant to change. */
const RECORDED_BY = `deno task backtest --simulated 600 --seed 2 \\
  --template structure-combined --no-check --random-entries 0 \\
  --set strategies.orderBlock.enabled=true --set strategies.fvg.enabled=true \\
  --set strategies.fvg.minGapAtr=0.2 --set strategies.liquiditySweep.enabled=true \\
  --set strategies.breakout.enabled=true --set strategies.breakout.exit=trail \\
  --set strategies.breakout.volumeRatio=0 --set strategies.meanReversion.enabled=true \\
  --set strategies.meanReversion.maxAdx=40 --set strategies.meanReversion.minRewardRisk=0.5 \\
  --record tests/fixtures/all-strategies.session`;

async function readFixture() {
  const { readable } = await Deno.open(SESSION, { read: true });
  return readSession(readable, "all-strategies.session");
}

Deno.test("the recorded session with all strategies on is decided today as it was, bit for bit", async () => {
  const verdict = await replaySession(
    await readFixture(),
    () => withCompleteConfig(patternDetector as Behavior),
  );
  assert.ok(
    verdict.isEqual && verdict.isWhole,
    `Decisions have changed: ${
      JSON.stringify(verdict, null, 2)
    }\nIf they were meant to, record the session anew:\n${RECORDED_BY}`,
  );
  assert.ok(verdict.turns >= 600 && verdict.decisions > 50);
});

Deno.test("the recorded session has an order of every strategy, and every kind of action", async () => {
  const strategies = new Set<string>();
  const kinds = new Set<string>();
  for await (const part of await readFixture()) {
    if (part.type !== "turn" || typeof part.turn.outputs === "string") continue;
    for (const output of part.turn.outputs) {
      const message = output.to === "link"
        ? output.message as AgentToDesk
        : null;
      if (message?.type !== "decided") continue;
      for (const action of message.actions) {
        kinds.add(action.kind);
        if (action.kind === "submit") strategies.add(action.intent.strategy);
      }
    }
  }
  assert.deepEqual([...strategies].sort(), [
    "breakout",
    "fvg",
    "liquiditySweep",
    "meanReversion",
    "orderBlock",
  ]);
  assert.deepEqual([...kinds].sort(), [
    "cancel",
    "close",
    "moveStop",
    "submit",
  ]);
});
