import { cloneElement, type ComponentChildren, type VNode } from "preact";
import { Glyph } from "./Glyph.tsx";

/** Attributes that {@link Field} gives to its control. */
type ControlAttributes = {
  id?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: "true";
};

/** A labelled control with help and errors that assistive technology reads with it. */
export function Field(
  { name, label, unit, help, error, warning, children, aside, after }: {
    /** Id of the control; tests find it as `field-<name>` and its error as `error-<name>`. */
    name: string;
    label: ComponentChildren;
    unit?: string;
    help?: ComponentChildren;
    error?: string | null;
    warning?: string | null;
    /** One control: input, select or textarea. */
    children: VNode<ControlAttributes>;
    /** A second way to set the same value, such as a slider. */
    aside?: ComponentChildren;
    /** Something that belongs to the control, behind it in reading order. */
    after?: ComponentChildren;
  },
) {
  const described = [
    help === undefined ? "" : `${name}-help`,
    error ? `${name}-error` : "",
    warning ? `${name}-warning` : "",
  ].filter(Boolean).join(" ");
  const attributes: ControlAttributes = { id: name };
  if (described !== "") attributes["aria-describedby"] = described;
  if (error) attributes["aria-invalid"] = "true";
  return (
    <div class={`field${error ? " field-wrong" : ""}`}>
      <label for={name}>
        {label}
        {unit !== undefined && unit !== "" && (
          <span class="field-unit">{unit}</span>
        )}
      </label>
      <div
        class={aside === undefined || aside === false
          ? "field-control"
          : "field-control field-pair"}
      >
        {aside}
        {cloneElement(children, attributes)}
        {after}
      </div>
      {help !== undefined && (
        <p class="field-help" id={`${name}-help`}>{help}</p>
      )}
      {error && (
        <p
          class="field-error"
          id={`${name}-error`}
          data-testid={`error-${name}`}
        >
          <Glyph name="cross" /> {error}
        </p>
      )}
      {warning && (
        <p
          class="field-warning"
          id={`${name}-warning`}
          data-testid={`warning-${name}`}
        >
          <Glyph name="warn" /> {warning}
        </p>
      )}
    </div>
  );
}
