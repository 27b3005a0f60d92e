import type {
  BundlePartPreview,
  BundlePreview,
} from "../../contracts/bundle.ts";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import { Button } from "../Button.tsx";
import { Card, Fact } from "../Card.tsx";
import { Banner } from "../Feedback.tsx";
import { Field } from "../Field.tsx";
import { FormError } from "../FormError.tsx";
import { plural } from "../format.ts";
import { TableHead } from "../TableHead.tsx";
import { EvidenceTable } from "./EvidenceTable.tsx";
import {
  fingerprintText,
  settingText,
  settingValue,
  STANDING_WORDS,
} from "./library_words.ts";

/** Settings that differ and are listed at once. */
const CHANGES_SHOWN = 40;

/** What is in a file, before it is taken in. */
export function BundlePreviewCard(
  { preview, text, against, error, refusal }: {
    preview: BundlePreview;
    /** The file, which is sent again to be kept. */
    text: string;
    against: string;
    error: string | null;
    refusal: string | null;
  },
) {
  const { author, standing, knownAs, parts, evidence } = preview;
  const { tone, text: words } = STANDING_WORDS[standing];
  return (
    <Card title={`Bundle: ${preview.title}`} id="bundle">
      <dl class="library-facts" data-testid="bundle-preview">
        <Fact name="Signed by">
          {author.name}
          {knownAs !== null && knownAs !== author.name && ` (${knownAs})`}
        </Fact>
        <Fact name="Fingerprint">
          <code>{fingerprintText(author.fingerprint)}</code>
        </Fact>
        <Fact name="Made">
          {preview.createdAt.slice(0, 10)} with SMC Fleet {preview.program}
        </Fact>
      </dl>
      <Banner tone={tone} testId="bundle-standing">
        The signature fits. {words}
      </Banner>
      <form
        method="post"
        enctype="multipart/form-data"
        class="library-form library-parts"
        data-testid="bundle-import"
      >
        {error !== null && <FormError message={error} />}
        <input type="hidden" name="text" value={text} />
        {parts.map((part, place) => (
          <Part
            key={part.template.name}
            part={part}
            place={place}
            against={against}
          />
        ))}
        <Button
          type="submit"
          kind="primary"
          name="action"
          value="import"
          disabledReason={refusal}
        >
          Keep as {plural(parts.length, "template")} of mine
        </Button>
      </form>
      {evidence.length > 0 && (
        <>
          <h3>What its author says it came to</h3>
          <p class="muted">
            Backtests on past candles with simulated fills. They are no promise
            of what comes; after you have kept it you can run them again here.
          </p>
          <EvidenceTable
            checks={evidence.map((each) => ({
              evidence: each,
              outcome: "not_run",
              backtestId: null,
              detail: null,
            }))}
          />
        </>
      )}
    </Card>
  );
}

function Part(
  { part, place, against }: {
    part: BundlePartPreview;
    place: number;
    against: string;
  },
) {
  const { template, listens, isNameTaken, validation, changes } = part;
  const { config } = template;
  return (
    <section class="library-part" aria-label={template.title}>
      <h3>{template.title}</h3>
      <p>{template.purpose}</p>
      <p class="muted">
        {AGENT_TYPE_WORDS[template.type].title}, {config.symbol}{" "}
        {config.timeframe}, capital {config.risk.initialCapital}, leverage{" "}
        {config.risk.leverage}×, {config.risk.riskPerTradePct}{" "}
        % risk a trade, at most {config.risk.maxDrawdownPct} % drawdown
        {listens.length > 0 && `; listens to ${listens.join(", ")}`}
      </p>
      <Field
        name={`name-${place}`}
        label="Keep under the name"
        error={isNameTaken
          ? "A template of this name is here already: choose another"
          : null}
      >
        <input
          class="input"
          name={`name-${place}`}
          value={template.name}
          maxLength={40}
          required
        />
      </Field>
      <Issues title="Before it can trade" issues={validation.errors} />
      <Issues title="Warnings" issues={validation.warnings} />
      {changes !== null && <Changes changes={changes} against={against} />}
      <details>
        <summary>The whole configuration</summary>
        <pre class="library-json">{JSON.stringify(config, null, 2)}</pre>
      </details>
    </section>
  );
}

function Issues(
  { title, issues }: {
    title: string;
    issues: BundlePartPreview["validation"]["errors"];
  },
) {
  if (issues.length === 0) return null;
  return (
    <div class="library-issues">
      <h4>{title}</h4>
      <ul>
        {issues.map(({ pointer, detail }) => (
          <li key={`${pointer} ${detail}`}>
            {pointer !== "" && `${settingText(pointer)}: `}
            {detail}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Changes(
  { changes, against }: {
    changes: NonNullable<BundlePartPreview["changes"]>;
    against: string;
  },
) {
  if (changes.length === 0) {
    return <p>No setting differs from “{against}”.</p>;
  }
  const rest = changes.length - CHANGES_SHOWN;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Changes">
      <table class="table" data-testid="bundle-changes">
        <caption>
          {plural(changes.length, "setting differs", "settings differ")}{" "}
          from “{against}”
          {rest > 0 && `; the first ${CHANGES_SHOWN} of them`}
        </caption>
        <TableHead heads={["Setting", "There", "In the bundle"]} />
        <tbody>
          {changes.slice(0, CHANGES_SHOWN).map(({ pointer, before, after }) => (
            <tr key={pointer}>
              <th scope="row">{settingText(pointer)}</th>
              <td>{settingValue(before)}</td>
              <td>{settingValue(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
