import type { ComponentChildren } from "preact";
import type { ValidationResponse } from "../../../contracts/agent.ts";
import { AGENT_TYPE_WORDS } from "../../../contracts/agent_types.ts";
import type { CandleFile } from "../../../contracts/feed.ts";
import type { QuotaUse } from "../../../contracts/quota.ts";
import type { AgentTemplate } from "../../../contracts/template.ts";
import { Button } from "../../Button.tsx";
import { Banner } from "../../Feedback.tsx";
import { Field } from "../../Field.tsx";
import { quoteOf } from "../../format.ts";
import {
  type SpawnForm,
  STEP_TITLES,
  toConfigInput,
} from "../../spawn_form.ts";
import { BasicsStep } from "../BasicsStep.tsx";
import type { FormBinding } from "../inputs.tsx";
import { RiskStep } from "../RiskStep.tsx";
import { SafetyStep } from "../SafetyStep.tsx";
import { SpawnSummary } from "../SpawnSummary.tsx";
import { StrategiesStep } from "../StrategiesStep.tsx";
import { PlainErrors, PlainWarnings } from "./PlainIssues.tsx";

/** What the page of the plain spawn form knows. */
export interface PlainSpawnProps {
  templates: readonly AgentTemplate[];
  form: SpawnForm;
  validation: ValidationResponse;
  candleFiles: readonly CandleFile[];
  /** By pointer of the field; an empty pointer is about the form as a whole. */
  errors: Readonly<Record<string, string>>;
  /** The form was sent: warnings want their tick. */
  isSent: boolean;
  /** How many agents this person has and may have; null where that is not known. */
  agents: QuotaUse | null;
  /** Why this person may not spawn, or null. */
  refusal: string | null;
}

/** Spawns a paper agent by one long form that needs no script: the fields and rules of the dialog. */
export function PlainSpawn(props: PlainSpawnProps) {
  const { form, validation, errors, refusal, candleFiles } = props;
  const binding: FormBinding = {
    values: form.values,
    errors,
    warnings: Object.fromEntries(
      validation.warnings.map(({ pointer, detail }) => [pointer, detail]),
    ),
    dispatch: () => {},
    isPlain: true,
  };
  return (
    <div class="spawn-page">
      {refusal !== null && (
        <Banner tone="warn" testId="spawn-refusal">
          You may look at this form, not send it. {refusal}.
        </Banner>
      )}
      <PlainErrors errors={errors} />
      <TemplateForm templates={props.templates} chosen={form.template} />
      <form
        method="post"
        action="/spawn"
        class="spawn-page-form"
        noValidate
        data-testid="plain-spawn"
      >
        <input type="hidden" name="template" value={form.template ?? ""} />
        <div class="spawn-page-fields">
          <Part title={STEP_TITLES.basics}>
            <BasicsStep form={binding} live={null} candleFiles={candleFiles} />
          </Part>
          <Part title={STEP_TITLES.risk}>
            <RiskStep form={binding} />
          </Part>
          <Part title={STEP_TITLES.strategies}>
            <StrategiesStep form={binding} />
          </Part>
          <Part title={STEP_TITLES.safety}>
            <SafetyStep form={binding} />
          </Part>
          <PlainWarnings
            warnings={validation.warnings}
            acknowledged={form.acknowledged}
            isAsked={props.isSent}
          />
          <div class="spawn-page-actions">
            <Button
              type="submit"
              name="action"
              value="check"
              data-testid="plain-check"
            >
              Check and update
            </Button>
            <Button
              kind="primary"
              type="submit"
              name="action"
              value="spawn"
              disabledReason={refusal}
              data-testid="plain-submit"
            >
              Spawn paper agent
            </Button>
            <p class="muted small">
              “Check and update” spawns nothing: it shows the fields of another
              type, strategy or market, the estimate and what is wrong. Real
              money is traded by agents of the dialog on the fleet's page alone,
              which needs script.
            </p>
          </div>
        </div>
        <SpawnSummary
          validation={validation}
          checking={false}
          failure={null}
          unit={quoteOf(String(form.values["/symbol"] ?? ""))}
          isLive={false}
          agents={props.agents}
          input={toConfigInput(form.values)}
        />
      </form>
    </div>
  );
}

function Part(
  { title, children }: { title: string; children: ComponentChildren },
) {
  return (
    <section class="spawn-page-part" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** Another template is another page: what was typed in below begins anew. */
function TemplateForm(
  { templates, chosen }: {
    templates: readonly AgentTemplate[];
    chosen: string | null;
  },
) {
  const template = templates.find(({ name }) => name === chosen);
  return (
    <form method="get" action="/spawn" class="spawn-page-template">
      <Field
        name="template"
        label="Template"
        help="Its settings go into the form below in place of what is there"
        after={<button type="submit" class="btn btn-default">Use</button>}
      >
        <select
          class="select"
          name="template"
          value={chosen ?? ""}
          data-testid="plain-template"
        >
          {templates.map(({ name, title, type }) => (
            <option
              key={name}
              value={name}
              disabled={AGENT_TYPE_WORDS[type].unavailable !== null}
            >
              {title}
            </option>
          ))}
          <option value="">Blank: careful presets</option>
        </select>
      </Field>
      {template !== undefined && (
        <p class="muted small">
          {template.purpose} <strong>Works in:</strong> {template.whenItWorks}
          {" "}
          <strong>Risk:</strong> {template.risk}
        </p>
      )}
    </form>
  );
}
