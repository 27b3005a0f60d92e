import { deepEqual, match } from "node:assert/strict";
import { render } from "preact-render-to-string";
import { NO_FIELDS } from "../../../lib/ui/audit/audit_filter.ts";
import { AuditToolbar } from "../../../lib/ui/audit/AuditToolbar.tsx";
import { setTimeZone } from "../../../lib/ui/format.ts";
import { NO_FILTER } from "../../../lib/ui/logs/log_filter.ts";
import { absorbQualifiers } from "../../../lib/ui/logs/log_qualifiers.ts";
import { LogRangeFields } from "../../../lib/ui/logs/LogRangeFields.tsx";

/** Paints in a zone that is not UTC. */
function inBerlin(paint: () => string): string {
  setTimeZone("Europe/Berlin");
  try {
    return paint();
  } finally {
    setTimeZone("UTC");
  }
}

Deno.test("LogRangeFields says that its times are in UTC, as those of the text field are", () => {
  const text = "from:2026-09-01T12:00";
  const filter = absorbQualifiers({ ...NO_FILTER, text }, []);
  deepEqual(filter.from, Date.UTC(2026, 8, 1, 12));
  const html = inBerlin(() =>
    render(<LogRangeFields filter={filter} onFilter={() => {}} />)
  );
  match(html, /<span>From \(UTC\)<\/span>/);
  match(html, /<span>To \(UTC\)<\/span>/);
  match(html, /value="2026-09-01T12:00"/);
});

Deno.test("AuditToolbar says that its days are those of UTC", () => {
  const html = inBerlin(() =>
    render(<AuditToolbar fields={NO_FIELDS} onFields={() => {}} />)
  );
  match(html, /<span>From \(UTC\)<\/span>/);
  match(html, /<span>Before \(UTC\)<\/span>/);
});
