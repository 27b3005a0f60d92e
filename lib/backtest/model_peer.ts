import type {
  EngineToInference,
  InferenceToEngine,
  InferenceWorkerConfig,
} from "../contracts/inference.ts";
import { AppError } from "../core/errors.ts";
import { InferenceServer } from "../inference/serving/inference_server.ts";

/** Answers a decision engine as the inference worker does, one message at a time. */
export interface ModelPeer {
  /** @throws {AppError} MODEL_UNUSABLE for a model that cannot be loaded: a test without it would tell nothing. */
  answer(message: EngineToInference): Promise<readonly InferenceToEngine[]>;
}

const LINK = "backtest";

/** Runs models in this isolate. They stay in memory from one run to the next. */
export function createModelPeer(config: InferenceWorkerConfig): ModelPeer {
  let answers: InferenceToEngine[] = [];
  const server = new InferenceServer({
    config,
    monotonicMs: () => performance.now(),
    send: (_, answer) => void answers.push(answer),
  });
  return {
    async answer(message) {
      answers = [];
      await server.receive(LINK, message);
      for (const answer of answers) {
        if (answer.type !== "failed") continue;
        throw new AppError(
          "MODEL_UNUSABLE",
          `The model "${answer.model}" cannot be used: ${answer.reason}`,
          { status: 422 },
        );
      }
      return answers;
    },
  };
}
