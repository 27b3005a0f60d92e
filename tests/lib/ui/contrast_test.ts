import assert from "node:assert/strict";

/**
 * What text and controls stand on. Rows and cards are on the first three, a
 * chosen row on the fourth.
 */
const SURFACES = ["canvas", "surface", "raised", "selected"] as const;

/** Least contrast of WCAG 2.2 AA: text 4.5 (1.4.3), controls and focus 3 (1.4.11). */
const TEXT = 4.5;
const CONTROL = 3;

const ON_SURFACES: Readonly<Record<string, number>> = {
  "text": TEXT,
  "text-muted": TEXT,
  "accent": TEXT,
  "up": TEXT,
  "down": TEXT,
  "ok": TEXT,
  "warn": TEXT,
  "danger": TEXT,
  "info": TEXT,
  "control-border": CONTROL,
  "focus": CONTROL,
};

/** Text and what it is painted on. */
const PAIRS: readonly (readonly [text: string, ground: string])[] = [
  ["on-primary", "primary-bg"],
  ["on-danger", "danger-bg"],
  ["on-live", "live-bg"],
];

type Tokens = ReadonlyMap<string, string>;

/** Every rule of a style sheet that gives tokens colours, by its selector. */
function tokenRules(css: string): Map<string, Tokens> {
  const rules = new Map<string, Tokens>();
  for (const [, selector, body] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const tokens = new Map(
      [...body!.matchAll(/--([\w-]+):\s*(#[0-9A-Fa-f]{6})\b/g)].map((
        [, name, colour],
      ) => [name!, colour!]),
    );
    if (tokens.size > 0) rules.set(selector!.trim(), tokens);
  }
  return rules;
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** Contrast ratio, WCAG 2.2. */
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) =>
    a - b
  );
  return (light! + 0.05) / (dark! + 0.05);
}

/**
 * Both themes, each with its own colours of up and down and with every palette
 * in their place. A system that is light without a choice has the light theme's.
 */
function themesOf(
  base: ReadonlyMap<string, Tokens>,
  palettes: ReadonlyMap<string, Tokens>,
): Map<string, Tokens> {
  const themes = new Map<string, Tokens>();
  const names = new Set(
    [...palettes.keys()].map((selector) =>
      /data-palette="([\w-]+)"/.exec(selector)![1]!
    ),
  );
  const unchosen = base.get(":root:not([data-theme])")!;
  assert.deepEqual(unchosen, base.get('[data-theme="light"]'));
  for (const theme of ["dark", "light"]) {
    const own = [...base].find(([selector]) =>
      selector.includes(`[data-theme="${theme}"]`)
    )![1];
    themes.set(theme, own);
    for (const name of names) {
      const palette = `:root[data-palette="${name}"]`;
      const dark = palettes.get(palette)!;
      const light = palettes.get(`${palette}[data-theme="light"]`)!;
      assert.deepEqual(palettes.get(`${palette}:not([data-theme])`), light);
      const chosen = theme === "dark" ? dark : light;
      themes.set(`${theme}, ${name}`, new Map([...own, ...chosen]));
    }
  }
  return themes;
}

async function rulesOf(path: string): Promise<Map<string, Tokens>> {
  const url = new URL(`../../../static/${path}`, import.meta.url);
  const css = await Deno.readTextFile(url);
  return tokenRules(css.replaceAll(/\/\*.*?\*\/|@media[^{]*\{/gs, ""));
}

const themes = themesOf(
  await rulesOf("app.css"),
  await rulesOf("css/palette.css"),
);

for (const [theme, tokens] of themes) {
  Deno.test(`the colours of the theme ${theme} have the contrast of WCAG 2.2 AA on every surface`, () => {
    const low: string[] = [];
    const check = (name: string, ground: string, least: number) => {
      const [over, under] = [tokens.get(name), tokens.get(ground)];
      assert.ok(
        over !== undefined && under !== undefined,
        `${name}, ${ground}`,
      );
      const ratio = contrast(over, under);
      if (ratio < least) low.push(`${name} on ${ground}: ${ratio.toFixed(2)}`);
    };
    for (const [name, least] of Object.entries(ON_SURFACES)) {
      for (const ground of SURFACES) check(name, ground, least);
    }
    for (const [name, ground] of PAIRS) check(name, ground, TEXT);
    assert.deepEqual(low, []);
  });
}

Deno.test("contrast is 21 between black and white, and 1 of a colour with itself", () => {
  assert.equal(contrast("#000000", "#FFFFFF"), 21);
  assert.equal(contrast("#6B57E6", "#6B57E6"), 1);
});
