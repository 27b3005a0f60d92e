import { type Signal, useSignal } from "@preact/signals";
import type { AgentDetail } from "../../contracts/agent.ts";
import { ApiProblem, explain } from "../client/api_client.ts";
import { Button } from "../Button.tsx";
import { Field } from "../Field.tsx";
import { quoteOf } from "../format.ts";
import { api } from "../client/live.ts";
import { ConfigForm, type SaveEffects, useConfigSaver } from "./ConfigForm.tsx";
import {
  applyTexts,
  differences,
  mergeTexts,
  RISK_FIELDS,
  type RiskTexts,
  riskTexts,
} from "./risk_edit.ts";

/** What the editor needs. */
export interface RiskEditorProps {
  agent: AgentDetail;
  onClose: () => void;
  onSaved: () => void;
}

const EFFECTS: SaveEffects = {
  applied: "The new limits hold from now on",
  needs_restart: "Restart the agent for the new limits to hold",
  stored: "The new limits hold from the next start",
};

/** Edits risk limits against the version that was seen; a change by somebody else is shown, never overwritten silently. */
export function RiskEditor({ agent, onClose, onSaved }: RiskEditorProps) {
  // What was seen when editing began: later updates of the page do not move the base.
  const base = useSignal(agent);
  const texts = useSignal<RiskTexts>(riskTexts(agent.config.risk));
  const errors = useSignal<Readonly<Record<string, string>>>({});
  const theirs = useSignal<AgentDetail | null>(null);
  const failure = useSignal<string | null>(null);
  const saver = useConfigSaver({
    effects: EFFECTS,
    onSaved,
    onRefused: async (error, { onto }) => {
      if (error instanceof ApiProblem && error.problem.status === 412) {
        theirs.value = await api.getAgent(onto.id).catch(() => null);
      }
      errors.value = fieldErrors(error);
      failure.value = explain(error);
    },
  });
  const save = (onto: AgentDetail) => {
    const result = applyTexts(onto.config, texts.value);
    errors.value = "errors" in result ? result.errors : {};
    if (!("config" in result)) return;
    failure.value = null;
    void saver.save({ onto, config: result.config });
  };
  return (
    <ConfigForm
      name="risk-editor"
      failure={failure.value}
      saver={saver}
      onSubmit={() => save(base.value)}
      onClose={onClose}
    >
      {theirs.value !== null && (
        <StaleQuestion
          base={base.value}
          theirs={theirs.value}
          mine={texts.value}
          onTheirs={(current) => {
            base.value = current;
            texts.value = riskTexts(current.config.risk);
            theirs.value = null;
            failure.value = null;
          }}
          onMine={(current) => {
            texts.value = mergeTexts(
              riskTexts(base.value.config.risk),
              riskTexts(current.config.risk),
              texts.value,
            );
            base.value = current;
            theirs.value = null;
            save(current);
          }}
        />
      )}
      <RiskFields
        agent={agent}
        base={riskTexts(base.value.config.risk)}
        texts={texts}
        errors={errors.value}
      />
    </ConfigForm>
  );
}

function RiskFields(
  { agent, base, texts, errors }: {
    agent: AgentDetail;
    /** What was seen when editing began. */
    base: RiskTexts;
    texts: Signal<RiskTexts>;
    errors: Readonly<Record<string, string>>;
  },
) {
  return (
    <>
      {RISK_FIELDS.map(({ key, label, unit }) => {
        const isChanged = texts.value[key] !== base[key];
        return (
          <Field
            key={key}
            name={key}
            label={isChanged
              ? (
                <>
                  {label} <span class="changed">changed</span>
                </>
              )
              : label}
            unit={unit === "" ? quoteOf(agent.symbol) : unit}
            error={errors[key] ?? null}
          >
            <input
              class="input"
              type="text"
              inputMode="decimal"
              value={texts.value[key]}
              data-testid={`field-${key}`}
              onInput={(event) =>
                texts.value = {
                  ...texts.value,
                  [key]: event.currentTarget.value,
                }}
            />
          </Field>
        );
      })}
    </>
  );
}

function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {};
  return Object.fromEntries(
    (error.problem.errors ?? []).map(({ pointer, detail }) => [
      pointer.split("/").at(-1) ?? "",
      detail,
    ]),
  );
}

function StaleQuestion(
  { base, theirs, mine, onTheirs, onMine }: {
    base: AgentDetail;
    theirs: AgentDetail;
    mine: RiskTexts;
    onTheirs: (current: AgentDetail) => void;
    onMine: (current: AgentDetail) => void;
  },
) {
  const rows = differences(
    riskTexts(base.config.risk),
    riskTexts(theirs.config.risk),
    mine,
  );
  return (
    <div class="stale-question" data-testid="config-stale">
      <table class="table">
        <caption>
          Somebody saved version {theirs.configVersion} meanwhile
        </caption>
        <thead>
          <tr>
            <th scope="col">Limit</th>
            <th scope="col" class="cell-num">You saw</th>
            <th scope="col" class="cell-num">Stored now</th>
            <th scope="col" class="cell-num">Yours</th>
          </tr>
        </thead>
        <tbody>
          {rows.length === 0 && (
            <tr>
              <td colSpan={4}>The risk limits are the same</td>
            </tr>
          )}
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.label}</th>
              <td class="cell-num">{row.base}</td>
              <td class="cell-num">{row.theirs}</td>
              <td class="cell-num">{row.mine}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="dialog-actions">
        <Button onClick={() => onTheirs(theirs)}>Take what is stored</Button>
        <Button kind="primary" onClick={() => onMine(theirs)}>
          Save my changes on top
        </Button>
      </div>
    </div>
  );
}
