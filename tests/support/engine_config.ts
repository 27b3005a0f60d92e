import type { AgentConfigInput } from "../../lib/contracts/agent_config.ts";
import { agentConfig } from "./config.ts";
import { type TestKind, writeTestPackage } from "./onnx/write_package.ts";

/** Names of the models that {@link writeTestModels} writes. */
export const TEST_MODELS = ["own-lstm", "own-ppo", "own-transformer"];

/** Writes a model of each kind into a folder. */
export async function writeTestModels(folder: string): Promise<void> {
  // Seeds whose networks do not always lean the same way.
  const seeds = { lstm: 1, transformer: 2, ppo: 3 } as const;
  for (const [kind, seed] of Object.entries(seeds)) {
    // deno-lint-ignore no-await-in-loop -- a file at a time
    await writeTestPackage(folder, {
      name: `own-${kind}`,
      kind: kind as TestKind,
      seed,
    });
  }
}

/** A decision engine that trades whatever these models say, on candles of 15 minutes. */
export function testEngineConfig(
  change: Partial<AgentConfigInput> & { name: string },
): AgentConfigInput {
  const config = agentConfig({ name: change.name });
  return {
    ...config,
    type: "decision_engine",
    timeframe: "15m",
    // As the models were trained.
    detector: {},
    decision: {
      models: TEST_MODELS,
      minConfidence: 0.34,
      maxDisagreement: 1,
      stopAtr: 2,
      targetAtr: 6,
      maxHoldCandles: 12,
    },
    risk: { ...config.risk, maxDrawdownPct: 50, dailyLossLimit: "10000" },
    safety: { ...config.safety, breakerConsecutiveLosses: 0 },
    ...change,
  };
}
