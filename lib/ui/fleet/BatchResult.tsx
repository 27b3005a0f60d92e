import { Button } from "../Button.tsx";
import { Dialog } from "../Dialog.tsx";
import { Glyph } from "../Glyph.tsx";
import { type BatchReport, headline } from "./batch_report.ts";
import type { Commands } from "./commands.ts";

/** What became of a command or a change for each of several agents; stays until it is closed. */
export function BatchResult({ commands }: { commands: Commands }) {
  const report = commands.report.value;
  const close = () => commands.report.value = null;
  return (
    <Dialog
      label="Result for each agent"
      open={report !== null}
      onClose={close}
      testId="batch-result"
    >
      {report !== null && (
        <div class="dialog-body">
          <h2>{headline(report)}</h2>
          <div
            class="table-scroll batch-results"
            tabIndex={0}
            role="region"
            aria-label="Result for each agent, scrollable"
          >
            <ResultTable report={report} />
          </div>
          <div class="dialog-actions">
            <Button kind="primary" autofocus onClick={close}>Close</Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function ResultTable({ report: { done, results } }: { report: BatchReport }) {
  // What went wrong is what is looked for.
  const refused = results.filter(({ refusal }) => refusal !== null);
  const rows = [
    ...refused,
    ...results.filter(({ refusal }) => refusal === null),
  ];
  return (
    <table class="table">
      <caption class="sr-only">Agents and what became of each</caption>
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col">Result</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, name, refusal }) => (
          <tr key={id} data-testid={`result-${name}`}>
            <th scope="row">{name}</th>
            <td class="cell-wrap">
              {refusal === null
                ? (
                  <span class="state tone-ok">
                    <Glyph name="check" /> {done}
                  </span>
                )
                : (
                  <span class="tone-danger">
                    <Glyph name="cross" /> {refusal}
                  </span>
                )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
