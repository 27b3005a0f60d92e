import type { CandleFile } from "../../contracts/feed.ts";
import { Field } from "../Field.tsx";
import { formatMiB } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import { keysOf, TIMEFRAME_WORDS } from "../words.ts";
import { type FormBinding, SelectInput, TextInput } from "./inputs.tsx";

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
  { form, candleFiles }: {
    form: FormBinding;
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
        help="Unique among your agents; 2 to 40 letters, digits, spaces, dots or dashes"
      />
      <TypeChoice form={form} />
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
      <FeedChoice form={form} candleFiles={candleFiles} />
    </>
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

const FEEDS = [
  {
    value: "simulated",
    label: "Simulated market",
    text: "An endless generated market, shared by all agents",
  },
  {
    value: "replay",
    label: "Replay of a file",
    text: "Recorded candles from the server's candle folder",
  },
] as const;

function FeedChoice(
  { form, candleFiles }: {
    form: FormBinding;
    candleFiles: readonly CandleFile[] | null;
  },
) {
  const kind = form.values["/feed/kind"];
  const hasFiles = candleFiles !== null && candleFiles.length > 0;
  return (
    <fieldset class="choices">
      <legend>Market data</legend>
      {FEEDS.map(({ value, label, text }) => (
        <label key={value} class="choice">
          <input
            type="radio"
            name="feed"
            value={value}
            checked={kind === value}
            data-testid={`field-feed-${value}`}
            onChange={() =>
              form.dispatch({ type: "edit", pointer: "/feed/kind", value })}
          />
          <span>
            <strong>{label}</strong>
            <span class="choice-text">{text}</span>
          </span>
        </label>
      ))}
      {kind === "replay" && (
        <div class="field-row choice-more">
          {hasFiles
            ? (
              <>
                <SelectInput
                  form={form}
                  pointer="/feed/file"
                  label="Candle file"
                  options={fileOptions(candleFiles, "Choose a file")}
                />
                <SelectInput
                  form={form}
                  pointer="/feed/hedgeFile"
                  label="Second market"
                  help="Only for the strategy Pairs"
                  options={fileOptions(candleFiles, "None")}
                />
              </>
            )
            : (
              <Field
                name="file"
                label="Candle file"
                error={form.errors["/feed/file"] ?? null}
                help={candleFiles === null
                  ? "Loading the list of files…"
                  : "The server's candle folder is empty; put a .csv or .csv.gz file into it"}
              >
                <select class="select" disabled data-testid="field-file">
                  <option>—</option>
                </select>
              </Field>
            )}
          <TextInput
            form={form}
            pointer="/feed/speed"
            label="Replay speed"
            suggestions={["max", "1", "60", "600", "3600"]}
            help="Times real time, or the word max"
          />
        </div>
      )}
    </fieldset>
  );
}

function fileOptions(files: readonly CandleFile[], empty: string) {
  return [
    { value: "", label: empty },
    ...files.map(({ file, bytes }) => ({
      value: file,
      label: `${file} (${formatMiB(bytes / 1_048_576)})`,
    })),
  ];
}
