import type { ComponentChildren } from "preact";

/** A surface with an optional heading and actions beside it. */
export function Card(
  { title, id, actions, children, flush = false }: {
    title?: string;
    /** Id of the heading, for links within the page. */
    id?: string;
    actions?: ComponentChildren;
    /** Content goes to the edges (tables, charts). */
    flush?: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <section
      class={flush ? "card card-flush" : "card"}
      {...(title ? { "aria-label": title } : {})}
    >
      {title !== undefined && (
        <header class="card-head">
          <h2 {...(id === undefined ? {} : { id })}>{title}</h2>
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}

/** A name and its value, one line of a description list. */
export function Fact(
  { name, children }: { name: string; children: ComponentChildren },
) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
