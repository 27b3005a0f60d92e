import type { RefObject } from "preact";
import type { AgentTemplate } from "../../contracts/template.ts";
import { Badge } from "../Badge.tsx";
import { Button } from "../Button.tsx";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";

const TEMPLATES_SHOWN = 3;

/** What the fleet page shows before the first agent. */
export function EmptyFleet(
  { templates, spawnRefusal, spawnRef, onSpawn }: {
    templates: readonly AgentTemplate[];
    spawnRefusal: string | null;
    spawnRef: RefObject<HTMLButtonElement>;
    onSpawn: (template: string | null) => void;
  },
) {
  return (
    <section class="empty-fleet" data-testid="empty-fleet">
      <h2>No agent yet</h2>
      <p class="muted">
        A paper agent trades a simulated market with simulated money. Start with
        a template; every setting can be changed.
      </p>
      <div class="template-cards">
        {templates.slice(0, TEMPLATES_SHOWN).map((template) => (
          <TemplateCard
            key={template.name}
            template={template}
            onChoose={() => onSpawn(template.name)}
            refusal={spawnRefusal}
          />
        ))}
      </div>
      <Button
        kind="primary"
        disabledReason={spawnRefusal}
        buttonRef={spawnRef}
        data-testid="spawn-open"
        onClick={() => onSpawn(null)}
      >
        Spawn your first paper agent
      </Button>
      <noscript>
        <p class="muted">
          Spawning needs JavaScript; the command line does too what this page
          does.
        </p>
      </noscript>
    </section>
  );
}

function TemplateCard(
  { template, onChoose, refusal }: {
    template: AgentTemplate;
    onChoose: () => void;
    refusal: string | null;
  },
) {
  return (
    <article class="template-card">
      <h3>{template.title}</h3>
      <p>{template.purpose}</p>
      <p class="template-tags">
        <Badge>{template.config.symbol} {template.config.timeframe}</Badge>
        <Badge>{template.riskLevel}</Badge>
        <Badge>{AGENT_TYPE_WORDS[template.type].short}</Badge>
      </p>
      <Button disabledReason={refusal} onClick={onChoose}>
        Use this template
      </Button>
    </article>
  );
}
