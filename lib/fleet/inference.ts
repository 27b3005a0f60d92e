/**
 * The worker that runs models: one for all decision engines of this host. The
 * first of them starts it, and then it stays, because loading the runtime takes
 * a second. Without a decision engine there is none.
 *
 * @module
 */
import type { AgentConfig } from "../contracts/agent_config.ts";
import type {
  InferenceQuery,
  LoadedModel,
  RuntimeStatus,
} from "../contracts/inference.ts";
import { LINKS } from "../contracts/links.ts";
import type { FleetContext } from "./context.ts";

/** Id of the inference worker. */
export const INFERENCE_ID = "inference";

/** The ONNX runtime of this machine, which models run in. */
export interface ModelRuntime {
  /** Asks for it where it is not installed. Resolves before it is there. */
  request(): Promise<void>;
  status(): Promise<RuntimeStatus>;
}

/** Whether an agent cannot work without models. */
export function needsInference({ type }: Pick<AgentConfig, "type">): boolean {
  return type === "decision_engine";
}

/**
 * Starts the worker where it does not run yet; resolves when it does. The
 * runtime may still be on its way: the worker waits for it, and nobody else.
 */
export async function ensureInference(context: FleetContext): Promise<void> {
  const { hosts, settings, supervisor } = context;
  try {
    await context.modelRuntime?.request();
  } catch (error) {
    // The worker finds that nobody was asked, and says what to do.
    context.onError("ask for the ONNX runtime", error);
  }
  context.inference ??= supervisor.start({
    id: INFERENCE_ID,
    kind: "inference",
    createHost: () => hosts.inference(),
    loadInit: () =>
      Promise.resolve({ config: settings.inference, snapshot: null }),
    restart: "permanent",
  });
  try {
    await context.inference;
  } catch (error) {
    // Another try makes a new one.
    context.inference = null;
    throw error;
  }
}

/** How the runtime stands; null where nobody knows. */
export async function readModelRuntime(
  { modelRuntime }: FleetContext,
): Promise<RuntimeStatus | null> {
  return await modelRuntime?.status() ?? null;
}

/** Joins an agent with the worker, whenever both are up. */
export function connectInference(context: FleetContext, id: string): void {
  context.supervisor.connect({
    from: id,
    fromLink: LINKS.inference,
    to: INFERENCE_ID,
    toLink: LINKS.agentOf(id),
    // Each process counts its workers from 1, and an engine remembers the number over a restart of the server.
    fromInfo: ({ toEpoch }) => ({
      workerEpoch: context.startedAt + toEpoch,
    }),
  });
}

/** What the worker holds; nothing while it does not run or does not answer. */
export async function loadedModels(
  { supervisor }: FleetContext,
): Promise<readonly LoadedModel[]> {
  if (supervisor.status(INFERENCE_ID) === null) return [];
  const query: InferenceQuery = { type: "models" };
  try {
    return await supervisor.ask(INFERENCE_ID, query) as LoadedModel[];
  } catch {
    return [];
  }
}
