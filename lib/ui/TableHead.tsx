/** The head of a table; a text that begins with # is of a column of numbers. */
export function TableHead({ heads }: { heads: readonly string[] }) {
  return (
    <thead>
      <tr>
        {heads.map((head) => (
          <th
            key={head}
            scope="col"
            class={head.startsWith("#") ? "cell-num" : undefined}
          >
            {head.replace(/^#/, "")}
          </th>
        ))}
      </tr>
    </thead>
  );
}
