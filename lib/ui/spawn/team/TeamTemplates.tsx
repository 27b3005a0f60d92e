import { AGENT_TYPE_WORDS } from "../../../contracts/agent_types.ts";
import type { TeamTemplate } from "../../../contracts/team.ts";
import type { AgentType } from "../../../contracts/agent_config.ts";
import { Badge } from "../../Badge.tsx";
import { Button } from "../../Button.tsx";

/** Ready-made teams, folded above the templates of single agents. */
export function TeamTemplates(
  { templates, onChoose }: {
    templates: readonly TeamTemplate[];
    onChoose: (template: TeamTemplate) => void;
  },
) {
  if (templates.length === 0) return null;
  return (
    <details class="disclosure" data-testid="team-templates">
      <summary>
        Teams: several agents, spawned and commanded as one (
        {templates.length})
      </summary>
      <div class="template-choice">
        {templates.map((template) => (
          <article class="option option-plain" key={template.name}>
            <span class="option-title">{template.title}</span>
            <span class="option-text">{template.purpose}</span>
            <span class="option-text">
              <strong>Works in:</strong> {template.whenItWorks}
            </span>
            <span class="option-text">
              <strong>Risk:</strong> {template.risk}
            </span>
            <span class="option-tags">
              {template.members.map(({ role, title, config }) => (
                <Badge key={role} hint={title}>
                  {role} ·{" "}
                  {AGENT_TYPE_WORDS[config["type"] as AgentType]?.short ??
                    title}
                </Badge>
              ))}
            </span>
            <span class="option-meta">
              <Button
                data-testid={`team-template-${template.name}`}
                onClick={() =>
                  onChoose(template)}
              >
                Use this team
              </Button>
            </span>
          </article>
        ))}
      </div>
    </details>
  );
}
