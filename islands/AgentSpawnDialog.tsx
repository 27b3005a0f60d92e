import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { AgentView } from "../lib/contracts/agent.ts";
import type { AgentConfig } from "../lib/contracts/agent_config.ts";
import type { AgentTemplate } from "../lib/contracts/template.ts";
import type { Role } from "../lib/contracts/policy.ts";
import { Dialog } from "../lib/ui/Dialog.tsx";
import { Banner } from "../lib/ui/Feedback.tsx";
import { FreshProofDialog } from "../lib/ui/FreshProofDialog.tsx";
import { quoteOf } from "../lib/ui/format.ts";
import { api } from "../lib/ui/client/live.ts";
import { roleRefusal } from "../lib/ui/roles.ts";
import { STEP_TITLES, toConfigInput } from "../lib/ui/spawn_form.ts";
import { BasicsStep } from "../lib/ui/spawn/BasicsStep.tsx";
import {
  CloseQuestion,
  ErrorSummary,
  SpawnHeader,
  StepList,
} from "../lib/ui/spawn/DialogParts.tsx";
import type { FormBinding } from "../lib/ui/spawn/inputs.tsx";
import { isLiveForm, liveRefusal } from "../lib/ui/spawn/live_rules.ts";
import { ReviewStep } from "../lib/ui/spawn/ReviewStep.tsx";
import { RiskStep } from "../lib/ui/spawn/RiskStep.tsx";
import { SafetyStep } from "../lib/ui/spawn/SafetyStep.tsx";
import { SpawnFooter } from "../lib/ui/spawn/SpawnFooter.tsx";
import { SpawnSession } from "../lib/ui/spawn/session.ts";
import { SpawnSummary } from "../lib/ui/spawn/SpawnSummary.tsx";
import { StrategiesStep } from "../lib/ui/spawn/StrategiesStep.tsx";
import { TemplateImport } from "../lib/ui/spawn/TemplateImport.tsx";
import { TemplateStep } from "../lib/ui/spawn/TemplateStep.tsx";

/** What the spawn dialog needs of the page. */
export interface SpawnDialogProps {
  templates: readonly AgentTemplate[];
  /** Template to begin with, or null. A `config` goes before it: it becomes a paper agent on the simulated market. */
  template: string | null;
  config?: AgentConfig;
  /** Names that are taken. */
  names: readonly string[];
  role: Role;
  /** This server may trade real money. */
  isLiveArmed: boolean;
  onClose: () => void;
  onSpawned: (agent: AgentView) => void;
}

/** Configures and spawns an agent in six steps. Loaded when it is first opened: it brings the schemas along. */
export default function AgentSpawnDialog(props: SpawnDialogProps) {
  const { templates, template, names, role, onClose, onSpawned } = props;
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
  const requestClose = () => {
    if (session.isDirty) asksToClose.value = true;
    else onClose();
  };
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
          if (session.sending.value) return;
          if (session.form.value.step === "review") void session.submit();
          else session.next();
        }}
      >
        <SpawnHeader
          session={session}
          liveRefusal={liveRefusal(role, props.isLiveArmed)}
          onClose={requestClose}
        />
        <div class="spawn-columns">
          <StepList session={session} />
          <StepPanel
            session={session}
            templates={[...templates, ...imported.value]}
            importRefusal={roleRefusal(role, "spawn")}
            onImported={(template) =>
              imported.value = [...imported.value, template]}
          />
          <Summary session={session} />
        </div>
        <SpawnFooter session={session} refusal={roleRefusal(role, "spawn")} />
      </form>
      <FreshProofDialog
        open={session.live.isProofAsked.value}
        goOn="Prove and spawn"
        onClose={() => session.live.isProofAsked.value = false}
        onProve={(code) => session.prove(code)}
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

interface StepProps {
  session: SpawnSession;
  templates: readonly AgentTemplate[];
  /** Why no template may be imported, or null. */
  importRefusal: string | null;
  onImported: (template: AgentTemplate) => void;
}

function StepPanel(props: StepProps) {
  const { session } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  const form = session.form.value;
  useEffect(() => {
    // The first paint leaves the focus where the dialog put it.
    if (!isFirst.current) heading.current?.focus();
    isFirst.current = false;
  }, [form.step]);
  return (
    <div class="spawn-form" data-testid="spawn-step" data-step={form.step}>
      <h3 ref={heading} tabIndex={-1}>{STEP_TITLES[form.step]}</h3>
      {session.restored.value && (
        <Banner tone="info">
          This is the draft you left.{" "}
          <button
            type="button"
            class="link"
            onClick={() => session.startOver()}
          >
            Start over
          </button>
        </Banner>
      )}
      <ErrorSummary session={session} />
      <StepFields {...props} />
    </div>
  );
}

function StepFields(
  { session, templates, importRefusal, onImported }: StepProps,
) {
  const { step, template, values, acknowledged } = session.form.value;
  const warnings = session.validation.value?.warnings ?? [];
  const form: FormBinding = {
    values,
    errors: session.shown.value,
    warnings: Object.fromEntries(
      warnings.map(({ pointer, detail }) => [pointer, detail]),
    ),
    dispatch: session.dispatch,
  };
  switch (step) {
    case "template":
      return (
        <>
          <TemplateStep
            templates={templates}
            chosen={template}
            dispatch={session.dispatch}
          />
          <TemplateImport refusal={importRefusal} onImported={onImported} />
        </>
      );
    case "basics":
      return (
        <BasicsStep
          form={form}
          live={session.live}
          candleFiles={session.candleFiles.value}
        />
      );
    case "risk":
      return <RiskStep form={form} />;
    case "strategies":
      return <StrategiesStep form={form} />;
    case "safety":
      return <SafetyStep form={form} />;
    case "review":
      return (
        <ReviewStep
          form={form}
          warnings={warnings}
          acknowledged={acknowledged}
          onGo={(to) => session.dispatch({ type: "go", step: to })}
        />
      );
  }
}

function Summary({ session }: { session: SpawnSession }) {
  const { values } = session.form.value;
  return (
    <SpawnSummary
      validation={session.validation.value}
      checking={session.checking.value}
      failure={session.checkFailure.value}
      unit={quoteOf(String(values["/symbol"] ?? ""))}
      isLive={isLiveForm(values)}
      input={toConfigInput(values)}
    />
  );
}
