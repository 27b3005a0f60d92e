import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { BacktestReport } from "../../../../lib/contracts/backtest_report.ts";
import { SHEET_TRADES_MAX } from "../../../../lib/backtest/report/limits.ts";
import { renderTearSheet } from "../../../../lib/backtest/report/tear_sheet.tsx";
import { tradesOf } from "../metrics/support.ts";
import { pointsOf, reportOf, summaryOf, unknownReport } from "./support.ts";

const SEED = 20_263;

/** The text that a reader sees or hears, without tags and style. */
function textOf(html: string): string {
  return html.replace(/<style>.*?<\/style>/s, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ");
}

/** Names of all elements in order. */
function tagsOf(html: string): readonly string[] {
  return [...html.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name]) => name!);
}

Deno.test("renderTearSheet() is one file that loads and runs nothing", () => {
  const html = renderTearSheet(reportOf());
  assert.match(html, /^<!doctype html>\n<html lang="en">/);
  assert.match(html, /default-src 'none'; style-src 'unsafe-inline'; img-src/);
  assert.doesNotMatch(html, /https?:|url\(|@import|<script|<link|<img|\bsrc=/);
  assert.doesNotMatch(html, /\son[a-z]+=/);
  const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, to]) => to!);
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!);
  assert.ok(links.length > 5);
  for (const link of links) assert.ok(ids.includes(link.slice(1)), link);
});

Deno.test("renderTearSheet() has one main heading, landmarks, and labels that exist", () => {
  const html = renderTearSheet(reportOf());
  const tags = tagsOf(html);
  const count = (name: string) => tags.filter((tag) => tag === name).length;
  for (const name of ["h1", "main", "header", "nav", "footer", "title"]) {
    // The drawings have titles of their own.
    const own = name === "title" ? count("title") - count("desc") : count(name);
    assert.equal(own, 1, name);
  }
  assert.equal(count("h3"), 0);
  assert.equal(count("table"), count("caption"));
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!);
  assert.equal(new Set(ids).size, ids.length, "ids are unique");
  for (const [, labels] of html.matchAll(/aria-labelledby="([^"]*)"/g)) {
    for (const id of labels!.split(" ")) assert.ok(ids.includes(id), id);
  }
  for (const [cell] of html.matchAll(/<th(?![a-z])[^>]*>/g)) {
    assert.match(cell, /scope="(col|row|rowgroup)"/);
  }
  for (const [drawing] of html.matchAll(/<svg [^>]*role="img"[^>]*>/g)) {
    assert.match(drawing, /aria-label(ledby)?=/);
  }
});

Deno.test("renderTearSheet() shows a gain or loss by arrow and sign, not by colour alone", () => {
  const html = renderTearSheet(reportOf());
  const signed = [
    ...html.matchAll(/<span class="num (up|down)">(.*?)<\/span>\s*/g),
  ];
  assert.ok(signed.length > 5);
  for (const [, tone, inner] of signed) {
    assert.ok(inner!.includes(tone === "up" ? "▲" : "▼"));
  }
  const text = textOf(html);
  assert.match(text, /▲ ?\+190\.00/);
  assert.match(text, /▼ ?−50\.00/);
});

Deno.test("renderTearSheet() escapes whatever a person can write", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.constantFrom(
      `</title><script>alert(1)</script>`,
      `</style><img src=x onerror=alert(1)>`,
      `" onmouseover="alert(1)`,
      `'><svg onload=alert(1)>`,
      `--><!--`,
      `&lt;script&gt;`,
      `\u202Egnp.exe`,
      `]]><script>`,
    ),
  );
  const plain = tagsOf(renderTearSheet(withText("plain")));
  fc.assert(
    fc.property(hostile, (text) => {
      const html = renderTearSheet(withText(text));
      // The same elements as with harmless text: nothing of the text became one.
      assert.deepEqual(tagsOf(html), plain);
      assert.doesNotMatch(html, /<[^>]*\son(mouseover|error|load)=[^>]*>/);
    }),
    { seed: SEED, numRuns: 40 },
  );
});

const HARMLESS = reportOf();

