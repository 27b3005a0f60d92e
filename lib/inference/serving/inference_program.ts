import type { ActorProgram } from "../../../actors/program.ts";
import type {
  EngineToInference,
  InferenceQuery,
  InferenceToEngine,
  InferenceWorkerConfig,
} from "../../contracts/inference.ts";
import { lookForRuntime } from "../install/runtime_wait.ts";
import { InferenceServer } from "./inference_server.ts";
import { RuntimeGate } from "./runtime_gate.ts";

/**
 * The program of an inference worker: one server, whose messages come one at a
 * time. No message waits for the runtime to be fetched: that takes as long as
 * the network does, and a worker must be able to end between two messages.
 */
export const inferenceProgram: ActorProgram = {
  start(runtime) {
    const config = runtime.config as InferenceWorkerConfig;
    const send = (link: string, message: InferenceToEngine) =>
      runtime.send(link, message);
    const { clock } = runtime;
    const server = new InferenceServer({
      config,
      monotonicMs: () => clock.monotonicMs(),
      send,
    });
    const gate = new RuntimeGate({
      look: (waitedMs) => lookForRuntime(config.runtime, waitedMs),
      clock,
      send,
    });
    return {
      async receive(link, received) {
        const message = received as EngineToInference;
        if (message.type === "load") {
          server.forget(link);
          if (!await gate.admits(link, message.models)) return;
        }
        await server.receive(link, message);
      },
      linkClosed(link) {
        gate.forget(link);
        server.forget(link);
      },
      ask: (query) => server.answer(query as InferenceQuery),
      stop: () => gate.close(),
    };
  },
};
