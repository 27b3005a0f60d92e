import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import { COMPARED_TEMPLATES_MAX } from "../../contracts/bundle.ts";
import type { AgentTemplate } from "../../contracts/template.ts";
import { Button } from "../Button.tsx";
import { TableHead } from "../TableHead.tsx";

/** All templates, with boxes to compare some of them. */
export function TemplateTable(
  { templates }: { templates: readonly AgentTemplate[] },
) {
  return (
    <form
      class="card card-flush library-list"
      method="get"
      action="/templates/compare"
      aria-label="Templates"
    >
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Templates, scrollable"
      >
        <table class="table risk-cards" data-testid="templates-table">
          <caption class="sr-only">Templates</caption>
          <TableHead
            heads={["Compare", "Template", "Type", "Market", "Risk", "From"]}
          />
          <tbody>
            {templates.map((template) => (
              <TemplateRow key={template.name} template={template} />
            ))}
          </tbody>
        </table>
      </div>
      <p class="library-actions">
        <Button type="submit">Compare</Button>
        <span class="muted">
          Two to {COMPARED_TEMPLATES_MAX} templates side by side.
        </span>
      </p>
    </form>
  );
}

function TemplateRow({ template }: { template: AgentTemplate }) {
  const { name, title, type, config, riskLevel } = template;
  return (
    <tr data-template={name}>
      <td>
        <input
          type="checkbox"
          name="names"
          value={name}
          aria-label={`Compare ${title}`}
        />
      </td>
      <th scope="row">
        <a href={`/templates/${name}`}>{title}</a>
        <small class="library-name">{name}</small>
      </th>
      <td data-label="Type">{AGENT_TYPE_WORDS[type].title}</td>
      <td data-label="Market">{config.symbol} {config.timeframe}</td>
      <td data-label="Risk">{riskLevel}</td>
      <td data-label="From">{originText(template)}</td>
    </tr>
  );
}

/** Where a template came from. */
export function originText(
  { origin, bundle, owner }: AgentTemplate,
): string {
  if (origin === "built_in") return "SMC Fleet";
  if (bundle !== undefined) return `Signed by ${bundle.author.name}`;
  return owner?.email === undefined ? "Imported" : `Imported by ${owner.email}`;
}