/** A report with one text wherever it holds text of others. */
function withText(text: string): BacktestReport {
  const report = HARMLESS;
  return {
    ...report,
    runHash: text,
    template: text,
    config: { ...report.config, name: text },
    data: { ...report.data, source: text, candlesHash: text },
    summary: { ...report.summary, tradesHash: text },
    lookAhead: { cuts: [1], agrees: false, difference: text },
    trades: tradesOf([1, -1], { strategy: `x${text}`, reasons: [text, text] }),
    patterns: report.patterns.map((row) => ({ ...row, strategy: text })),
    endState: text,
    study: {
      kind: "sweep",
      objective: "sharpe",
      deflatedSharpe: 0.5,
      rows: [{
        values: { [`a${text}`]: text },
        summary: report.summary,
        score: 1,
      }],
    },
  };
}

Deno.test("renderTearSheet() says of everything unknown why it is, and never 0 or NaN", () => {
  const html = renderTearSheet(unknownReport());
  const text = textOf(html);
  assert.match(
    text,
    /The result over 0 days is unknown, because the equity is/,
  );
  assert.match(text, /unknown: there is no losing trade/);
  assert.match(text, /unknown: it was not computed/);
  assert.match(text, /Look-ahead was not checked/);
  assert.doesNotMatch(text, /NaN|undefined|null|Infinity/);
  const dashes = [...html.matchAll(/<span class="unknown" title="([^"]*)"/g)];
  assert.ok(dashes.length > 15);
  for (const [, reason] of dashes) assert.ok(reason!.length > 5);
});

Deno.test("renderTearSheet() of 5,000 trades and 2,000 points is below 1.5 MB and says what it leaves out", () => {
  const results = Array.from({ length: 5_000 }, (_, i) => i % 3 ? 5 : -8);
  const reasons = Array.from(
    { length: 5 },
    () => "Bullish order block 3917.9 to 3942 with a displacement of 3.5 ATR",
  );
  const html = renderTearSheet(reportOf(results, {
    trades: tradesOf(results, { reasons }),
    tradesLeftOut: 70,
    equity: pointsOf(
      Array.from({ length: 2_000 }, (_, i) => 10_000 + 300 * Math.sin(i / 9)),
    ),
  }));
  assert.ok(html.length < 1_500_000, `${html.length} characters`);
  assert.equal(html.split('class="reasons"').length - 1, SHEET_TRADES_MAX);
  assert.match(textOf(html), /4,570 later trades left out here/);
});

Deno.test("renderTearSheet() shows a sweep with its deflated ratio, and how many sets are left out", () => {
  const summary = summaryOf([1]);
  const rows = Array.from({ length: 60 }, (_, index) => ({
    values: { "strategies.fvg.minGapAtr": index },
    summary,
    score: index === 0 ? null : 1,
  }));
  const text = textOf(renderTearSheet(reportOf([1, 2], {
    study: { kind: "sweep", objective: "calmar", rows, deflatedSharpe: 0.31 },
  })));
  assert.match(
    text,
    /60 sets by Calmar ratio\. The chance .* is 31% \(deflated/,
  );
  assert.match(text, /10 sets with lower scores left out/);
  assert.match(text, /This is the best of 60 sets/);
});

Deno.test("renderTearSheet() shows the folds of a walk-forward study", () => {
  const summary = summaryOf([1]);
  const text = textOf(renderTearSheet(reportOf([1, 2], {
    study: {
      kind: "walk_forward",
      objective: "sharpe",
      efficiency: 0.22,
      folds: [{
        fold: 1,
        trainFromSeq: 0,
        testFromSeq: 1_000,
        testToSeq: 1_999,
        chosen: { "risk.leverage": 3 },
        trainScore: 1.5,
        testScore: null,
        trainSummary: summary,
        testSummary: summary,
      }],
    },
  })));
  assert.match(text, /Tests kept 0\.22 of the score of training/);
  assert.match(text, /risk\.leverage = 3 1,000–1,999 1\.50 —/);
});

Deno.test("renderTearSheet() is the same for the same report", () => {
  assert.equal(renderTearSheet(reportOf()), renderTearSheet(reportOf()));
});
