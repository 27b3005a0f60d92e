import {
  codes,
  createCodeTable,
  isWithin,
  recordOf,
  textOf,
} from "../code_table.ts";
import type { CcxtRecord } from "../library.ts";

/**
 * OKX's error codes. Those of an order stand in its own part of the answer.
 *
 * Source: okx.com/docs-v5, "Error code".
 */
export const OKX_CODES = createCodeTable({
  read: (body) => ofOrder(body) ?? ofRequest(body),
  meanings: {
    ...codes("unknown", "50004 50013 50026 51149"),
    ...codes("rate_limited", "50011 50040 50061"),
    ...codes("clock", "50102 50112"),
    ...codes("maintenance", "50001 50005"),
    ...codes("auth", "50007 50008 50009 50010 50030 50100 50101 50103 50104"),
    ...codes("auth", "50105 50106 50107 50110 50111 50113 50114 50119 50120"),
    ...codes("auth", "51024"),
    ...codes("refused", "50000 50002 50006 50014 50015 50016"),
    ...codes("not_found", "51400 51401 51402 51405 51603"),
    ...codes("duplicate", "51016 51065"),
  },
  otherwise: (code) => isWithin(code, 51000, 51999) ? "refused" : null,
});

function ofOrder(
  body: CcxtRecord,
): { code: string; message: string } | null {
  const first = Array.isArray(body.data) ? recordOf(body.data[0]) : null;
  const code = first === null ? null : textOf(first, "sCode");
  if (first === null || code === null || code === "0") return null;
  return { code, message: textOf(first, "sMsg") ?? "" };
}

function ofRequest(
  body: CcxtRecord,
): { code: string; message: string } | null {
  const code = textOf(body, "code");
  return code === null || code === "0"
    ? null
    : { code, message: textOf(body, "msg") ?? "" };
}
