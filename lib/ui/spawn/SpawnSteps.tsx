import { useEffect, useRef } from "preact/hooks";
import type { AgentTemplate } from "../../contracts/template.ts";
import type { TeamTemplate } from "../../contracts/team.ts";
import { Banner } from "../Feedback.tsx";
import { quoteOf } from "../format.ts";
import { STEP_TITLES, toConfigInput } from "../spawn_form.ts";
import { BasicsStep } from "./BasicsStep.tsx";
import { ErrorSummary } from "./DialogParts.tsx";
import type { FormBinding } from "./inputs.tsx";
import { isLiveForm } from "./live_rules.ts";
import { ReviewStep } from "./ReviewStep.tsx";
import { RiskStep } from "./RiskStep.tsx";
import { SafetyStep } from "./SafetyStep.tsx";
import { isNameFree } from "./session_rules.ts";
import type { SpawnSession } from "./session.ts";
import { SpawnSummary } from "./SpawnSummary.tsx";
import { StrategiesStep } from "./StrategiesStep.tsx";
import { TeamTemplates } from "./team/TeamTemplates.tsx";
import { TemplateImport } from "./TemplateImport.tsx";
import { TemplateStep } from "./TemplateStep.tsx";

/** What the steps of an agent need. */
interface StepProps {
  session: SpawnSession;
  templates: readonly AgentTemplate[];
  teamTemplates: readonly TeamTemplate[];
  /** Why no template may be imported, or null. */
  importRefusal: string | null;
  onImported: (template: AgentTemplate) => void;
  /** A team is to be spawned in place of an agent. */
  onTeam: (template: TeamTemplate) => void;
}

/** The step that is open, with what is wrong with it. */
export function StepPanel(props: StepProps) {
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
  { session, templates, teamTemplates, importRefusal, onImported, onTeam }:
    StepProps,
) {
  const { step, template, values, acknowledged } = session.form.value;
  const warnings = session.check.validation.value?.warnings ?? [];
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
          <TeamTemplates templates={teamTemplates} onChoose={onTeam} />
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
          isNameFree={isNameFree({
            checkedName: session.checkedName.value,
            form: session.form.value,
            errors: session.errors.value,
          })}
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

/** What the agent will need and could lose. */
export function Summary({ session }: { session: SpawnSession }) {
  const { values } = session.form.value;
  return (
    <SpawnSummary
      validation={session.check.validation.value}
      checking={session.check.checking.value}
      failure={session.check.failure.value}
      unit={quoteOf(String(values["/symbol"] ?? ""))}
      isLive={isLiveForm(values)}
      input={toConfigInput(values)}
    />
  );
}
