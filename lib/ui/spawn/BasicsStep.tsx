import type { CandleFile } from "../../contracts/feed.ts";
import { Glyph } from "../Glyph.tsx";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import { keysOf, TIMEFRAME_WORDS } from "../words.ts";
import { FeedChoice } from "./FeedChoice.tsx";
import { type FormBinding, SelectInput, TextInput } from "./inputs.tsx";
import { KeyChoice } from "./KeyChoice.tsx";
import type { LiveChoice } from "./live_choice.ts";
import { type FormValue, SOURCES_POINTER } from "./config_values.ts";
import { isLiveForm } from "./live_rules.ts";

const SYMBOLS = [
  "BTC/USDT",
  "ETH/USDT",
  "SOL/USDT",
  "BNB/USDT",
  "XRP/USDT",
  "ADA/USDT",
  "EUR/USD",
  "GBP/USD",
];

const TIMEFRAMES = keysOf(TIMEFRAME_WORDS).map((value) => ({
  value,
  label: `${value} · ${TIMEFRAME_WORDS[value]}`,
}));

/** Second step: name, type, market and where the candles come from. */
export function BasicsStep(
  { form, live, candleFiles, isNameFree = false }: {
    form: FormBinding;
    /** The server has found the name free. */
    isNameFree?: boolean;
    /** Null where only paper is offered. */
    live: LiveChoice | null;
    candleFiles: readonly CandleFile[] | null;
  },
) {
  return (
    <>
      <TextInput
        form={form}
        pointer="/name"
        label="Agent name"
        hint="btc-order-blocks"
        help={isNameFree
          ? (
            <span class="tone-ok" data-testid="name-free" aria-live="polite">
              <Glyph name="check" /> Free among your agents
            </span>
          )
          : "Unique among your agents; 2 to 40 letters, digits, spaces, dots or dashes"}
      />
      <TypeChoice form={form} />
      {listens(form.values["/type"]) && (
        <TextInput
          form={form}
          pointer={SOURCES_POINTER}
          label="Listens to"
          hint="btc-order-blocks"
          help="Your agents that report signals only, by name, separated by commas; on the same market and timeframe"
        />
      )}
      <MarketFields form={form} />
      <FeedChoice form={form} candleFiles={candleFiles} />
      {live !== null && isLiveForm(form.values) && (
        <KeyChoice form={form} live={live} />
      )}
    </>
  );
}

/** Whether agents of a type listen to others. */
function listens(type: FormValue | undefined): boolean {
  return type === "executor" || type === "decision_engine";
}

/** What is traded, in candles of which length. */
export function MarketFields({ form }: { form: FormBinding }) {
  return (
    <div class="field-row">
      <TextInput
        form={form}
        pointer="/symbol"
        label="Trading symbol"
        suggestions={SYMBOLS}
        help="BASE/QUOTE; BTCUSDT is understood too"
      />
      <SelectInput
        form={form}
        pointer="/timeframe"
        label="Timeframe"
        options={TIMEFRAMES}
      />
    </div>
  );
}

function TypeChoice({ form }: { form: FormBinding }) {
  return (
    <fieldset class="choices">
      <legend>Agent type</legend>
      {keysOf(AGENT_TYPE_WORDS).map((type) => {
        const word = AGENT_TYPE_WORDS[type];
        const isOff = word.unavailable !== null;
        return (
          <label key={type} class={isOff ? "choice choice-off" : "choice"}>
            <input
              type="radio"
              name="type"
              value={type}
              checked={form.values["/type"] === type}
              disabled={isOff}
              data-testid={`field-type-${type}`}
              onChange={() =>
                form.dispatch({ type: "edit", pointer: "/type", value: type })}
            />
            <span>
              <strong>{word.title}</strong>{" "}
              <span class="muted">{word.latency}</span>
              <span class="choice-text">{word.purpose}</span>
              {isOff && (
                <span class="choice-reason">
                  <Glyph name="cross" /> {word.unavailable}
                </span>
              )}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
