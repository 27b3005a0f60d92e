import { executionConfigSchema } from "../../contracts/execution_config.ts";
import type { AgentDetail } from "../../contracts/agent.ts";
import { Fact } from "../Card.tsx";
import { parameterFields } from "../spawn/schema_fields.ts";

const FIELDS = parameterFields(executionConfigSchema);

/** The agents that an agent listens to, each with a link to its page; nothing for one that listens to nobody. */
export function ListensTo({ agent }: { agent: AgentDetail }) {
  if (agent.listensTo.length === 0) return null;
  return (
    <Fact name="Listens to">
      {agent.listensTo.map(({ id, name }, index) => (
        <span key={id}>
          {index > 0 && ", "}
          <a href={`/agents/${id}`}>{name}</a>
        </span>
      ))}
    </Fact>
  );
}

/** How an executor trades; nothing for another type. */
export function ExecutionFacts({ agent }: { agent: AgentDetail }) {
  const { type, execution } = agent.config;
  if (type !== "executor") return null;
  const values: Readonly<Record<string, string | number>> = execution;
  return (
    <>
      {FIELDS.map((field) => (
        <Fact key={field.key} name={field.label}>
          {String(values[field.key]).replaceAll("_", " ")}
          {field.kind === "number" && ` ${field.unit}`}
        </Fact>
      ))}
    </>
  );
}
