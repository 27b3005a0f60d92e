import { ok } from "node:assert/strict";
import { render } from "preact-render-to-string";
import {
  DEAD_LETTER_REASONS,
  type DeadLetter,
} from "../../../lib/contracts/dead_letter.ts";
import { DeadLetterTable } from "../../../lib/ui/logs/DeadLetterTable.tsx";

function letters(): DeadLetter[] {
  return DEAD_LETTER_REASONS.map((reason, index) => ({
    n: index + 1,
    at: Date.UTC(2026, 0, 2, 3, 4, 5),
    actorId: index === 0 ? "agt_1" : "desk:paper",
    agentId: index === 0 ? "agt_1" : null,
    agentName: index === 0 ? "btc" : null,
    epoch: 3,
    reason,
    link: index === 0 ? null : "agent:agt_1",
    detail: "<b>a message</b>",
  }));
}

Deno.test("DeadLetterTable names actor, reason and link of every letter, and escapes the rest", () => {
  const html = render(
    <DeadLetterTable letters={letters()} nextCursor="7" isFirstPage />,
  );
  ok(html.includes('href="/agents/agt_1"'), "an agent is a link");
  ok(html.includes("its own channel"));
  ok(html.includes("desk:paper"));
  ok(html.includes("Crashed its reader twice"));
  ok(html.includes("01-02 03:04:05"));
  ok(html.includes('href="/dead-letters?cursor=7"'));
  ok(!html.includes("<b>a message"), "what a message was is text");
  ok(!/undefined|NaN/.test(html));
});

Deno.test("DeadLetterTable says that nothing was lost where there is no letter", () => {
  const html = render(
    <DeadLetterTable letters={[]} nextCursor={null} isFirstPage />,
  );
  ok(html.includes("No message was lost"));
  ok(!html.includes("<table"));
});
