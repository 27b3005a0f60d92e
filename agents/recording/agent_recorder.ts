import type { ActorRuntime } from "../../actors/program.ts";
import type { AgentWorkerConfig } from "../../lib/contracts/agent.ts";
import { SessionRecorder } from "./session_recorder.ts";

/** The recorder of an agent's incarnation, or null where its configuration asks for none. */
export function recorderOf(
  runtime: Pick<ActorRuntime, "config" | "report">,
  behavior: string,
): SessionRecorder | null {
  const { config } = runtime.config as AgentWorkerConfig;
  // Not every configuration that was stored has the setting.
  if (config.record !== true) return null;
  return new SessionRecorder({
    behavior,
    report: (report) => runtime.report(report),
  });
}
