import type { OpenOrderView, PositionView } from "../contracts/account.ts";
import { formatQuantity } from "./format.ts";
import { Glyph } from "./Glyph.tsx";
import { PHASE_WORDS, PROTECTION_WORDS, type StateWord } from "./words.ts";

/** Where an order at an exchange stands; nothing for one of simulated trading. */
export function OrderPhase({ order }: { order: OpenOrderView }) {
  if (order.phase === undefined) return null;
  const withdrawn = order.cancelReason ?? null;
  return (
    <>
      <Word word={PHASE_WORDS[order.phase]} />
      {order.filled !== undefined && Number(order.filled) > 0 &&
        ` ${formatQuantity(order.filled)} filled`}
      {withdrawn !== null && (
        <span class="muted" title={withdrawn}>, being withdrawn</span>
      )}
    </>
  );
}

/** Explains UNKNOWN once, where an order is in that phase. */
export function UnknownNote({ orders }: { orders: readonly OpenOrderView[] }) {
  if (!orders.some(({ phase }) => phase === "unknown")) return null;
  return (
    <p class="field-warning" data-testid="unknown-note">
      <Glyph name="warn" /> Unknown: {PHASE_WORDS.unknown.meaning}.
    </p>
  );
}

/** Whether a position at an exchange has its stop there; nothing for a simulated one. */
export function Protection({ position }: { position: PositionView }) {
  if (position.isProtected === undefined) return null;
  return (
    <Word
      word={PROTECTION_WORDS[
        position.isProtected ? "protected" : "unprotected"
      ]}
    />
  );
}

function Word({ word }: { word: StateWord }) {
  return (
    <span class={`state tone-${word.tone}`} title={word.meaning}>
      <Glyph name={word.glyph} /> {word.word}
    </span>
  );
}
