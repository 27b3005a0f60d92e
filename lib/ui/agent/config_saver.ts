import { useSignal } from "@preact/signals";
import type { AgentDetail, ConfigResponse } from "../../contracts/agent.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import type { StepUpRequest } from "../../contracts/second_factor.ts";
import { isProofNeeded } from "../client/api_client.ts";
import { api } from "../client/live.ts";
import { showToast } from "../client/toasts.ts";

/** What saving has come to. */
const EFFECTS: Readonly<Record<ConfigResponse["effect"], string>> = {
  applied: "It holds from now on",
  needs_restart:
    "Limits at the order desk hold now; restart the agent for all of it to hold",
  stored: "It holds from the next start",
};

/** A configuration on its way, and the version of the agent that was seen when editing began. */
export interface ConfigChange {
  onto: Pick<AgentDetail, "id" | "configVersion">;
  config: AgentConfig;
}

/** Saves a configuration; a fresh proof is asked for in between where it is needed. */
export interface ConfigSaver {
  save(change: ConfigChange): Promise<void>;
  isSaving: boolean;
  /** What waits for a fresh proof. */
  isUnproven: boolean;
  giveUp(): void;
  prove(proof: StepUpRequest): Promise<void>;
}

/** A saver for one editor. */
export function useConfigSaver(
  { onSaved, onRefused }: {
    onSaved: () => void;
    onRefused: (error: unknown) => Promise<void> | void;
  },
): ConfigSaver {
  const isSaving = useSignal(false);
  const waiting = useSignal<ConfigChange | null>(null);
  const save = async (change: ConfigChange) => {
    const { onto: { id, configVersion }, config } = change;
    isSaving.value = true;
    try {
      const answer = await api.putConfig(id, config, configVersion);
      showToast(
        "ok",
        `Saved as version ${answer.configVersion}`,
        EFFECTS[answer.effect],
      );
      onSaved();
    } catch (error) {
      if (isProofNeeded(error)) waiting.value = change;
      else await onRefused(error);
    } finally {
      isSaving.value = false;
    }
  };
  return {
    save,
    isSaving: isSaving.value,
    isUnproven: waiting.value !== null,
    giveUp: () => waiting.value = null,
    prove: async (proof) => {
      await api.stepUp(proof);
      const change = waiting.value;
      waiting.value = null;
      if (change !== null) await save(change);
    },
  };
}
