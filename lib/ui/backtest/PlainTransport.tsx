import type { ReplayView } from "../../contracts/replay.ts";
import { formatCount } from "../format.ts";

/** Moves through a run without script: every place is an address. */
export function PlainTransport({ view }: { view: ReplayView }) {
  const { seq, total, nextSeq, previousSeq } = view;
  const places: readonly { label: string; seq: number | null }[] = [
    { label: "« Event", seq: previousSeq },
    { label: "‹ Step", seq: seq > 0 ? seq - 1 : null },
    { label: "Step ›", seq: seq < total - 1 ? seq + 1 : null },
    { label: "Event »", seq: nextSeq },
  ];
  return (
    <nav
      class="transport transport-plain card needs-no-script"
      aria-label="Places in the run"
    >
      {places.map(({ label, seq: to }) =>
        to === null
          ? <span key={label} class="muted">{label}</span>
          : (
            <a key={label} class="btn btn-default" href={`?seq=${to}`}>
              {label}
            </a>
          )
      )}
      <form method="get" class="transport-number">
        <label for="plain-seq">Candle</label>
        <input
          class="input input-number"
          id="plain-seq"
          name="seq"
          type="number"
          min="0"
          max={String(total - 1)}
          value={String(seq)}
        />
        <span class="muted">of {formatCount(total - 1)}</span>
        <button type="submit" class="btn btn-default">Go</button>
      </form>
    </nav>
  );
}
