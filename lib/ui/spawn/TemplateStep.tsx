import type { AgentTemplate } from "../../contracts/template.ts";
import { Badge } from "../Badge.tsx";
import { Glyph } from "../Glyph.tsx";
import type { SpawnAction } from "../spawn_form.ts";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";

/** First step: a ready-made configuration, or none. */
export function TemplateStep(
  { templates, chosen, dispatch }: {
    templates: readonly AgentTemplate[];
    chosen: string | null;
    dispatch: (action: SpawnAction) => void;
  },
) {
  return (
    <fieldset class="template-choice">
      <legend class="sr-only">Template</legend>
      {templates.map((template) => (
        <label
          key={template.name}
          class={chosen === template.name ? "option option-chosen" : "option"}
        >
          <input
            type="radio"
            name="template"
            value={template.name}
            checked={chosen === template.name}
            disabled={AGENT_TYPE_WORDS[template.type].unavailable !== null}
            data-testid={`template-${template.name}`}
            onChange={() => dispatch({ type: "template", template })}
          />
          <span class="option-title">{template.title}</span>
          <span class="option-text">{template.purpose}</span>
          <span class="option-tags">
            {template.patterns.map((pattern) => (
              <Badge key={pattern}>{pattern}</Badge>
            ))}
          </span>
          <span class="option-meta">
            <span>{template.config.symbol} {template.config.timeframe}</span>
            <span>Risk: {template.riskLevel}</span>
            <span>Latency: {template.typicalLatency}</span>
          </span>
          {AGENT_TYPE_WORDS[template.type].unavailable !== null && (
            <span class="option-off">
              <Glyph name="cross" />{" "}
              {AGENT_TYPE_WORDS[template.type].unavailable}
            </span>
          )}
        </label>
      ))}
      <label class={chosen === null ? "option option-chosen" : "option"}>
        <input
          type="radio"
          name="template"
          value=""
          checked={chosen === null}
          data-testid="template-blank"
          onChange={() => dispatch({ type: "template", template: null })}
        />
        <span class="option-title">Blank</span>
        <span class="option-text">
          Start from careful presets and choose everything yourself
        </span>
      </label>
    </fieldset>
  );
}
