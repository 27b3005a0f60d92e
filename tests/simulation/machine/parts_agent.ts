import { patternDetector } from "../../../agents/mod.ts";
import type { Output } from "../../../actors/behavior.ts";
import {
  type AgentDecided,
  type DeskStepped,
  LINKS,
} from "../../../lib/contracts/links.ts";
import type {
  DeskAction,
  DeskEvent,
  EntryOrder,
  OrderIntent,
} from "../../../lib/contracts/order.ts";

/** Steps whose events wait for the decision on them. */
const STEPS_MAX = 1_024;

type Instance = ReturnType<typeof patternDetector.start>;

/**
 * The real agent behind somebody who sends its entries in parts, post-only or by
 * stops, and moves them. What that one asks for follows from the candle and the
 * events of its step alone, so it needs no snapshot of its own.
 */
export const partsAgent: typeof patternDetector = {
  ...patternDetector,
  start: (init) => sendInParts(patternDetector.start(init)),
};

function sendInParts(inner: Instance): Instance {
  const told = new Map<number, readonly DeskEvent[]>();
  const change = (outputs: readonly Output[]) =>
    outputs.map((output) => withParts(output, told));
  return {
    linkOpened: (link, info) => change(inner.linkOpened(link, info)),
    receive(link, message) {
      const step = message as DeskStepped;
      if (link === LINKS.desk && step.type === "stepped") {
        told.set(step.seq, step.events);
        if (told.size > STEPS_MAX) told.delete(told.keys().next().value!);
      }
      return change(inner.receive(link, message));
    },
    pause: () => change(inner.pause()),
    resume: () => change(inner.resume()),
    configure: (config) => inner.configure(config),
    snapshot: () => inner.snapshot(),
    inspect: (query) => inner.inspect(query),
  };
}

function withParts(
  output: Output,
  told: Map<number, readonly DeskEvent[]>,
): Output {
  if (output.to !== "link" || output.link !== LINKS.desk) return output;
  const message = output.message as AgentDecided;
  if (message.type !== "decided") return output;
  const { seq } = message;
  const actions = message.actions.map((action) =>
    action.kind === "submit"
      ? { ...action, intent: inParts(action.intent) }
      : action
  );
  const more = (told.get(seq) ?? []).flatMap((event) => answerTo(event, seq));
  return { ...output, message: { ...message, actions: [...actions, ...more] } };
}

/** An entry in two to four parts, some of them post-only; pairs stay as they are. */
function inParts(intent: OrderIntent): OrderIntent {
  const { seq, entry } = intent;
  if (intent.hedge !== undefined || seq % 4 === 0) return intent;
  const isPostOnly = entry.type === "limit" && seq % 3 === 0;
  return {
    ...intent,
    parts: 2 + seq % 3,
    entry: isPostOnly ? { ...entry, postOnly: true } : entry,
  };
}

/** A fill is followed by the next part, and an order that rests now and then by another price. */
function answerTo(event: DeskEvent, seq: number): DeskAction[] {
  if (event.type === "OrderFilled" && event.fill.role === "entry") {
    const { intentId, part = 0, side, price } = event.fill;
    const sign = side === "buy" ? 1 : -1;
    const entry = nextEntry(Number(price), { sign, seq });
    return [{ kind: "part", intentId, part: part + 1, entry }];
  }
  const isResting = event.type === "OrderAccepted" &&
    event.order.role === "entry" && event.order.type === "limit";
  if (!isResting || seq % 2 === 0) return [];
  const { intentId, part = 0, side, price } = event.order;
  const sign = side === "buy" ? 1 : -1;
  return [{
    kind: "reprice",
    intentId,
    part,
    price: Number(price) * (1 + sign * 0.0004),
    reason: "It follows the market",
  }];
}

function nextEntry(
  price: number,
  { sign, seq }: { sign: 1 | -1; seq: number },
): EntryOrder {
  switch (seq % 3) {
    case 0:
      return { type: "market" };
    case 1:
      return { type: "stop", price: price * (1 + sign * 0.002) };
    default:
      return { type: "limit", price: price * (1 - sign * 0.0005) };
  }
}
