import { showToast } from "../client/toasts.ts";
import { ACTION_WORDS, mainAction, whyNot } from "./actions.ts";
import type { Commands } from "./commands.ts";
import type { FleetStore } from "./store.ts";
import type { TableState } from "./table_state.ts";

/** What the keys of the table work on. */
export interface KeyParts {
  store: FleetStore;
  table: TableState;
  commands: Commands;
  /** Brings a row, by its place among all rows, into sight. */
  scrollTo: (index: number) => void;
}

const MOVES: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  j: 1,
  k: -1,
  PageDown: 10,
  PageUp: -10,
  Home: -Infinity,
  End: Infinity,
};

/** Text that is typed, dialogs and cards keep their keys. */
const OWN_KEYS =
  "input:not([type=checkbox]), select, textarea, dialog, .row-card, .team-head";

/** Keys of the table, which hold only while the focus is in it. */
export function onTableKey(event: KeyboardEvent, parts: KeyParts): void {
  const { target, key } = event;
  if (event.defaultPrevented || !(target instanceof HTMLElement)) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.closest(OWN_KEYS) !== null) return;
  const isOnRow = target instanceof HTMLTableRowElement;
  // A button or link keeps what moves within a page, and single keys can be switched off.
  if (!isOnRow && !["ArrowDown", "ArrowUp"].includes(key)) {
    if (key.length > 1) return;
  }
  if (key.length === 1 && areLettersOff()) return;
  if (runKey(event, parts, isOnRow)) event.preventDefault();
}

function areLettersOff(): boolean {
  return document.documentElement.dataset["shortcuts"] === "off";
}

/** Answers whether the key meant something. */
function runKey(
  { key, shiftKey }: KeyboardEvent,
  parts: KeyParts,
  isOnRow: boolean,
): boolean {
  const { table } = parts;
  const move = MOVES[key];
  if (move !== undefined) {
    goTo(table.neighbour(move), parts);
    return true;
  }
  const id = table.activeId.peek();
  if (id === null) return false;
  switch (key) {
    case "x":
    case "X":
      if (shiftKey) table.selectRange(id);
      else table.toggleSelected(id);
      return true;
    case "e":
      table.toggleExpanded(id);
      return true;
    case "p":
      pauseOrResume(id, parts);
      return true;
    case "Enter":
      if (isOnRow) location.assign(`/agents/${id}`);
      return isOnRow;
    default:
      return false;
  }
}

function goTo(id: string | null, { table, scrollTo }: KeyParts): void {
  if (id === null) return;
  table.active.value = id;
  const row = document.querySelector<HTMLElement>(
    `tr[data-agent-id="${CSS.escape(id)}"]`,
  );
  if (row !== null) row.focus();
  else {
    table.wantsFocus = id;
    scrollTo(table.rowIds.indexOf(id));
  }
}

function pauseOrResume(id: string, { store, commands }: KeyParts): void {
  const agent = store.find(id)?.peek();
  if (agent === undefined) return;
  const action = mainAction(agent);
  const refusal = action === "start"
    ? "Not running: start it instead"
    : whyNot(agent, action, commands.user);
  if (refusal === null) commands.ask(action, [agent]);
  else {
    const { label } = ACTION_WORDS[action === "start" ? "pause" : action];
    showToast("danger", `${label} of ${agent.name} was refused`, refusal);
  }
}
