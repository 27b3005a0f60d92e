import type { BacktestView } from "../../contracts/backtest.ts";
import { type FormToken, FormTokenField } from "./FormToken.tsx";
import { Button, type ButtonProps } from "../Button.tsx";

/** A command to a run: a form of one button, sent by script where there is some. */
export function RunCommand(
  { run, action, token, onSend, ...button }:
    & Omit<ButtonProps, "action" | "onClick" | "type">
    & {
      run: BacktestView;
      action: "cancel" | "remove";
      token: FormToken;
      onSend: () => void;
    },
) {
  return (
    <form
      method="post"
      action={`/backtests/${run.id}`}
      class="run-command"
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      <FormTokenField token={token} />
      <input type="hidden" name="action" value={action} />
      <Button small type="submit" {...button} />
    </form>
  );
}
