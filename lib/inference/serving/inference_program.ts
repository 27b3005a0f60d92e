import type { ActorProgram } from "../../../actors/program.ts";
import type {
  EngineToInference,
  InferenceQuery,
  InferenceWorkerConfig,
} from "../../contracts/inference.ts";
import { InferenceServer } from "./inference_server.ts";

/** The program of an inference worker: one server, whose messages come one at a time. */
export const inferenceProgram: ActorProgram = {
  start(runtime) {
    const server = new InferenceServer({
      config: runtime.config as InferenceWorkerConfig,
      monotonicMs: () => runtime.clock.monotonicMs(),
      send: (link, message) => runtime.send(link, message),
    });
    return {
      receive: (link, message) =>
        server.receive(link, message as EngineToInference),
      linkClosed: (link) => server.forget(link),
      ask: (query) => server.answer(query as InferenceQuery),
    };
  },
};
