/** What tests of the executor share. */
import assert from "node:assert/strict";
import type { DeskAction } from "../../../lib/contracts/order.ts";

export function kinds(actions: readonly DeskAction[]): string[] {
  return actions.map(({ kind }) => kind);
}

export function intentOf(actions: readonly DeskAction[]) {
  const submit = actions.find(({ kind }) => kind === "submit");
  assert.ok(submit?.kind === "submit", JSON.stringify(actions));
  return submit.intent;
}
