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
      <h2>No agent in the fleet</h2>
      <p class="muted">
        A paper agent trades with simulated money: begin with a template, or
        with settings of your own.
      </p>
      {spawnRefusal !== null && (
        <p class="tone-warn" data-testid="empty-refusal">{spawnRefusal}</p>
      )}
      <form action="/spawn" class="contents">
        <Button
          kind="primary"
          type="submit"
          disabledReason={spawnRefusal}
          buttonRef={spawnRef}
          data-testid="spawn-open"
          onClick={(event) => {
            event.preventDefault();
            onSpawn(null);
          }}
        >
          Spawn your first paper agent
        </Button>
      </form>
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
      <form action="/spawn" class="contents">
        <input type="hidden" name="template" value={template.name} />
        <Button
          type="submit"
          disabledReason={refusal}
          onClick={(event) => {
            event.preventDefault();
            onChoose();
          }}
        >
          Use this template
        </Button>
      </form>
    </article>
  );
}
