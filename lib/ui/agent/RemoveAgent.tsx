import { useSignal } from "@preact/signals";
import type { AgentDetail } from "../../contracts/agent.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import { ModeBadge } from "../Badge.tsx";
import { explain } from "../client/api_client.ts";
import { Button } from "../Button.tsx";
import { Dialog } from "../Dialog.tsx";
import { api, offlineReason } from "../client/live.ts";
import { ExposureNote } from "../fleet/ExposureNote.tsx";
import { type PanelUser, refusalOf } from "../roles.ts";
import { showToast } from "../client/toasts.ts";

/** Removes an agent for good, after a question that says what stays. */
export function RemoveAgent(
  { agent, user, barred }: {
    agent: AgentDetail;
    user: PanelUser;
    /** Why no command can be given any more, or null. */
    barred: string | null;
  },
) {
  const asks = useSignal(false);
  const busy = useSignal(false);
  const refusal = offlineReason() ?? refusalOf(user, "agents.delete", agent) ??
    barred;
  const remove = async () => {
    busy.value = true;
    try {
      await api.remove(agent.id);
      location.assign("/");
    } catch (error) {
      showToast("danger", `${agent.name} was not removed`, explain(error));
      busy.value = false;
      asks.value = false;
    }
  };
  return (
    <>
      <p class="remove-agent">
        <Button
          disabledReason={refusal}
          data-testid="agent-remove"
          onClick={() => asks.value = true}
        >
          Remove agent…
        </Button>
      </p>
      <Dialog
        label="Remove agent"
        open={asks.value}
        onClose={() => asks.value = false}
        testId="remove-dialog"
      >
        <div class="dialog-body">
          <h2>Remove {agent.name}?</h2>
          <RemovalFacts agent={agent} />
          <div class="dialog-actions">
            <Button autofocus onClick={() => asks.value = false}>
              Keep it
            </Button>
            <Button
              kind="danger"
              busy={busy.value}
              disabledReason={refusal}
              data-testid="remove-submit"
              onClick={() => void remove()}
            >
              Remove agent
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}

/** What a removal does to the agent, to its money and to its records. */
export function RemovalFacts({ agent }: { agent: AgentDetail }) {
  const isLive = agent.mode === "live";
  return (
    <>
      <p>
        The agent is stopped for good and leaves the fleet.{" "}
        {hasAccount(agent.type) && (
          <>
            Its open orders are withdrawn, and an open position is closed{" "}
            {isLive
              ? "at the market with a real order"
              : "at the last market price"}. <ExposureNote agents={[agent]} />
            {" "}
          </>
        )}
        Its logs and trades stay on record. This cannot be undone.
      </p>
      {isLive && (
        <p>
          <ModeBadge mode="live" /> This agent trades real money.
        </p>
      )}
    </>
  );
}
