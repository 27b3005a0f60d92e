import { quoteOf } from "../format.ts";
import { keysOf, RISK_WORDS } from "../words.ts";
import { type FormBinding, NumberInput, SelectInput } from "./inputs.tsx";

const LEVELS = keysOf(RISK_WORDS).map((value) => ({
  value,
  label: RISK_WORDS[value],
}));

/** Third step: the limits that the order desk holds, whatever the agent decides. */
export function RiskStep({ form }: { form: FormBinding }) {
  const unit = quoteOf(String(form.values["/symbol"] ?? "")) ||
    "quote currency";
  return (
    <>
      <p class="step-intro">
        These limits hold at the order desk, outside the agent. They cannot be
        switched off.
      </p>
      <NumberInput
        form={form}
        pointer="/risk/initialCapital"
        label="Initial capital"
        unit={unit}
        min={100}
        max={100_000}
        step={1}
        log
        help="100 to 100,000; simulated money in paper mode"
      />
      <NumberInput
        form={form}
        pointer="/risk/leverage"
        label="Leverage"
        unit="×"
        min={1}
        max={100}
        step={1}
        help="1× to 100×: the most that exposure may be of equity"
      />
      <NumberInput
        form={form}
        pointer="/risk/maxDrawdownPct"
        label="Max drawdown"
        unit="%"
        min={1}
        max={50}
        step={0.5}
        help="1 to 50 % below the highest equity; then trading halts until somebody re-arms it"
      />
      <NumberInput
        form={form}
        pointer="/risk/dailyLossLimit"
        label="Daily loss limit"
        unit={unit}
        min={10}
        max={10_000}
        step={1}
        log
        help="10 to 10,000 since 00:00 UTC; then no entry until the next day"
      />
      <NumberInput
        form={form}
        pointer="/risk/riskPerTradePct"
        label="Risk per trade"
        unit="% of equity"
        min={0.05}
        max={5}
        step={0.05}
        help="Position sizing: what one trade may lose at its stop"
      />
      <SelectInput
        form={form}
        pointer="/risk/riskLevel"
        label="Risk level"
        options={LEVELS}
        help="A label for your own overview; the limits above are what counts"
      />
    </>
  );
}
