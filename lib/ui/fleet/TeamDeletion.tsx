import { type Signal, useSignal } from "@preact/signals";
import { ModeBadge } from "../Badge.tsx";
import { Button } from "../Button.tsx";
import { explain } from "../client/api_client.ts";
import { api } from "../client/live.ts";
import { showToast } from "../client/toasts.ts";
import { Dialog } from "../Dialog.tsx";
import { plural } from "../format.ts";
import type { TeamGroup } from "./team_rows.ts";

/** Deletes a whole team, after a question that says what stays. */
export function TeamDeletion(
  { team, asks }: { team: TeamGroup; asks: Signal<boolean> },
) {
  const busy = useSignal(false);
  const isLive = team.agents.some(({ mode }) => mode === "live");
  const remove = async () => {
    busy.value = true;
    try {
      await api.removeTeam(team.id);
      showToast("ok", `The team ${team.name} is being deleted`);
    } catch (error) {
      showToast("danger", `${team.name} was not deleted`, explain(error));
    }
    busy.value = false;
    asks.value = false;
  };
  return (
    <Dialog
      label="Delete team"
      open={asks.value}
      onClose={() => asks.value = false}
      testId="team-delete-dialog"
    >
      <div class="dialog-body">
        <h2>Delete the team {team.name}?</h2>
        <p>
          All {plural(team.agents.length, "agent")}{" "}
          are stopped for good and leave the fleet; open positions are closed.
          Logs and trades stay on record. This cannot be undone.
        </p>
        {isLive && (
          <p>
            <ModeBadge mode="live" /> This team trades real money.
          </p>
        )}
        <div class="dialog-actions">
          <Button autofocus onClick={() => asks.value = false}>Keep it</Button>
          <Button
            kind="danger"
            busy={busy.value}
            data-testid="team-delete-submit"
            onClick={() => void remove()}
          >
            Delete team
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
