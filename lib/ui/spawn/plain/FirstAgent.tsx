import type { ConfigWarning } from "../../../contracts/agent.ts";
import type { AgentTemplate } from "../../../contracts/template.ts";
import { Badge } from "../../Badge.tsx";
import { Button } from "../../Button.tsx";
import { FormError } from "../../FormError.tsx";
import { Glyph } from "../../Glyph.tsx";

/** A template that a first agent may be made from, with what the server remarks on it. */
export interface FirstChoice {
  template: AgentTemplate;
  warnings: readonly ConfigWarning[];
}

/** Last step of the first start: a paper agent by one click, or nothing yet. */
export function FirstAgent(
  { choices, error, refusal }: {
    choices: readonly FirstChoice[];
    error: string | null;
    refusal: string | null;
  },
) {
  return (
    <>
      <p class="gate-note">
        A first agent trades the simulated market with simulated money: demo
        data that needs no key and no exchange. It can be changed, stopped and
        deleted at any time.
      </p>
      <FormError message={error ?? undefined} />
      <ul class="first-agents">
        {choices.map((choice) => (
          <li key={choice.template.name} class="template-card">
            <Choice choice={choice} refusal={refusal} />
          </li>
        ))}
      </ul>
      <p>
        <a class="btn btn-default" href="/" data-testid="welcome-empty">
          Start empty
        </a>
      </p>
    </>
  );
}

function Choice(
  { choice: { template, warnings }, refusal }: {
    choice: FirstChoice;
    refusal: string | null;
  },
) {
  const { name, title, purpose, config, riskLevel } = template;
  return (
    <>
      <h2>{title}</h2>
      <p>{purpose}</p>
      <p class="template-tags">
        <Badge>{config.symbol} {config.timeframe}</Badge>
        <Badge>{riskLevel}</Badge>
        <Badge>Paper</Badge>
      </p>
      {warnings.length === 0
        ? (
          <form method="post" action="/welcome">
            <Button
              kind="primary"
              type="submit"
              name="template"
              value={name}
              disabledReason={refusal}
              data-testid={`welcome-${name}`}
            >
              Start this paper agent
            </Button>
          </form>
        )
        : (
          <p class="small">
            <span class="tone-warn">
              <Glyph name="warn" /> Comes with remarks to read.
            </span>{" "}
            <a href={`/spawn?template=${name}`}>Open it in the form</a>
          </p>
        )}
    </>
  );
}
