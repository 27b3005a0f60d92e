import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { AgentDetail, ConfigResponse } from "../../contracts/agent.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import type { StepUpRequest } from "../../contracts/second_factor.ts";
import { Button } from "../Button.tsx";
import { isProofNeeded } from "../client/api_client.ts";
import { api } from "../client/live.ts";
import { showToast } from "../client/toasts.ts";
import { Banner } from "../Feedback.tsx";
import { FreshProofDialog } from "../FreshProofDialog.tsx";

/** What saving comes to, in the words of one editor. */
export type SaveEffects = Readonly<Record<ConfigResponse["effect"], string>>;

/** A configuration on its way, and the agent as it was seen when editing began. */
export interface ConfigChange {
  onto: Pick<AgentDetail, "id" | "configVersion">;
  config: AgentConfig;
}

/** Saves the configuration of one editor; a fresh proof is asked for in between where it is needed. */
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
  { effects, onSaved, onRefused }: {
    effects: SaveEffects;
    onSaved: () => void;
    onRefused: (error: unknown, change: ConfigChange) => Promise<void> | void;
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
        effects[answer.effect],
      );
      onSaved();
    } catch (error) {
      if (isProofNeeded(error)) waiting.value = change;
      else await onRefused(error, change);
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

/** The form of an editor: what is wrong, its fields, the buttons, and the question for a fresh proof. */
export function ConfigForm(
  { name, failure, saver, onSubmit, onClose, children }: {
    /** Class and test id. */
    name: "guard-editor" | "risk-editor";
    failure: string | null;
    saver: ConfigSaver;
    onSubmit: () => void;
    onClose: () => void;
    children: ComponentChildren;
  },
) {
  return (
    <>
      <form
        class={name}
        noValidate
        data-testid={name}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {failure !== null && (
          <Banner tone="danger" testId="config-failure">{failure}</Banner>
        )}
        {children}
        <div class="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            kind="primary"
            busy={saver.isSaving}
            data-testid="config-save"
          >
            Save
          </Button>
        </div>
      </form>
      <FreshProofDialog
        open={saver.isUnproven}
        goOn="Prove and save"
        onClose={saver.giveUp}
        onProve={saver.prove}
      />
    </>
  );
}
