import type { CandleFile } from "../../contracts/feed.ts";
import { PROFILED_EXCHANGES } from "../../contracts/venue.ts";
import { Field } from "../Field.tsx";
import { formatMiB } from "../format.ts";
import { type FormBinding, SelectInput, TextInput } from "./inputs.tsx";
import { isLiveForm } from "./live_rules.ts";

const FEEDS = [
  {
    value: "simulated",
    label: "Simulated market",
    text: "An endless generated market, shared by all agents",
    liveText: null,
  },
  {
    value: "replay",
    label: "Replay of a file",
    text: "Recorded candles from the server's candle folder",
    liveText: null,
  },
  {
    value: "exchange",
    label: "Live prices of an exchange",
    text: "A real market as it moves; trading in it is on paper",
    liveText: "A real market; orders are sent to it and trade real money",
  },
] as const;

/** Where the candles come from. */
export function FeedChoice(
  { form, candleFiles }: {
    form: FormBinding;
    candleFiles: readonly CandleFile[] | null;
  },
) {
  const kind = form.values["/feed/kind"];
  const isLive = isLiveForm(form.values);
  return (
    <fieldset class="choices">
      <legend>Market data</legend>
      {FEEDS.map(({ value, label, text, liveText }) => (
        <label
          key={value}
          class={isLive && liveText === null ? "choice choice-off" : "choice"}
        >
          <input
            type="radio"
            name="feed"
            value={value}
            checked={kind === value}
            disabled={isLive && liveText === null}
            data-testid={`field-feed-${value}`}
            onChange={() =>
              form.dispatch({ type: "edit", pointer: "/feed/kind", value })}
          />
          <span>
            <strong>{label}</strong>
            <span class="choice-text">
              {isLive
                ? liveText ?? "Not for live trading: no exchange is behind it"
                : text}
            </span>
          </span>
        </label>
      ))}
      {kind === "replay" && (
        <ReplayFields form={form} candleFiles={candleFiles} />
      )}
      {kind === "exchange" && <ExchangeFields form={form} />}
    </fieldset>
  );
}

function ReplayFields(
  { form, candleFiles }: {
    form: FormBinding;
    candleFiles: readonly CandleFile[] | null;
  },
) {
  const hasFiles = candleFiles !== null && candleFiles.length > 0;
  return (
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
  );
}

function ExchangeFields({ form }: { form: FormBinding }) {
  return (
    <div class="field-row choice-more">
      <TextInput
        form={form}
        pointer="/feed/exchange"
        label="Exchange"
        suggestions={[...PROFILED_EXCHANGES]}
        help="One that this server may reach (EXCHANGES)"
      />
      <SelectInput
        form={form}
        pointer="/feed/market"
        label="Kind of market"
        options={[
          { value: "spot", label: "Spot" },
          { value: "swap", label: "Perpetual, settled in the quote currency" },
        ]}
      />
    </div>
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
