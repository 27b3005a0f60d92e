import type { AgentTemplate } from "../../contracts/template.ts";
import { Gain } from "../Amount.tsx";
import { quoteOf } from "../format.ts";
import { Badge } from "../Badge.tsx";
import { Glyph } from "../Glyph.tsx";
import type { SpawnAction } from "../spawn_form.ts";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";

/** What the template's own backtests came to: a loss is shown as a loss. */
function TemplateResults({ results }: Pick<AgentTemplate, "results">) {
  if (results.length === 0) return null;
  return (
    <span class="option-results">
      {results.map((result) => (
        <span key={result.source}>
          <Gain
            value={result.netPnl}
            unit={quoteOf(result.symbol)}
            percent={result.returnPct}
            reason="the equity was unknown at the end"
          />{" "}
          after costs on {result.source} ({result.symbol} {result.timeframe}),
          {" "}
          {result.trades} trades
        </span>
      ))}
    </span>
  );
}

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
          <span class="option-title">
            {template.title}
            {template.origin === "imported" && (
              <>
                {" "}
                <Badge>Imported</Badge>
              </>
            )}
          </span>
          <span class="option-text">{template.purpose}</span>
          <span class="option-text">
            <strong>Works in:</strong> {template.whenItWorks}
          </span>
          <span class="option-text">
            <strong>Risk:</strong> {template.risk}
          </span>
          <TemplateResults results={template.results} />
          <span class="option-tags">
            {template.patterns.map((pattern) => (
              <Badge key={pattern}>{pattern}</Badge>
            ))}
          </span>
          <span class="option-meta">
            <span>{template.config.symbol} {template.config.timeframe}</span>
            <span>{template.riskLevel}</span>
            <span>Latency: {template.typicalLatency}</span>
            <a
              href={`/api/templates/${template.name}/file`}
              download
              data-testid={`template-export-${template.name}`}
            >
              Export
            </a>
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
