import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { AgentView } from "../lib/contracts/agent.ts";
import type { AgentConfig } from "../lib/contracts/agent_config.ts";
import type { TeamTemplate, TeamView } from "../lib/contracts/team.ts";
import type { AgentTemplate } from "../lib/contracts/template.ts";
import { Dialog } from "../lib/ui/Dialog.tsx";
import { FreshProofDialog } from "../lib/ui/FreshProofDialog.tsx";
import { api } from "../lib/ui/client/live.ts";
import { type PanelUser, refusalOf } from "../lib/ui/roles.ts";
import {
  CloseQuestion,
  SpawnHeader,
  StepList,
} from "../lib/ui/spawn/DialogParts.tsx";
import { liveRefusal } from "../lib/ui/spawn/live_rules.ts";
import { SpawnFooter } from "../lib/ui/spawn/SpawnFooter.tsx";
import { StepPanel, Summary } from "../lib/ui/spawn/SpawnSteps.tsx";
import { TeamSpawn } from "../lib/ui/spawn/team/TeamSpawn.tsx";
import { SpawnSession } from "../lib/ui/spawn/session.ts";

/** What the spawn dialog needs of the page. */
export interface SpawnDialogProps {
  templates: readonly AgentTemplate[];
  teamTemplates?: readonly TeamTemplate[];
  /** Names of teams that are taken. */
  teamNames?: readonly string[];
  /** Template to begin with, or null. A `config` goes before it: it becomes a paper agent on the simulated market. */
  template: string | null;
  config?: AgentConfig;
  /** Names that are taken. */
  names: readonly string[];
  user: PanelUser;
  /** This server may trade real money. */
  isLiveArmed: boolean;
  onClose: () => void;
  onSpawned: (agent: AgentView) => void;
  onTeamSpawned?: (team: TeamView) => void;
}

/** Configures and spawns an agent in six steps. Loaded when it is first opened: it brings the schemas along. */
export default function AgentSpawnDialog(props: SpawnDialogProps) {
  const { templates, template, names, user, onClose, onSpawned } = props;
  const session = useMemo(
    () =>
      new SpawnSession({
        api,
        templates,
        template,
        names,
        storage: sessionStorage,
        onSpawned,
        ...(props.config === undefined ? {} : { config: props.config }),
      }),
    [],
  );
  useEffect(() => session.start(), []);
  const asksToClose = useSignal(false);
  const imported = useSignal<readonly AgentTemplate[]>([]);
  const team = useSignal<TeamTemplate | null>(null);
  const requestClose = () => {
    if (session.isDirty) asksToClose.value = true;
    else onClose();
  };
  if (team.value !== null) {
    return (
      <TeamSpawn
        template={team.value}
        names={props.teamNames ?? []}
        refusal={refusalOf(user, "agents.spawn")}
        liveRefusal={liveRefusal(user, props.isLiveArmed)}
        onBack={() => team.value = null}
        onClose={onClose}
        onSpawned={(spawned) => props.onTeamSpawned?.(spawned)}
      />
    );
  }
  return (
    <Dialog
      label="Spawn agent"
      open
      onClose={requestClose}
      size="full"
      testId="spawn-dialog"
    >
      <form
        class="spawn"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (session.sending.value || session.waiting.value) return;
          if (session.form.value.step === "review") void session.submit();
          else void session.next();
        }}
      >
        <SpawnHeader
          session={session}
          liveRefusal={liveRefusal(user, props.isLiveArmed)}
          onClose={requestClose}
        />
        <div class="spawn-columns">
          <StepList session={session} />
          <StepPanel
            session={session}
            templates={[...templates, ...imported.value]}
            teamTemplates={props.teamTemplates ?? []}
            onTeam={(chosen) => team.value = chosen}
            importRefusal={refusalOf(user, "agents.spawn")}
            onImported={(template) =>
              imported.value = [...imported.value, template]}
          />
          <Summary session={session} />
        </div>
        <SpawnFooter
          session={session}
          refusal={refusalOf(user, "agents.spawn")}
        />
      </form>
      <FreshProofDialog
        open={session.live.isProofAsked.value}
        goOn="Prove and spawn"
        onClose={() => session.live.isProofAsked.value = false}
        onProve={(proof) => session.prove(proof)}
      />
      <CloseQuestion
        open={asksToClose.value}
        onStay={() => asksToClose.value = false}
        onKeep={onClose}
        onDiscard={() => {
          session.forgetDraft();
          onClose();
        }}
      />
    </Dialog>
  );
}
