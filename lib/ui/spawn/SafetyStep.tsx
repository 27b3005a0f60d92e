import { safetyConfigSchema } from "../../contracts/agent_config.ts";
import { ParameterInputs } from "./ParameterInputs.tsx";
import { parameterFields } from "./schema_fields.ts";
import {
  type FormBinding,
  NumberInput,
  TextInput,
  TickInput,
} from "./inputs.tsx";

/** Fifth step: guards against a runaway agent. */
export function SafetyStep({ form }: { form: FormBinding }) {
  return (
    <>
      <p class="step-intro">
        Guards against a runaway agent. Like the risk limits they hold at the
        order desk.
      </p>
      <NumberInput
        form={form}
        pointer="/safety/maxOrdersPerMinute"
        label="Order rate limit"
        unit="orders a minute"
        min={1}
        max={600}
        step={1}
        log
        help="1 to 600; further orders are denied until the minute is over"
      />
      <NumberInput
        form={form}
        pointer="/safety/maxOpenOrders"
        label="Open orders"
        unit="at most"
        min={1}
        max={50}
        step={1}
        help="1 to 50 resting at the same time"
      />
      <NumberInput
        form={form}
        pointer="/safety/breakerConsecutiveLosses"
        label="Circuit breaker"
        unit="losing trades in a row"
        min={0}
        max={50}
        step={1}
        help="0 to 50; entries stop until somebody re-arms trading. 0 turns it off"
      />
      <ParameterInputs
        form={form}
        pointer="/safety"
        fields={parameterFields(safetyConfigSchema)}
      />
      <TextInput
        form={form}
        pointer="/seed"
        label="Seed"
        help="Seed of everything random in the paper venue; equal runs have equal results"
      />
      <TickInput
        form={form}
        pointer="/record"
        label="Record the session"
        help="Writes down every input and decision, to be replayed bit for bit; a change holds from the next restart on"
      />
    </>
  );
}
